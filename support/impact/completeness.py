"""What a publication still lacks before it leaves its writer. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from calls.definition.lint_texts import placeholder_in

from .words import SECTIONS

SHORTEST_LEAD = 40  # characters: under this, a lead says nothing


@dataclass(frozen=True)
class Missing:
    """One thing to write or to mend: its field in the form, and a French sentence."""

    field: str
    sentence: str


def missing_in(
    kind: str, *, title: str, lead: str, texts: Mapping[str, str], contacts: Iterable[tuple[str, bool]]
) -> list[Missing]:
    """In the order of the page. `texts`: by code of section; `contacts`: (name, whether the person agreed)."""
    found = [*_lead(lead)]
    for section in SECTIONS[kind]:
        text = texts.get(section.code, "")
        if section.required and not text.strip():
            found.append(Missing(section.code, f"« {section.title} » est à écrire."))
    for field, label, text in [("title", "Le titre", title), ("lead", "Le chapeau", lead), *_titled(kind, texts)]:
        if held := placeholder_in(text):
            found.append(Missing(field, f"{label} contient un texte d’attente : « {held} »."))
    found += [
        Missing("contacts", f"{name} n’a pas encore accepté que ses coordonnées soient publiées.")
        for name, agreed in contacts
        if not agreed
    ]
    return found


def _lead(lead: str) -> list[Missing]:
    if len(lead.strip()) >= SHORTEST_LEAD:
        return []
    return [Missing("lead", "Le chapeau est à écrire : en deux phrases, qui a fait quoi, et pourquoi cela sert.")]


def _titled(kind: str, texts: Mapping[str, str]) -> list[tuple[str, str, str]]:
    return [(section.code, f"« {section.title} »", texts.get(section.code, "")) for section in SECTIONS[kind]]
