"""Filters of French typography; they only wrap `portal.core.typography`. Empty values give an empty text."""

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from typing import Any

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from portal.core import typography as ty

register = template.Library()

_DATE_FORMS: dict[str, Callable[[date | datetime], str]] = {
    "": ty.format_date,
    "weekday": lambda value: ty.format_date(value, weekday=True),
    "short": ty.format_date_short,
    "day": ty.format_day,
    "month": ty.format_month,
    "noyear": lambda value: ty.format_date(value, weekday=True, year=False),
}
_INSTANT_FORMS: dict[str, Callable[[datetime], str]] = {
    "": ty.format_instant,
    "plain": lambda at: ty.format_instant(at, weekday=False),
    "short": lambda at: f"{ty.format_day(at)}, {ty.format_time(at)}",
    "comma": lambda at: f"{ty.format_date(at, weekday=True)}, {ty.format_time(at)}",
    "seconds": lambda at: ty.format_instant(at, seconds=True),
    "legal": ty.format_instant_legal,
}


_BLANK = re.compile(r"\n\s*\n")
_MARKUP = re.compile(r"(<[^>]*>|&[^;\s]+;)")


def _absent(value: Any) -> bool:
    return value is None or value == ""


@register.filter
def fr_date(value: date | datetime | None, form: str = "") -> str:
    """« 31 mars 2026 »; forms: weekday, short (« mar. 31 mars »), day (« 31 mars »), month, noyear."""
    return "" if _absent(value) else _DATE_FORMS[form](value)  # type: ignore[arg-type]


@register.filter
def fr_time(value: datetime | None, form: str = "") -> str:
    """« 23 h 59 »; form: seconds."""
    return "" if _absent(value) else ty.format_time(value, seconds=form == "seconds")  # type: ignore[arg-type]


@register.filter
def fr_instant(value: datetime | None, form: str = "") -> str:
    """« mardi 31 mars 2026 à 23 h 59 »; forms: plain, short (« 12 mars, 16 h 04 »), comma, seconds, legal."""
    return "" if _absent(value) else _INSTANT_FORMS[form](value)  # type: ignore[arg-type]


@register.filter
def fr_ago(value: date | datetime | None, at: datetime) -> str:
    """« aujourd’hui », « hier », « il y a 9 jours »: `{{ seen_at|fr_ago:now }}`."""
    return "" if _absent(value) else ty.format_ago(value, at)  # type: ignore[arg-type]


@register.filter
def fr_left(until: datetime | None, at: datetime) -> str:
    """« 19 jours », « 5 h 12 min »: `{{ call.closes_at|fr_left:now }}`."""
    return "" if _absent(until) else ty.time_left(until, at)  # type: ignore[arg-type]


@register.filter
def fr_number(value: int | Decimal | None, decimals: int | None = None) -> str:
    """« 1 102 », `{{ score|fr_number:2 }}` « 67,38 »."""
    return "" if _absent(value) else ty.format_number(value, decimals=decimals)  # type: ignore[arg-type]


@register.filter
def fr_plain(value: int | Decimal | None) -> str:
    """« 50 » for 50.00, « 0,5 » for 0.50."""
    return "" if _absent(value) else ty.format_plain(value)  # type: ignore[arg-type]


@register.filter
def fr_amount(value: Decimal | None, unit: str = "€") -> str:
    """« 1 250,50 € »; `fr_amount:""` without the unit."""
    return "" if _absent(value) else ty.format_amount(value, unit=unit or None)  # type: ignore[arg-type]


@register.filter
def fr_percent(value: Decimal | None, decimals: int | None = None) -> str:
    """« 31,4 % »."""
    return "" if _absent(value) else ty.format_percent(value, decimals=decimals)  # type: ignore[arg-type]


@register.filter
def fr_size(value: int | None) -> str:
    """« 210 ko »."""
    return "" if _absent(value) else ty.format_size(value)  # type: ignore[arg-type]


@register.filter
def quantity(value: int | Decimal, words: str) -> str:
    """`{{ n|quantity:"pièce" }}` « 5 pièces »; irregular: `quantity:"cheval,chevaux"`."""
    singular, _, plural = words.partition(",")
    return ty.format_quantity(value, singular, plural or None)


@register.filter
def agree(value: int | Decimal, words: str) -> str:
    """The word alone: `{{ n|agree:"déposée,déposées" }}`."""
    singular, _, plural = words.partition(",")
    return ty.choose(value, singular, plural or None)


@register.filter
def typo(value: object) -> SafeString:
    """The French pass over a text that someone typed (label, hint, answer); escapes, then raises « 1er ».

    Of a text that is already markup, only what stands between tags and entities is touched.
    """
    if isinstance(value, SafeString):
        parts = _MARKUP.split(value)
        typeset = "".join(part if i % 2 else ty.typeset(part) for i, part in enumerate(parts))
    else:
        typeset = escape(ty.typeset(str(value)))
    return mark_safe(ty.superscript(typeset))  # noqa: S308 - escaped just before, or safe already


@register.filter
def paragraphs(text: object) -> SafeString:
    """A typed text as markup, with the French pass: a blank line parts paragraphs, lines that begin with « - » are
    the items of a list."""
    drawn = [_block(list(lines), items) for part in _BLANK.split(str(text).strip()) for items, lines in _runs(part)]
    return mark_safe("".join(drawn))  # noqa: S308 - each line is escaped by `typo`


def _runs(part: str) -> Iterator[tuple[bool, Iterator[str]]]:
    """The lines of a paragraph, in turns: those of a text, those of a list."""
    return groupby(part.splitlines(), lambda line: line.lstrip().startswith("- "))


def _block(lines: list[str], items: bool) -> str:
    if items:
        return f"<ul>{''.join(f'<li>{typo(line.lstrip()[2:])}</li>' for line in lines)}</ul>"
    return f"<p>{'<br>'.join(typo(line) for line in lines)}</p>"


@register.filter
def ordinal(number: int, gender: str = "") -> SafeString:
    """« 2e » with a raised « e »; `ordinal:"f"` for « 1re »."""
    text = ty.ordinal(number, feminine=gender == "f")
    digits = text.rstrip("erd")
    return mark_safe(f"{digits}<sup>{text.removeprefix(digits)}</sup>")  # noqa: S308 - digits and letters only
