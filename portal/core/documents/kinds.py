"""What each kind of document is called in public; a letter's outcome is never part of it."""

KINDS = {
    "receipt": "Accusé de dépôt",
    "file": "Dossier de candidature",
    "minutes": "Procès-verbal de jury",
    "notice": "Lettre de notification",
    "agreement": "Convention d’accompagnement",
    "report": "Bilan de l’accompagnement",
    "meeting": "Compte rendu de réunion",
    "roadmap": "Feuille de route",
    "panel": "Panneau de chantier",
    "plate": "Plaque",
    "rules": "Règlement de l’appel",
    "paper": "Document d’une séance de jury",
    "erratum": "Erratum d’un procès-verbal",
    "questions": "Questions de l’appel",
}


def kind_label(kind: str) -> str:
    """The public name of a kind, the app's name apart: `applications.notice_selected` is a letter like the others."""
    name = kind.rpartition(".")[2]
    return KINDS.get(name.partition("_")[0], "Document")
