"""Example of a record of the support: the minutes of a steering committee."""

from copy import deepcopy
from typing import Any

from .common import INSTITUTION, document


def record() -> dict[str, Any]:
    return {
        "document": document("CR-TPS-2027-0001-1", "Compte rendu", "2027-09-14T18:00:00+02:00"),
        "institution": deepcopy(INSTITUTION),
        "record": {
            "overline": "Territoire promoteur de santé, édition 2027",
            "title": "Compte rendu du comité de pilotage",
            "subject": "Une allée ombragée de l’école au cimetière, commune d’Étretat",
            "facts": [
                {"label": "Date", "value": "mardi 14 septembre 2027 à 14 h 00"},
                {"label": "Lieu", "value": "Salle polyvalente"},
            ],
        },
        "sections": [
            {
                "title": "Présences",
                "paragraphs": [],
                "points": [],
                "table": {
                    "caption": "Personnes présentes, excusées et absentes",
                    "columns": ["Fonction", "Organisme", "Présence"],
                    "rows": [["Le maire", "Commune", "présent"], ["La référente", "Communauté urbaine", "présent"]],
                },
            },
            {
                "title": "Décisions",
                "paragraphs": ["Le scénario B est retenu."],
                "points": ["Consulter le Département.", "Chiffrer les cheminements."],
                "table": None,
            },
        ],
    }
