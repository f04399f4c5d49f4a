# ruff: noqa: ISC004  texts are kept whole
"""Examples of the four letters; reasons and scores are those of the minutes."""

from copy import deepcopy
from typing import Any

from .common import CALL, INSTITUTION, document
from .minutes import CRITERIA, REASONS, SCORES


def _letter(number: str, commune_lines: list[str], salutation: str, enclosures: list[str]) -> dict[str, Any]:
    institution = {
        **deepcopy(INSTITUTION),
        "service_lines": ["Le Président", "Direction Résilience des territoires", "Service Santé"],
    }
    return {
        "document": document(f"NOT-{number}", "Lettre de notification", "2027-06-01T10:00:00+02:00"),
        "institution": institution,
        "call": deepcopy(CALL),
        "letter": {
            "handled_by": "Service Santé",
            "phone": "02 35 00 00 00",
            "email": "ami-sante@lehavre.exemple.fr",
            "application_number": number,
            "enclosures": enclosures,
            "address_lines": [salutation, *commune_lines],
            "place_and_date": "Le Havre, le 1er juin 2027",
            "salutation": salutation,
            "signature_lines": ["Pour le Président et par délégation,", "la Vice-Présidente chargée de la santé"],
            "signatory_name": "",
            "copies": ["Monsieur le Sous-Préfet du Havre"],
        },
        "text": [],
        "decision": {
            "act": "délibération n° BU-2027-131 du 27 mai 2027",
            "body": "le bureau communautaire",
            "jury_on": "2027-05-05",
        },
        "derogations": [
            "Terrain communal\u00a0: non, d’après la réponse de la commune. Dérogation accordée le 12\u00a0avril\u00a02027 par la "
            "chargée de mission, gestion de l’appel\u00a0: l’acquisition est engagée"
        ],
        "recourse": {
            "authority_address": "Monsieur le Président de la communauté urbaine, 1, place de l’Exemple, 76600 Le Havre",
            "court": "tribunal administratif de Rouen",
            "court_address": "53, avenue Gustave-Flaubert, 76000 Rouen",
            "inhabitants_word": "moins de",
            "electronic": False,
            "overseas": False,
            "counsel_version": "2027-01",
        },
    }


def notice_selected() -> dict[str, Any]:
    snapshot = _letter(
        "TPS-2027-0012",
        ["MAIRIE DE SAINT-GILLES-DE-LA-NEUVILLE", "76430 SAINT-GILLES-DE-LA-NEUVILLE"],
        "Monsieur le Maire",
        ["projet de convention", "délibération"],
    )
    return {
        **snapshot,
        "project_title": "Une allée ombragée de l’école au cimetière",
        "co_applicants_text": " avec les communes des Trois-Pierres et de Gommerville",
        "rank_sentence": "Elle est classée première sur dix, avec 91,30 points sur 100.",
        "reason": REASONS["0012"],
        "support": [
            "La communauté urbaine vous apportera pendant douze mois, à compter du 1er juillet 2027, une méthode, un "
            "référent, 30 jours d’expertise et une aide à la recherche de subventions. Cet accompagnement en nature ne "
            "comporte aucun versement."
        ],
        "conditions": [
            {
                "text": "la délibération du conseil municipal des Trois-Pierres, annoncée lors du dépôt, est transmise",
                "due": "2027-06-15",
                "otherwise": "",
            },
            {
                "text": "la convention jointe est signée par les quatre parties, chaque conseil municipal l’ayant autorisée",
                "due": "2027-06-30",
                "otherwise": "Passé ce délai, la place peut être proposée à la première commune de la liste complémentaire.",
            },
        ],
        "kickoff": "La réunion de lancement vous est proposée le jeudi 8 juillet 2027 à 14 h 30, en mairie de Saint-Gilles-de-la-Neuville.",
        "embargo_on": "2027-06-03",
    }


def notice_reserve() -> dict[str, Any]:
    snapshot = _letter("TPS-2027-0005", ["MAIRIE D’ÉPOUVILLE", "76133 ÉPOUVILLE"], "Madame le Maire", ["délibération"])
    return {
        **snapshot,
        "rank": 1,
        "reserve_size": 3,
        "reason": REASONS["0005"],
        "ranking": "",
        "score": "77.90",
        "threshold": "50",
        "last_selected_score": "81.30",
        "scale": "100",
        "answer_days": 15,
        "valid_until": "2027-12-31",
        "confirm_by": "2027-06-15",
        "sign_by": "2027-06-30",
        "offers": [
            "Le Service Santé vous présentera volontiers l’analyse de votre dossier et les aides ouvertes aux projets d’espace public."
        ],
    }


def notice_not_selected() -> dict[str, Any]:
    snapshot = _letter(
        "TPS-2027-0002", ["MAIRIE DE MONTIVILLIERS", "76290 MONTIVILLIERS"], "Monsieur le Maire", ["délibération"]
    )
    snapshot["recourse"] |= {"inhabitants_word": "au moins", "electronic": True}
    *scores, _, total, _ = SCORES["0002"]
    rows = [
        {"label": criterion["label"].capitalize(), "score": score, "maximum": criterion["maximum"]}
        for criterion, score in zip(CRITERIA, scores, strict=True)
    ]
    return {
        **snapshot,
        "reasons": ["Le besoin d’ingénierie est moindre au regard des services dont dispose la commune (5,20 sur 15)."],
        "standing": "Avec 65,00 points, votre dossier vient après les sept dossiers classés : le quatrième et dernier retenu "
        "a obtenu 81,30, le dernier de la liste complémentaire 73,30.",
        "offers": [
            "Le jury a souligné la qualité du volet consacré à la santé et à l’accessibilité (18,10 sur 25). Le Service "
            "Santé vous propose un entretien d’une heure avant le 15 juillet 2027 pour étudier d’autres soutiens. Votre "
            "dossier reste disponible et pourra servir à une prochaine édition."
        ],
        "scores": [*rows, {"label": "Bonus (communes de moins de 5 000 habitants)", "score": None, "maximum": 10}],
        "total": total,
        "scale": "100",
    }


def notice_inadmissible() -> dict[str, Any]:
    snapshot = _letter("TPS-2027-0008", ["MAIRIE DE FONGUEUSEMARE", "76280 FONGUEUSEMARE"], "Madame le Maire", [])
    snapshot["decision"] |= {"act": "décision n° DEC-2027-44 du 22 avril 2027", "body": "la communauté urbaine"}
    return {
        **snapshot,
        "reasons": ["Les travaux ont commencé avant le dépôt (article 4.5 du règlement)."],
        "unmet": [
            "Moins de 5\u202f000\u00a0habitants\u00a0: non, 5\u202f143\u00a0habitants, population municipale 2023, Insee"
        ],
        "offers": ["Le Service Santé reste à votre disposition pour préparer un autre projet avec vous."],
    }
