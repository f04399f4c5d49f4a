"""Example of a receipt."""

from copy import deepcopy
from typing import Any

from .common import CALL, CONTACT, DATA_NOTICE, INSTITUTION, document


def receipt() -> dict[str, Any]:
    labels = [
        ("Formulaire de candidature, 10 rubriques", "reponses-TPS-2027-0012-1.json", 61_240),
        ("Délibération du conseil municipal de Saint-Gilles-de-la-Neuville", "deliberation-2027-11.pdf", 402_113),
        ("Lettre d’engagement et désignation de l’élu référent", "lettre-engagement.pdf", 188_400),
        ("Plan de situation", "plan de situation (1).pdf", 1_912_000),
        ("Périmètre du projet", "perimetre.geojson", 12_800),
        ("Photographies du site (5 vues)", "photos-allee.pdf", 5_130_000),
    ]
    pieces = [
        {"label": label, "filename": name, "size": size, "sha256": f"{i + 1:x}a5f09c7" * 8, "attached": i == 0}
        for i, (label, name, size) in enumerate(labels)
    ]
    return {
        "document": document("AD-TPS-2027-0012-1", "Accusé de dépôt", "2027-03-29T18:07:31.250000+02:00"),
        "institution": deepcopy(INSTITUTION),
        "call": {**CALL, "closes_at": "2027-03-31T23:59:59+02:00"},
        "application": {
            "number": "TPS-2027-0012",
            "deposited_at": "2027-03-29T18:07:31.250000+02:00",
            "version": 1,
            "project_title": "Une allée ombragée de l’école au cimetière",
            "place": [{"label": "Étape", "value": "Dossier"}, {"label": "Volet", "value": "Places et chemins"}],
            "deposited_by": "Le Maire de Saint-Gilles-de-la-Neuville, représentant légal, après confirmation par lien personnel",
            "rules_version": "Version 1 du 15 janvier 2027",
            "lead": {"name": "Commune de Saint-Gilles-de-la-Neuville", "siren": "217605864"},
            "co_applicants": [
                {"name": "Commune des Trois-Pierres", "kind": "", "siren": "217607142"},
                {"name": "Commune de Gommerville", "kind": "", "siren": "217603034"},
                {"name": "Le Havre Seine Métropole", "kind": "intercommunalité", "siren": "200084952"},
            ],
            "co_applicants_label": "Co-candidats",
        },
        "pieces": pieces,
        "promised": [
            {"label": "Délibération du conseil municipal des Trois-Pierres", "due_at": "2027-05-15T23:59:59+02:00"}
        ],
        "explanations": [
            {
                "sentence": "Moins de 500\u00a0habitants\u00a0: non, 666\u00a0habitants, population municipale 2023, Insee",
                "paragraphs": ["Le bourg n’en compte que 412.", "Les autres vivent dans neuf hameaux."],
            }
        ],
        "calendar": [
            {
                "label": "Examen de la recevabilité, demande éventuelle de compléments",
                "when": "au plus tard le 20 avril 2027",
            },
            {"label": "Séance du jury", "when": "mercredi 5 mai 2027"},
            {"label": "Décision du bureau communautaire", "when": "jeudi 27 mai 2027"},
            {"label": "Notification à toutes les communes candidates", "when": "à compter du 1er juin 2027"},
        ],
        "contact": CONTACT,
        "public_notice": "",
        "data_notice": DATA_NOTICE,
    }


def receipt_elsewhere() -> dict[str, Any]:
    """The same file received on paper and entered by the service."""
    shown = receipt()
    shown["document"] = document("AD-TPS-2027-0012-1", "Accusé d’enregistrement", "2027-04-12T10:12:00+02:00")
    shown["outside"] = {
        "words": "sur papier le 29 mars 2027 à 16 h 30",
        "entered_at": "2027-04-12T10:12:00+02:00",
        "entered_by": "Camille Exemple",
        "reference": "C-2027-118",
        "proof": {"filename": "enveloppe.pdf", "size": 214_000, "sha256": "9a5f09c7" * 8},
    }
    return shown
