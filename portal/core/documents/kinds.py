"""What each kind of document is called in public; a letter's outcome is never part of it."""

KINDS = {
    "receipt": "Accusé de dépôt",
    "minutes": "Procès-verbal de jury",
    "notice": "Lettre de notification",
    "agreement": "Convention d’accompagnement",
    "rules": "Règlement de l’appel",
    "questions": "Questions de l’appel",
}


def kind_label(kind: str) -> str:
    """The public name of a kind: `notice_selected` is a letter like the two others."""
    return KINDS.get(kind) or KINDS.get(kind.partition("_")[0], "Document")
