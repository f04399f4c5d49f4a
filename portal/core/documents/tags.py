"""Tags and filters of the documents' templates; a snapshot is JSON, so dates and numbers come in as text."""

import re
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from portal.core import typography
from portal.core.words import number_in_words

from . import figures, logos
from .errors import DocumentError

register = template.Library()
HEX_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


@register.filter
def colour(value: str) -> SafeString:
    """A colour of the institution, `#rrggbb` and nothing else: it enters a style sheet."""
    if not isinstance(value, str) or not HEX_COLOUR.fullmatch(value):
        raise DocumentError("Couleur de l’organisme illisible : six chiffres hexadécimaux attendus.")
    return mark_safe(value)  # noqa: S308


@register.simple_tag
def logo(source: str, name: str) -> SafeString:
    """The logo of an organisation in a box of 38 × 15 mm, never stretched; its bytes are in the page."""
    image = logos.read_logo(source)
    return format_html(
        '<img class="logo" src="{}" alt="Logo : {}" style="width: {}mm; height: {}mm">',
        image.address,
        name,
        *image.fitted(38, 15),
    )


@register.filter
def instant(value: str) -> str:
    """« mardi 30 mars 2027 à 16 h 42 min 08 s »."""
    return typography.format_instant(datetime.fromisoformat(value), seconds=True)


@register.filter
def limit(value: str) -> str:
    """« mercredi 31 mars 2027 à 23 h 59 min 59 s, heure de Paris »."""
    return f"{instant(value)}, {typography.PARIS_LABEL}"


@register.filter
def zone(value: str) -> str:
    """« heure de Paris (UTC + 2) »."""
    return typography.zone_label(datetime.fromisoformat(value))


@register.filter
def iso(value: str) -> str:
    """« 2027-03-30T14:42:08Z »."""
    return typography.format_iso(datetime.fromisoformat(value))


@register.filter
def day(value: str) -> str:
    """« 1er juin 2027 », from a date or an instant (in Paris)."""
    return typography.format_date(_date_or_instant(value))


@register.filter
def weekday(value: str) -> str:
    """« mardi 1er juin 2027 », from a date or an instant (in Paris)."""
    return typography.format_date(_date_or_instant(value), weekday=True)


def _date_or_instant(value: str) -> date | datetime:
    return date.fromisoformat(value) if len(value) == 10 else datetime.fromisoformat(value)


@register.filter
def clock(value: str | None) -> str:
    """« 9 h 31 » from "09:31" or an instant; a dash when there is none."""
    if not value:
        return "–"
    moment = time.fromisoformat(value) if len(value) <= 8 else datetime.fromisoformat(value)
    return typography.format_time(moment)


@register.filter
def decimal(value: str | int | None, places: int = 2) -> str:
    """« 89,40 » from "89.4"; a dash when there is none."""
    return "–" if value in (None, "") else typography.format_number(Decimal(str(value)), decimals=places)


@register.filter
def number(value: int | str) -> str:
    """« 1 102 »."""
    return typography.format_number(Decimal(str(value)))


@register.filter
def siren(value: str) -> str:
    """« 217 601 178 »."""
    return typography.format_siren(value)


@register.filter
def filesize(value: int) -> str:
    """« 412 ko »."""
    return typography.format_size(value)


@register.filter
def fingerprint(value: str) -> SafeString:
    """A SHA-256 as two lines of four groups of eight digits."""
    if not re.fullmatch(r"[0-9a-f]{64}", value):
        raise DocumentError("Empreinte illisible : 64 chiffres hexadécimaux attendus.")
    groups = [value[i : i + 8] for i in range(0, 64, 8)]
    return format_html("{}<br>{}", " ".join(groups[:4]), " ".join(groups[4:]))


@register.filter
def printed_address(url: str) -> SafeString:
    """« ami.exemple.fr/verifier/… »: an address as it is printed, broken after a slash only."""
    parts = url.partition("://")[2].rstrip("/").split("/")
    return format_html_join(mark_safe("/<wbr>"), '<span class="once">{}</span>', ((part,) for part in parts))


@register.filter
def enumerate_fr(names: list[str]) -> str:
    """« Bénouville, Étainhus et Le Tilleul »."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} et {names[-1]}"


@register.filter
def plural(count: int, words: str) -> str:
    """`{{ 3|plural:"retenue,retenues" }}` → « 3 retenues »."""
    singular, many = words.split(",")
    return typography.format_quantity(count, singular, many)


@register.simple_tag
def bars(rows: list[dict[str, Any]], threshold: str | None, maximum: str, colour1: str) -> SafeString:
    """The figure of the scores: one bar a file, see `figures.bar_charts`."""
    return figures.bar_charts(rows, threshold=threshold, maximum=maximum, colour=str(colour(colour1)))


@register.simple_tag
def map_of(drawing: dict[str, Any], colour1: str) -> SafeString:
    """The map of the communes, see `figures.territory_map`."""
    return figures.territory_map(drawing, colour=str(colour(colour1)))


@register.simple_tag
def check_sum(total: int, *parts: int) -> str:
    """Prints nothing; refuses the document when the parts do not add up to the total."""
    if total != sum(parts):
        raise DocumentError(f"Document incohérent : {' + '.join(map(str, parts))} ne font pas {total}.")
    return ""


@register.simple_tag
def check_at_least(value: int, least: int, what: str) -> str:
    """Prints nothing; refuses the document when `value` is under `least`."""
    if value < least:
        raise DocumentError(f"Document incohérent : {what}, {value} pour {least} requis.")
    return ""


@register.simple_tag
def check_points(scale: int, criteria: list[dict[str, Any]]) -> str:
    """Prints nothing; refuses the document when the criteria's points do not make the scale."""
    return check_sum(scale, *(criterion["points"] or 0 for criterion in criteria))


@register.filter
def rank(value: int) -> str:
    """« premier », « deuxième », « 11e »: the rank in a sentence."""
    words = (
        "premier",
        "deuxième",
        "troisième",
        "quatrième",
        "cinquième",
        "sixième",
        "septième",
        "huitième",
        "neuvième",
    )
    return words[value - 1] if value <= len(words) else typography.ordinal(value)


@register.filter
def spelled(value: int) -> str:
    """« deux », « douze »; digits past sixteen."""
    return number_in_words(value) if value <= 16 else typography.format_number(value)


@register.filter
def numeric_columns(rows: list[list[str]]) -> set[int]:
    """The columns that hold numbers only (the first one names the row): they are aligned on the right."""
    numbers = re.compile(r"[-–−\d][\d\s,]*(?:\s[€%])?")
    return {i for i in range(1, len(rows[0])) if all(numbers.fullmatch(row[i]) for row in rows)}


@register.simple_tag
def signature_height(parties: list[dict[str, Any]], witnesses: list[dict[str, Any]]) -> int:
    """Height in mm of a signature box: 44, less when the page must hold more boxes with the last article."""
    boxes = len(parties) + len(witnesses)
    return 44 if boxes <= 5 else 40 if boxes == 6 else 36 if boxes <= 8 else 34 if boxes == 9 else 32
