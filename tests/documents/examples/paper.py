"""Example of a paper of a session: the sheet to sign, a draft act in articles."""

from typing import Any

from .common import INSTITUTION, document

SEATS = ("Vice-présidence Santé", "Vice-présidence Environnement", "Maire d’Épretot", "Agence régionale de santé")


def paper() -> dict[str, Any]:
    rows = [[seat, "", "", ""] for seat in SEATS]
    signing = {
        "caption": "Membres à voix délibérative",
        "columns": ["Qualité", "Nom", "Présence", "Signature"],
        "rows": rows,
        "tall": True,
    }
    kept = {
        "caption": "Candidatures retenues",
        "columns": ["N°", "Candidature", "Projet", "Motif"],
        "rows": [["0012", "Cuverville", "Une allée ombragée de l’école au cimetière", "Réponse précise aux besoins."]],
        "tall": False,
    }
    return {
        "document": document("FE-TPS-2027-1", "Feuille d’émargement", "2027-05-05T08:40:00+02:00"),
        "institution": INSTITUTION,
        "lead": [
            "Appel à manifestation d’intérêt « Territoire promoteur de santé », édition 2027",
            "Jury du 5 mai 2027",
        ],
        "facts": [{"label": "Lieu", "value": "Salle du conseil, Le Havre"}],
        "sections": [
            {"title": "Voix délibérative", "paragraphs": [], "table": signing},
            {"title": "Article 1. Candidatures retenues", "paragraphs": ["Sont retenues :"], "table": kept},
            {"title": "Article 2. Exécution", "paragraphs": ["Les communes sont informées."], "table": None},
        ],
        "signatures": [{"title": "Le bureau communautaire", "quality": ""}],
        "note": "Cette feuille est annexée au procès-verbal ; elle n’est pas publiée.",
        "annexes": "",
    }
