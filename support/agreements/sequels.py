"""The texts from which sequels of an agreement start: framework, amendment by kind of change, linked agreement. Pure.

Their fields are those of `MERGE_FIELDS`; staff change them before they are sent.
"""

from collections.abc import Mapping
from typing import Any

FRAMEWORK_MONTHS = 60
FRAMEWORK_HEADING = "Convention-cadre valant opération de revitalisation de territoire"
Text = list[dict[str, Any]]


def article(title: str, *paragraphs: str) -> dict[str, Any]:
    return {"title": title, "paragraphs": list(paragraphs)}


def framework_text() -> Text:
    """The outline of a framework agreement worth ORT (CCH, L303-2): five years at least."""
    return [
        article(
            "Objet de la convention-cadre",
            "La présente convention-cadre précise les ambitions retenues par {communes} pour « {projet} », et "
            "l’appui des partenaires. Elle vaut opération de revitalisation de territoire.",
        ),
        article("Les ambitions du territoire", "Les parties arrêtent les ambitions tirées du diagnostic partagé."),
        article("Les orientations stratégiques", "Les orientations sont déclinées en actions au plan annexé."),
        article(
            "Le plan d’action",
            "Le plan d’action réunit les actions prêtes à être engagées et les projets en maturation. Il évolue par "
            "décision du comité de projet.",
        ),
        article(
            "Les périmètres d’intervention",
            "Le secteur d’intervention comprend les centres de {communes} ; il est annexé.",
        ),
        article(
            "Les modalités d’accompagnement en ingénierie", "Les partenaires apportent l’ingénierie décrite au plan."
        ),
        article(
            "Les engagements des partenaires",
            "Chaque partie s’engage pour les actions dont elle a la maîtrise d’ouvrage ou le financement ; la maquette "
            "financière annexée est tenue à jour chaque année.",
        ),
        article("La gouvernance", "Le comité de projet réunit toutes les parties au moins deux fois par an."),
        article("Le suivi et l’évaluation", "Un bilan est présenté chaque année au comité de projet."),
        article(
            "L’entrée en vigueur, la durée et la publicité",
            "La convention-cadre dure {duree}, du {debut} au {fin}. Elle est rendue publique.",
        ),
        article("L’évolution", "La convention-cadre est modifiée par avenant entre toutes les parties."),
        article("La résiliation", "Elle peut être résiliée d’un commun accord, après avis du comité de projet."),
        article("Le traitement des litiges", "Les litiges relèvent du {tribunal}."),
    ]


def linked_text(object_text: str) -> Text:
    """An agreement that binds some of the laureates and other bodies on one subject."""
    return [
        article("Objet", f"La présente convention engage {{parties}} pour : {object_text}"),
        article("Durée", "Elle dure {duree}, du {debut} au {fin}."),
        article("Engagements des parties", "Chaque partie désigne un correspondant et participe au suivi."),
        article("Suivi", "Les parties font le point au moins une fois par an."),
        article(
            "Modification et résiliation", "Elle est modifiée par avenant et peut être résiliée d’un commun accord."
        ),
        article("Litiges", "Les litiges relèvent du {tribunal}."),
    ]


CHANGES: Mapping[str, tuple[str, str]] = {
    "duration": (
        "Durée",
        "La durée, fixée à {before}, est portée à {{duree}} : la convention court du {{debut}} au {{fin}}.",
    ),
    "amount": ("Montant", "Le montant de l’aide, fixé à {before}, est porté à {{montant}}."),
    "perimeter": ("Périmètre", "La convention, conclue pour {before}, s’applique désormais à {{communes}}."),
    "parties": ("Parties", "La convention, conclue entre {before}, lie désormais {{parties}}."),
    "merger": (
        "Substitution de plein droit",
        (
            "{before} La commune nouvelle est substituée aux anciennes communes dans leurs délibérations et actes ; "
            "les contrats sont exécutés dans les conditions antérieures (code général des collectivités territoriales, "
            "article L2113-5)."
        ),
    ),
}


def amendment_text(change: str, before: str, number: str) -> Text:
    """What changes, from what; the rest stays. `before` is what the agreement said, in words."""
    title, sentence = CHANGES[change]
    return [
        article("Objet", f"Le présent avenant modifie la convention n° {number}."),
        article(title, sentence.format(before=before)),
        article("Autres stipulations", "Les autres stipulations de la convention restent inchangées."),
    ]
