"""Examples of the rules of a call and of its questions."""

from copy import deepcopy
from typing import Any

from .common import CALL, CONTACT, DATA_NOTICE, INSTITUTION, document
from .minutes import CRITERIA


def territory() -> dict[str, Any]:
    """Three communes, two strata."""
    communes = [
        ("Étretat", "76254", "1 102", "1"),
        ("Le Havre", "76351", "166 058", "2"),
        ("Le Tilleul", "76693", "656", "1"),
    ]
    return {
        "count": 3,
        "population": "Population municipale 2023",
        "strata": [
            {"mark": "1", "label": "Moins de 5 000 habitants"},
            {"mark": "2", "label": "5 000 habitants et plus"},
        ],
        "communes": [dict(zip(("name", "insee", "population", "mark"), row, strict=True)) for row in communes],
        "map": {
            "width": 180,
            "height": 120,
            "size": 1.0,
            "summary": "Carte : 3 communes du périmètre ; mêmes valeurs que le tableau des communes.",
            "note": "Chaque hexagone est une commune, à peu près à sa place.",
            "captions": [],
            "shapes": [
                {"short": name[:8], "x": 40 + 56 * i, "y": 60, "path": "", "mark": mark}
                for i, (name, _, _, mark) in enumerate(communes)
            ],
        },
    }


def rules() -> dict[str, Any]:
    return {
        "document": document("REG-TPS-2027", "Règlement de l’appel", "2027-01-15T09:00:00+01:00"),
        "institution": deepcopy(INSTITUTION),
        "call": {
            **CALL,
            "code_prefix": "TPS-2027",
            "summary": "La communauté urbaine accompagne pendant un an des communes qui veulent aménager un espace public favorable à la santé, à la nature et à la rencontre.",
            "version": "Version 1 du 15 janvier 2027",
            "approved_by": "approuvée par la délibération du bureau communautaire n° BU-2026-240 du 10 décembre 2026",
            "closes_at": "2027-03-31T23:59:59+02:00",
        },
        "texts": [
            {"title": "Contexte", "paragraphs": ["L’appel met en œuvre le contrat local de santé 2025-2029, signé avec l’Agence régionale de santé et ses partenaires."]},
            {"title": "Objectifs", "paragraphs": ["Faire émerger des projets d’espace public qui donnent à chacun, quel que soit son âge, l’envie et la possibilité de bouger, de se rencontrer et de profiter de la nature."]},
            {"title": "Accompagnement proposé", "paragraphs": ["Une méthode, un référent, des jours d’expertise et une aide à la recherche de subventions, pendant douze mois. L’appel ne verse aucune somme."]},
        ],
        "calendar": [
            {"label": "Publication", "when": "vendredi 15 janvier 2027"},
            {"label": "Questions", "when": "jusqu’au lundi 1er mars 2027 à 23 h 59"},
            {"label": "Clôture des dépôts", "when": "mercredi 31 mars 2027 à 23 h 59 min 59 s"},
            {"label": "Séance du jury", "when": "mercredi 5 mai 2027"},
        ],
        "eligibility_intro": "Chaque règle est vérifiée à partir des données officielles ou des réponses du dossier ; le résultat est motivé.",
        "eligibility": [
            {"code": "R1", "label": "Commune membre", "sentence": "La commune appartient à la communauté urbaine Le Havre Seine Métropole.", "effect": "Bloquante"},
            {"code": "R2", "label": "Commune de moins de 5 000 habitants", "sentence": "Population municipale 2023, Insee ; 10 points de bonus.", "effect": "Priorité"},
            {"code": "R3", "label": "Espace public communal", "sentence": "Le projet porte sur un espace dont la commune est propriétaire.", "effect": "Bloquante"},
        ],
        "pieces": [
            {"label": "Délibération du conseil municipal", "status": "Oui, ou annoncée pour le 15 mai 2027", "formats": "PDF", "hint": "Ou décision du maire, s’il a délégation."},
            {"label": "Plan de situation", "status": "Oui", "formats": "PDF, JPEG, PNG", "hint": ""},
            {"label": "Photographies", "status": "Oui, de 3 à 10", "formats": "PDF, JPEG, PNG", "hint": ""},
            {"label": "Études existantes", "status": "Facultatif", "formats": "PDF", "hint": ""},
        ],
        "territory": territory(),
        "undertakings": ["Participer à cinq réunions.", "Répondre à l’évaluation.", "Contribuer au retour d’expérience."],
        "criteria": [
            {"code": row["code"], "label": row["label"].capitalize(), "description": "", "points": row["maximum"], "knockout": 8 if row["code"] == "C1" else None,
             "group": "Ce que le lieu change" if row["code"] == "C2" else "", "group_points": 35 if row["code"] == "C2" else None}
            for row in CRITERIA
        ],
        "numeric": True,
        "whole": True,
        "grid_notes": ["Les communes de moins de 5 000 habitants reçoivent 10 points de bonus, dans la limite de 100. Seuil : 50 points. Quatre candidatures au plus sont retenues ; trois forment la liste complémentaire."],
        "levels": [],
        "scale": 100,
        "jury": {
            "paragraphs": ["Le jury délibère si cinq membres à voix délibérative sont présents. En cas de partage, la voix de la présidence est prépondérante. Un membre lié à une candidature se déporte."],
            "seats": [
                {"label": "Vice-présidence chargée de la santé", "college": "Élus communautaires", "voice": "Délibérative, présidence"},
                {"label": "Agence régionale de santé", "college": "Partenaires", "voice": "Délibérative"},
                {"label": "CAUE de la Seine-Maritime", "college": "Experts", "voice": "Consultative"},
            ],
        },
        "contact": CONTACT,
        "data_notice": DATA_NOTICE,
    }  # fmt: skip


def questions() -> dict[str, Any]:
    def question(label: str, kind: str, **more: Any) -> dict[str, Any]:
        return {
            "label": label,
            "kind": kind,
            "required": True,
            "hint": "",
            "limit": "",
            "options": [],
            "columns": [],
            "rows": [],
            "condition": "",
            **more,
        }

    return {
        "document": document("QUE-TPS-2027", "Questions de l’appel", "2027-01-15T09:00:00+01:00"),
        "institution": deepcopy(INSTITUTION),
        "call": {**CALL, "closes_at": "2027-03-31T23:59:59+02:00"},
        "intro": "Vous pouvez préparer vos réponses à plusieurs, puis les recopier en ligne. Ce qui est déjà connu de votre commune (population, intercommunalité) sera rempli pour vous.",
        "sections": [
            {
                "number": 1,
                "title": "Le site",
                "intro": "Décrivez le lieu tel qu’il est aujourd’hui.",
                "questions": [
                    question("Où se trouve le site ?", "Texte court", limit="200 caractères", hint="Adresse ou lieu-dit, tel que les habitants le nomment."),
                    question("Quelle est sa surface ?", "Nombre, en m²", hint="Une estimation suffit."),
                    question("Autres aides", "tableau", columns=["Financeur", "Montant (€)", "État"], rows=["", ""]),
                    question("Qui le fréquente ?", "Plusieurs choix", options=["Enfants", "Familles", "Personnes âgées", "Sportifs"]),
                ],
            },
            {
                "number": 2,
                "title": "Pourquoi ce projet",
                "intro": "",
                "questions": [
                    question("Quels besoins avez-vous observés ?", "Texte long", limit="3 000 caractères"),
                    question("Des accidents ont-ils eu lieu ?", "Texte long", required=False, condition="si le site borde une route"),
                ],
            },
        ],
        "pieces": [{"label": "Délibération du conseil municipal", "status": "Oui, ou annoncée"}, {"label": "Plan de situation", "status": "Oui"}],
        "undertakings": ["Participer aux réunions de l’accompagnement", "Accepter les visites sur place"],
    }  # fmt: skip
