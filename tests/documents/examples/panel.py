"""The panel of a building site."""

from copy import deepcopy
from typing import Any

from .common import INSTITUTION, document


def panel() -> dict[str, Any]:
    return {
        "document": document(
            "PANNEAU-TPS-2027-0001-A1-2", "Plan de financement du chantier", "2027-09-14T18:00:00+02:00"
        ),
        "institution": deepcopy(INSTITUTION),
        "panel": {
            "heading": "Plan de financement du chantier",
            "owner": "Maître d’ouvrage : Commune d’Étretat",
            "operation": "Une allée ombragée de l’école au cimetière",
            "cost": "Coût total : 86 400,00 € hors taxes",
            "sentence": "Affichage du plan de financement : articles L. 1111-11 et D. 1111-8 du CGCT.",
            "lines": [
                {"name": "État, dotation d’équipement des territoires ruraux", "amount": "40 480,00 €"},
                {"name": "Région Normandie", "amount": "25 920,00 €"},
                {"name": "Commune d’Étretat", "amount": "20 000,00 €"},
            ],
        },
    }
