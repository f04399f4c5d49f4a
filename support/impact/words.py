"""The kinds of publications and their sections, in the order of the page."""

from dataclasses import dataclass

REPORT, TESTIMONY, TOOL, NEWS = "report", "testimony", "tool", "news"
KINDS = [
    (REPORT, "retour d’expérience"),
    (TESTIMONY, "témoignage"),
    (TOOL, "outil"),
    (NEWS, "actualité"),
]


@dataclass(frozen=True)
class Section:
    """One folding section; a required one must be written before the text leaves its writer."""

    code: str
    title: str
    help: str
    required: bool = False


# The structure of a shared experience sheet: `domain.md` §3.9.
_REPORT = (
    Section("origin", "L’origine du projet", "Le besoin, le lieu, qui l’a porté, pourquoi maintenant.", True),
    Section("aims", "Les objectifs", "Ce que la commune voulait obtenir, dit simplement.", True),
    Section("course", "Le déroulé", "Les étapes et leurs dates, ce qui a pris du temps.", True),
    Section("partners", "Les partenaires", "Qui a fait quoi, à quel moment."),
    Section("means", "Les moyens humains et financiers", "Jours passés, coût, qui a payé quoi."),
    Section("results", "Les résultats", "Ce qui a changé, avec des chiffres et leurs dates.", True),
    Section("obstacles", "Les freins et les leviers", "Ce qui a bloqué, ce qui a aidé à passer."),
    Section("advice", "Les conseils à une autre commune", "Ce que vous referiez, ce que vous ne referiez pas.", True),
    Section("outlook", "Et maintenant", "La suite prévue, les dates connues."),
)
_TEXT = (Section("text", "Le texte", "Allez à la ligne pour séparer les paragraphes.", True),)
SECTIONS = {REPORT: _REPORT, TESTIMONY: _TEXT, TOOL: _TEXT, NEWS: _TEXT}

# The sizes of communes that a visitor may look for, in inhabitants: code, label, from, below.
SIZES: dict[str, tuple[str, int, int | None]] = {
    "moins-de-500": ("moins de 500 habitants", 0, 500),
    "500-1999": ("de 500 à 1 999 habitants", 500, 2_000),
    "2000-4999": ("de 2 000 à 4 999 habitants", 2_000, 5_000),
    "5000-19999": ("de 5 000 à 19 999 habitants", 5_000, 20_000),
    "20000": ("20 000 habitants et plus", 20_000, None),
}
# The costs of projects, in euros excluding VAT: code, label, from, below.
COSTS: dict[str, tuple[str, int, int | None]] = {
    "moins-de-50000": ("moins de 50 000 €", 0, 50_000),
    "50000-199999": ("de 50 000 à 199 999 €", 50_000, 200_000),
    "200000-999999": ("de 200 000 à 999 999 €", 200_000, 1_000_000),
    "1000000": ("1 000 000 € et plus", 1_000_000, None),
}


def section_of(kind: str, code: str) -> Section | None:
    return next((section for section in SECTIONS[kind] if section.code == code), None)
