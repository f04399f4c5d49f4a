"""The national schemes that an institution finds ready, until it writes rules of its own (`domain.md` §4.4). Pure.

Rates are percents, sums euros. Only what a text says stands here; what varies from one year or one préfecture to the
next is for each institution to write.
"""

from datetime import date
from decimal import Decimal
from typing import Any

STATE = "État"
SINCE = date(2020, 1, 1)
NATIONAL: tuple[dict[str, Any], ...] = (
    {
        "code": "DETR", "name": "Dotation d’équipement des territoires ruraux (DETR)", "funder": STATE,
        "rate": Decimal(80), "public_ceiling": Decimal(80), "advance_rate": Decimal(30),
        "interim_ceiling": Decimal(80), "valid_from": SINCE, "source": "CGCT, art. R. 2334-27 et R. 2334-30",
        "note": "20 % au moins de la dépense éligible hors taxes, sauf si le plafond de 80 % d’aides oblige à moins.",
    },
    {
        "code": "DSIL", "name": "Dotation de soutien à l’investissement local (DSIL)", "funder": STATE,
        "rate": Decimal(80), "public_ceiling": Decimal(80), "advance_rate": Decimal(30),
        "interim_ceiling": Decimal(80), "valid_from": SINCE, "source": "CGCT, art. L. 2334-42 et R. 2334-27",
        "note": "Priorités nationales ; le préfet de région décide. Même formulaire que la DETR.",
    },
    {
        "code": "FNADT", "name": "FNADT et autres subventions d’investissement de l’État", "funder": STATE,
        "rate": Decimal(80), "public_ceiling": Decimal(100), "advance_rate": Decimal(30),
        "interim_ceiling": Decimal(80), "valid_from": SINCE, "source": "décret n° 2018-514, art. 12",
        "note": "Avance de 60 % avec une garantie ; 90 % avant le solde quand l’opération dépasse 48 mois.",
    },
    {
        "code": "FONDS_VERT", "name": "Fonds vert", "funder": STATE, "rate": Decimal(80),
        "public_ceiling": Decimal(80), "advance_rate": Decimal(30), "interim_ceiling": Decimal(80),
        "valid_from": date(2023, 1, 1), "source": "décret n° 2018-514 ; cahier d’accompagnement de la mesure",
        "note": "Le taux dépend de la mesure : 80 % au plus pour la plupart.",
    },
    {
        "code": "PVD_ANAH", "name": "Poste de chef de projet, part de l’Anah", "funder": "Anah", "base": "ttc",
        "rate": Decimal(50), "ceiling": Decimal(40_000), "advance_rate": Decimal(0), "interim_ceiling": Decimal(100),
        "valid_from": date(2020, 10, 1), "valid_to": date(2026, 3, 31),
        "source": "Petites villes de demain, aide au chef de projet",
        "note": "Par an, du coût chargé. Toutes aides réunies : 75 %, 55 000 € au plus avec l’Anah, 45 000 € sans.",
    },
)  # fmt: skip
