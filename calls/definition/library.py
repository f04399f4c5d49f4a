"""The usual sections, pieces and undertakings that a call may take whole: files of `calls/library/`."""

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from calls.definition.blank import unlike
from calls.definition.editing import Raw
from calls.definition.form import Piece, Section, Undertaking
from calls.definition.schema import CallDocument
from calls.definition.tree import parse

FOLDER = Path(__file__).resolve().parents[1] / "library"
MODELS: dict[str, Any] = {"sections": Section, "pieces": Piece, "undertakings": Undertaking}


@lru_cache
def library(name: str) -> tuple[Any, ...]:
    """The usual items of a list; LookupError for a list that has none."""
    model = MODELS[name]
    tree, _ = parse((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    return TypeAdapter(tuple[model, ...]).validate_python(tree.plain()[name])


def taken(document: CallDocument, name: str) -> set[str]:
    """The codes of a list that the call already has."""
    return {item.code for item in getattr(document, name)}


def copy_of(item: Any, document: CallDocument, name: str) -> Raw:
    """The item as plain data, its codes unlike those of the call; its own conditions follow."""
    raw: Raw = item.model_dump(exclude_defaults=True)
    raw["code"] = unlike(item.code, taken(document, name))
    if name == "sections":
        raw["questions"] = list(_renamed(raw["questions"], {question.code for question in document.questions}))
    return raw


def _renamed(questions: Iterable[Raw], known: set[str]) -> Iterable[Raw]:
    new: dict[str, str] = {}
    for question in questions:
        new[question["code"]] = unlike(question["code"], {*known, *new.values()})
        condition = question.get("condition")
        told = {"condition": {**condition, "question": new[condition["question"]]}} if condition else {}
        yield {**question, "code": new[question["code"]], **told}
