"""The outline of an agreement made text: merge fields from a closed list. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from calls.definition.follow_up import MERGE_FIELDS, merge, merge_fields


class OutlineError(Exception):
    """The outline cannot be filled; the message says which field and where, in French."""


@dataclass(frozen=True)
class Article:
    """One article as the call writes it."""

    title: str
    paragraphs: tuple[str, ...]


def filled(articles: Iterable[Article], values: Mapping[str, str]) -> list[dict[str, Any]]:
    """The articles numbered from 1, their fields replaced; lines that begin with « - » become points.

    Raises `OutlineError` for a field outside the list or without value.
    """
    return [article_block(number, article, values) for number, article in enumerate(articles, 1)]


def article_block(number: int, article: Article, values: Mapping[str, str]) -> dict[str, Any]:
    """Paragraphs, then points (lines that begin with « - », without their final stop), then what follows them."""
    texts = [replaced(paragraph, values, article.title) for paragraph in article.paragraphs]
    lines = [line for text in texts for line in text.split("\n")]
    first = next((n for n, line in enumerate(lines) if line.startswith("- ")), len(lines))
    points = [line.removeprefix("- ").rstrip(" .;\u202f\u00a0") for line in lines[first:] if line.startswith("- ")]
    return {
        "number": number,
        "title": article.title,
        "paragraphs": lines[:first],
        "points": points,
        "after": [line for line in lines[first:] if not line.startswith("- ")],
        "table": None,
    }


def contracted(body: str) -> str:
    """« le bureau communautaire » → « du bureau communautaire »; « la commission » → « de la commission »."""
    if body.startswith("le "):
        return f"du {body.removeprefix('le ')}"
    if body.startswith("les "):
        return f"des {body.removeprefix('les ')}"
    return f"de {body}" if body.startswith(("la ", "l’")) else f"du {body}"


def replaced(text: str, values: Mapping[str, str], where: str) -> str:
    """One text with its fields replaced."""
    for name in merge_fields(text):
        if name not in MERGE_FIELDS:
            raise OutlineError(f"« {where} » emploie le champ {{{name}}}, qui n’existe pas.")
        if not values.get(name):
            raise OutlineError(f"« {where} » emploie le champ {{{name}}} ({MERGE_FIELDS[name]}), qui n’est pas connu.")
    return merge(text, dict(values))
