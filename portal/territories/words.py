"""Names of territories as they are written on screen. Pure."""

KIND_LABELS = {
    "CC": "Communauté de communes",
    "CA": "Communauté d’agglomération",
    "CU": "Communauté urbaine",
}


def intercommunality_name(kind: str, name: str) -> str:
    """« Communauté de communes du Pays de l’Arbresle »; a métropole bears its name alone."""
    label = KIND_LABELS.get(kind)
    return f"{label} {name}" if label else name


def department_label(code: str, name: str) -> str:
    """« Hautes-Alpes (05) »."""
    return f"{name} ({code})"
