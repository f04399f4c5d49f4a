"""Example of an applicant's copy of its file, not deposited yet."""

from copy import deepcopy
from typing import Any

from applications.content.blocks import Block, GridBlock, Note
from applications.documents.copy import document_block
from portal.territories.maps.sites import SiteDrawing

from .common import CALL, CONTACT, INSTITUTION, document

SITE = Block(
    "",
    (("Adresse", "Allée de l’école"),),
    (GridBlock("Parcelles", ("Section", "Numéro"), (("AB", "112"), ("AB", "113"))),),
    (),
    SiteDrawing(600, 420, "M24 24l552 60-40 312-480-90z", ((300, 200),), (180, 126)),
    ("76605",),
)
OPERATION = Block(
    "Opération 1 : L’allée",
    (("Maître d’ouvrage", "Commune"), ("Coût hors taxes", "16 250,00 €")),
    (
        GridBlock(
            "Ressources de l’opération 1",
            ("Financeur", "Montant"),
            (("Région", "13 000,00 €"), ("Commune", "3 250,00 €")),
            ("Total", "16 250,00 €"),
            (1,),
        ),
    ),
    (
        Note("ok", "Le plan est équilibré."),
        Note("wait", "Part du maître d’ouvrage : pas de minimum.", "CGCT, art. L. 1111-10, III"),
        Note("no", "Aides publiques : 500 € de trop.", "Règlement de l’appel"),
        Note("info", "80 % d’aides publiques."),
    ),
)


def draft_file() -> dict[str, Any]:
    def answer(label: str, *paragraphs: str, **more: Any) -> dict[str, Any]:
        blank = {"items": [], "head": [], "rows": [], "blocks": []}
        return {"label": label, "paragraphs": list(paragraphs), **blank, **more}

    return {
        "document": document("PRJ-3F2A9C1B0D4E5F60", "Projet de candidature", "2027-03-12T14:05:00+01:00"),
        "institution": deepcopy(INSTITUTION),
        "call": {**CALL, "closes_at": "2027-03-31T23:59:59+02:00"},
        "applicant": {"name": "Commune de Saint-Gilles-de-la-Neuville", "siren": "217605864"},
        "co_applicants": ["Commune des Trois-Pierres", "Commune de Gommerville"],
        "deposit": None,
        "project_title": "Une allée ombragée de l’école au cimetière",
        "sections": [
            {
                "number": 1,
                "title": "La commune et le lieu",
                "answers": [
                    answer(
                        "Quel est le lieu ?",
                        "L’allée qui va de l’école au cimetière, sur 180 mètres.",
                        "Elle longe la mairie.",
                    ),
                    answer("Qui le fréquente ?", items=["Enfants", "Personnes âgées"]),
                    answer("Qui l’entretient ?"),
                    answer("Où est-il exactement ?", blocks=[document_block(SITE)]),
                ],
            },
            {
                "number": 2,
                "title": "Le coût",
                "answers": [
                    answer(
                        "Quelles dépenses prévoyez-vous ?",
                        head=["Nature", "Montant hors taxes"],
                        rows=[["Plantations", "12 400,00 €"], ["Assises", "3 850,00 €"]],
                    ),
                    answer("Qui paie ?", blocks=[document_block(OPERATION)]),
                ],
            },
        ],
        "pieces": [
            {
                "label": "Lettre d’engagement",
                "files": [{"name": "lettre.pdf", "size": 188_400, "sha256": "5a" * 32}],
                "state": "",
            },
            {"label": "Délibération du conseil municipal", "files": [], "state": "promise pour le 15 mai 2027"},
            {"label": "Plan de situation", "files": [], "state": "à joindre"},
        ],
        "undertakings": ["La commune s’engage à entretenir le lieu pendant cinq ans."],
        "explanations": [
            {
                "sentence": "Coût, 60\u202f000\u00a0€ au plus\u00a0: non, 72\u202f000\u00a0€",
                "paragraphs": ["Le mur menace."],
            },
            {"sentence": "Candidature commune demandée\u00a0: non, ici 1\u00a0candidat", "paragraphs": []},
        ],
        "contact": CONTACT,
        "content_sha256": "0" * 64,
    }
