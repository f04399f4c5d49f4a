"""What pydantic says, as French sentences that tell what to write."""

import re
from collections.abc import Callable
from difflib import get_close_matches
from typing import Any

# What to write for a key that is missing, where an example helps.
EXAMPLES = {
    "format": "1",
    "title": "Territoire promoteur de santé",
    "slug": "territoire-promoteur-de-sante-2027",
    "code_prefix": "TPS",
    "edition": "2027",
    "siren": "200084952",
    "opens_at": "2027-01-15 09:00:00",
    "closes_at": "2027-03-31 23:59:59",
    "when": "2027-05-05 09:00:00",
    "at": "09:00",
    "days": "-7",
    "code": "C1",
    "points": "25",
    "mode": "numeric",
    "quorum": "5",
    "months": "12",
    "first_month": "1",
    "last_month": "4",
    "phone": "02 35 00 00 00",
    "hours": "du lundi au vendredi, 9 h à 17 h",
    "mail": "ami@exemple.fr",
    "dpo_mail": "dpd@exemple.fr",
    "year": "2023",
    "max": "3",
    "minutes": "20",
}
_GROUPS = {"programme", "owner", "contact", "support", "perimeter", "grid", "decision", "court", "data_notice"}
_LISTS = {
    "windows", "eligibility", "sections", "questions", "seats", "articles", "paragraphs", "codes", "kinds", "terms",
}  # fmt: skip


def french(error: Any, known: Callable[[], list[str]]) -> str:
    """The sentence for one pydantic error; `known` lists the keys that the schema admits at that place."""
    say = _SENTENCES.get(error["type"])
    return say(error, known) if say else f"valeur non admise ({error['type']})."


def _missing(error: Any, _known: Callable[[], list[str]]) -> str:
    key = error["loc"][-1]
    if key in _GROUPS:
        return f"« {key} » manque : ajoutez la ligne « {key}: » et ses clés en retrait dessous."
    if key in _LISTS:
        return f"« {key} » manque : ajoutez la ligne « {key}: » et au moins une ligne « - » en retrait dessous."
    return f"« {key} » manque : écrivez par exemple « {key}: {EXAMPLES.get(key, '…')} »."


def _unknown_key(error: Any, known: Callable[[], list[str]]) -> str:
    key, names = str(error["loc"][-1]), known()
    close = get_close_matches(key, names, n=1)
    hint = f"écrivez « {close[0]} »." if close else f"les clés admises ici sont {_enumerate(names)}."
    return f"« {key} » n’est pas connu : {hint}"


def _wrong_choice(error: Any, _known: Callable[[], list[str]]) -> str:
    context = error["ctx"]
    names = re.findall(r"'([^']*)'", context.get("expected") or context["expected_tags"])
    given = context.get("tag", error["input"])
    written = f"« {given} »" if isinstance(given, str) else "cette valeur"
    return f"{written} n’est pas admis : écrivez {_enumerate(names, 'ou')}."


def _no_kind(_error: Any, _known: Callable[[], list[str]]) -> str:
    return "« kind » manque : écrivez de quelle sorte il s’agit, par exemple « kind: population »."


def _group(_error: Any, _known: Callable[[], list[str]]) -> str:
    return "un groupe de clés est attendu ici, en retrait sous la clé."


def _list(_error: Any, _known: Callable[[], list[str]]) -> str:
    return "une liste est attendue ici : une ligne par élément, qui commence par « - »."


def _too_short(error: Any, _known: Callable[[], list[str]]) -> str:
    return f"il en faut au moins {error['ctx']['min_length']} : ajoutez une ligne qui commence par « - »."


def _too_long(error: Any, _known: Callable[[], list[str]]) -> str:
    limit = error["ctx"]["max_length"]
    return f"ce texte est trop long, {len(error['input'])} caractères : {limit} au plus."


def _too_small(error: Any, _known: Callable[[], list[str]]) -> str:
    return f"{error['input']} est trop petit : écrivez {error['ctx']['ge']} au moins."


def _too_big(error: Any, _known: Callable[[], list[str]]) -> str:
    return f"{error['input']} est trop grand : écrivez {error['ctx']['le']} au plus."


def _own_words(error: Any, _known: Callable[[], list[str]]) -> str:
    return str(error["ctx"]["message"])


def _enumerate(names: list[str], link: str = "et") -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {link} {names[-1]}"


_SENTENCES: dict[str, Callable[[Any, Callable[[], list[str]]], str]] = {
    "call": _own_words,
    "missing": _missing,
    "extra_forbidden": _unknown_key,
    "literal_error": _wrong_choice,
    "union_tag_invalid": _wrong_choice,
    "union_tag_not_found": _no_kind,
    "model_type": _group,
    "model_attributes_type": _group,
    "dict_type": _group,
    "tuple_type": _list,
    "too_short": _too_short,
    "string_too_long": _too_long,
    "too_long": _too_long,
    "greater_than_equal": _too_small,
    "less_than_equal": _too_big,
}
