"""Advice on what the texts of a call say: forgotten words, wrong weekdays, durations and rates told otherwise.

`said`: every text of the call with its path, read once for all.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from calls.definition.schema import CallDocument
from calls.definition.tree import Path, Problem
from calls.definition.values import Part
from portal.core.typography import MONTHS, WEEKDAYS, format_plain, format_quantity
from portal.core.words import number_in_words

Advice = Iterator[Problem]
Texts = Sequence[tuple[Path, str]]
_GAP = "[ \u00a0\u202f]+"


def texts(document: CallDocument) -> Iterator[tuple[Path, str]]:
    """Every text that somebody reads, with its path."""
    yield from _texts(document, ())


_SILENT = frozenset(
    {"code", "kind", "question", "equals", "one_of", "includes", "slug", "mail", "siren", "url", "file"}
)


def _texts(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Part):
        for name in type(value).model_fields:
            if name not in _SILENT:
                yield from _texts(getattr(value, name), (*path, name))
    elif isinstance(value, tuple):
        for rank, item in enumerate(value):
            yield from _texts(item, (*path, rank))


# --- forgotten texts ---------------------------------------------------------------------------------------------

_PLACEHOLDERS = re.compile(
    r"lorem ipsum|\btodo\b|\bfixme\b|\btbd\b|\bxx+\b|\?\?+|\[[^\]]*\]|\((?:ajouter|insérer|à compléter|à préciser|lien)"
    r"[^)]*\)|\bà compléter\b|\bà préciser ultérieurement\b|descriptive text here|…{2,}|_{3,}",
    re.IGNORECASE,
)


def placeholder_in(text: str) -> str:
    """What looks like a text to be written later, as it stands; empty when there is none."""
    match = _PLACEHOLDERS.search(text)
    return match[0] if match else ""


def placeholders(document: CallDocument, said: Texts) -> Advice:
    for path, text in said:
        if found := placeholder_in(text):
            yield Problem(f"« {found} » semble un texte d’attente : remplacez-le ou retirez-le.", path)


def models(document: CallDocument) -> Advice:
    for rank, download in enumerate(document.documents):
        if download.kind == "model" and download.file is None:
            yield Problem(
                "ce modèle est annoncé sans fichier : écrivez son nom, par exemple « file: modele.docx ».",
                ("documents", rank),
            )


# --- days of the week --------------------------------------------------------------------------------------------

_DATED = re.compile(
    rf"\b({'|'.join(WEEKDAYS)})[ \u00a0\u202f]+(1er|[0-9]{{1,2}})[ \u00a0\u202f]+({'|'.join(MONTHS)})"
    rf"(?:[ \u00a0\u202f]+([0-9]{{4}}))?",
    re.IGNORECASE,
)


def weekdays(document: CallDocument, said: Texts) -> Advice:
    years = sorted({document.opens_at.year, document.closes_at.year, *(m.when.day.year for m in document.calendar)})
    for path, text in said:
        for match in _DATED.finditer(text):
            weekday, number, month, year = match.groups()
            day = int(number.removesuffix("er"))
            real = [_weekday(int(y), MONTHS.index(month.lower()) + 1, day) for y in ([year] if year else years)]
            if weekday.lower() not in real:
                found = " ou ".join(dict.fromkeys(name for name in real if name)) or "un jour qui n’existe pas"
                yield Problem(f"« {match[0]} » : ce jour est {_article(found)}.", path)


def _weekday(year: int, month: int, day: int) -> str:
    try:
        return WEEKDAYS[date(year, month, day).weekday()]
    except ValueError:
        return ""


def _article(weekday: str) -> str:
    return weekday if weekday.startswith("un ") else f"un {weekday}"


# --- durations and rates -----------------------------------------------------------------------------------------

_COUNTS = {number_in_words(number): number for number in range(1, 61)}
_COUNT = rf"(?:[0-9]{{1,3}}|{'|'.join(sorted(_COUNTS, key=len, reverse=True))})"
_SPAN = rf"(?:(?P<least>{_COUNT}){_GAP}(?:à|et){_GAP})?(?P<most>{_COUNT}){_GAP}(?P<unit>mois|ans?|années?)"
_SUPPORT_LASTS = (
    re.compile(rf"\b{_SPAN}{_GAP}d’(?:accompagnement|appui)\b", re.IGNORECASE),
    re.compile(rf"\baccompagnement{_GAP}(?:dure|pendant|durant|de|sur){_GAP}(?:de{_GAP})?{_SPAN}\b", re.IGNORECASE),
)


def durations(document: CallDocument, said: Texts) -> Advice:
    """A text that gives the support more or less months than `support.months`."""
    least, most = document.support.months, document.support.longest
    if least is None or most is None:
        return
    for path, text in said:
        for match in (found for pattern in _SUPPORT_LASTS for found in pattern.finditer(text)):
            if not all(least <= months <= most for months in _months(match)):
                lasts = format_quantity(most, "mois", "mois")
                lasts = lasts if least == most else f"de {least} à {lasts}"
                yield Problem(
                    f"« {match[0]} » : l’accompagnement dure {lasts} (support › months) ; dites partout la même durée.",
                    path,
                )


def _months(match: re.Match[str]) -> list[int]:
    factor = 1 if match["unit"].lower() == "mois" else 12
    said = [count.lower() for count in (match["least"], match["most"]) if count]
    return [factor * (int(count) if count.isdecimal() else _COUNTS[count]) for count in said]


_SENTENCES = re.compile(r"(?<=[.!?;])\s+|\n+")
_BOUNDED = re.compile(r"jusqu’à|au plus|maxim|plafon|dans la limite|au moins|dépasse", re.IGNORECASE)


def rates(document: CallDocument, said: Texts) -> Advice:
    """A rate with a ceiling is a maximum: a text that gives it as due promises too much."""
    grants = document.money.grants if document.money else ()
    ceilings = {format_plain(grant.rate): grant.ceiling for grant in grants if grant.ceiling is not None}
    for path, text in said:
        for sentence in _SENTENCES.split(text):
            for rate, ceiling in ceilings.items():
                if re.search(rf"(?<![0-9,]){rate}{_GAP}%", sentence) and not _BOUNDED.search(sentence):
                    yield Problem(
                        f"« {rate} % » est dit comme un dû, mais l’aide a un plafond : écrivez par exemple "
                        f"« {rate} % au plus, dans la limite de {format_plain(ceiling)} € ».",
                        path,
                    )
