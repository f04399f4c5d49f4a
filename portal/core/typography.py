"""French typography: numbers, amounts, dates, instants, time left, and the pass over prose.

Pure functions shared by screens, mails and documents. U+202F (narrow no-break space) groups thousands and stands
before ``; ! ?`` and inside « »; U+00A0 (no-break space) stands before ``:``, units and inside dates and hours.
Results are plain text, never HTML: escape them as any text, then ``superscript`` may raise « 1er ».
Instants must be aware; they are shown in Paris time unless another zone is given.
"""

import re
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

NBSP = "\u00a0"
NNBSP = "\u202f"
MINUS = "\u2212"
PARIS = ZoneInfo("Europe/Paris")
PARIS_LABEL = "heure de Paris"

MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")

# --- numbers -----------------------------------------------------------------------------------------------------


def format_number(value: int | Decimal, *, decimals: int | None = None) -> str:
    """« 1 102 », « 67,38 », « −3 ». ``decimals`` rounds half up; without it the value is written as it is."""
    number = Decimal(value)
    if decimals is not None:
        number = number.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    whole, _, fraction = f"{abs(number):f}".partition(".")
    grouped = f"{int(whole):,}".replace(",", NNBSP)
    text = f"{grouped},{fraction}" if fraction else grouped
    return f"{MINUS}{text}" if number < 0 else text


def format_plain(value: int | Decimal) -> str:
    """« 50 » for the stored 50.00, « 67,5 » for 67.50: for people to read; scores keep their two decimals elsewhere."""
    whole, _, fraction = format_number(value).partition(",")
    fraction = fraction.rstrip("0")
    return f"{whole},{fraction}" if fraction else whole


def format_amount(value: int | Decimal, *, unit: str | None = "€") -> str:
    """« 1 250,50 € », always with two decimals; ``unit=None`` for columns whose caption carries the unit."""
    text = format_number(value, decimals=2)
    return f"{text}{NBSP}{unit}" if unit else text


def format_percent(value: int | Decimal, *, decimals: int | None = None) -> str:
    """« 31,4 % » for ``Decimal("31.4")`` (the value is already a percentage)."""
    return f"{format_number(value, decimals=decimals)}{NBSP}%"


def format_quantity(value: int | Decimal, singular: str, plural: str | None = None) -> str:
    """« 1 pièce », « 5 pièces », « 0 pièce »: French takes the plural from 2 on. ``plural`` defaults to ``+ s``."""
    return f"{format_number(value)}{NBSP}{choose(value, singular, plural)}"


def choose(value: int | Decimal, singular: str, plural: str | None = None) -> str:
    """The word that agrees with ``value``, without the number."""
    return singular if abs(Decimal(value)) < 2 else (plural if plural is not None else f"{singular}s")


def format_size(octets: int) -> str:
    """« 340 o », « 210 ko », « 3,1 Mo »: powers of ten, as file managers write them."""
    if octets < 1000:
        return f"{octets}{NBSP}o"
    if octets < 999_500:
        return f"{format_number(Decimal(octets) / 1000, decimals=0)}{NBSP}ko"
    return f"{format_number(Decimal(octets) / 1_000_000, decimals=1)}{NBSP}Mo"


def ordinal(number: int, *, feminine: bool = False) -> str:
    """« 1er », « 1re », « 2e »; pass it to ``superscript`` where markup is allowed."""
    if number == 1:
        return "1re" if feminine else "1er"
    return f"{number}e"


# --- dates and instants ------------------------------------------------------------------------------------------


def localize(at: datetime, zone: ZoneInfo = PARIS) -> datetime:
    """The instant as read on a wall clock of ``zone``; a naive instant is refused."""
    if at.tzinfo is None:
        raise ValueError("naive datetime")
    return at.astimezone(zone)


def as_date(value: date | datetime, zone: ZoneInfo = PARIS) -> date:
    return localize(value, zone).date() if isinstance(value, datetime) else value


def format_day(value: date | datetime, *, zone: ZoneInfo = PARIS) -> str:
    """« 31 mars », « 1er juin »."""
    day = as_date(value, zone)
    number = "1er" if day.day == 1 else str(day.day)
    return f"{number}{NBSP}{MONTHS[day.month - 1]}"


def format_date(value: date | datetime, *, weekday: bool = False, year: bool = True, zone: ZoneInfo = PARIS) -> str:
    """« 31 mars 2026 »; with ``weekday`` « mardi 31 mars 2026 »."""
    day = as_date(value, zone)
    text = f"{format_day(day)}{NBSP}{day.year}" if year else format_day(day)
    return f"{WEEKDAYS[day.weekday()]} {text}" if weekday else text


def format_date_short(value: date | datetime, *, year: bool = False, zone: ZoneInfo = PARIS) -> str:
    """« mar. 31 mars », for calendars and tables."""
    day = as_date(value, zone)
    return f"{WEEKDAYS[day.weekday()][:3]}.{NBSP}{format_date(day, year=year)}"


def format_month(value: date | datetime, *, zone: ZoneInfo = PARIS) -> str:
    """« juin 2026 »."""
    day = as_date(value, zone)
    return f"{MONTHS[day.month - 1]}{NBSP}{day.year}"


def format_time(value: time | datetime, *, seconds: bool = False, zone: ZoneInfo = PARIS) -> str:
    """« 23 h 59 », « 9 h 00 »; with ``seconds`` « 16 h 04 min 27 s »."""
    clock = localize(value, zone).time() if isinstance(value, datetime) else value
    text = f"{clock.hour}{NBSP}h{NBSP}{clock.minute:02d}"
    return f"{text}{NBSP}min{NBSP}{clock.second:02d}{NBSP}s" if seconds else text


def format_instant(
    at: datetime, *, weekday: bool = True, year: bool = True, seconds: bool = False, zone: ZoneInfo = PARIS
) -> str:
    """« mardi 31 mars 2026 à 23 h 59 » (the zone is said by ``zone_label`` beside it)."""
    day = format_date(at, weekday=weekday, year=year, zone=zone)
    return f"{day} à {format_time(at, seconds=seconds, zone=zone)}"


def format_instant_legal(at: datetime, *, zone: ZoneInfo = PARIS, label: str = PARIS_LABEL) -> str:
    """« mardi 30 mars 2027 à 16 h 42 min 08 s, heure de Paris (UTC + 2) »: the form for receipts and minutes."""
    return f"{format_instant(at, seconds=True, zone=zone)}, {zone_label(at, zone=zone, label=label)}"


def zone_label(at: datetime, *, zone: ZoneInfo = PARIS, label: str = PARIS_LABEL) -> str:
    """« heure de Paris (UTC + 2) »; the offset is that of the instant (+ 1 in winter)."""
    offset = localize(at, zone).utcoffset() or timedelta()
    minutes = int(offset.total_seconds()) // 60
    sign = "+" if minutes >= 0 else MINUS
    hours, rest = divmod(abs(minutes), 60)
    text = f"{hours}{NBSP}h{NBSP}{rest:02d}" if rest else str(hours)
    return f"{label} (UTC{NBSP}{sign}{NBSP}{text})"


def format_iso(at: datetime) -> str:
    """« 2026-03-12T15:04:27Z », for machines and for the ISO line of documents."""
    return localize(at, ZoneInfo("UTC")).strftime("%Y-%m-%dT%H:%M:%SZ")


# --- time left and lateness --------------------------------------------------------------------------------------

_TWO_DAYS = timedelta(hours=48)


def time_left(until: datetime, at: datetime, *, zone: ZoneInfo = PARIS) -> str:
    """What is left before ``until``: « 19 jours » from 48 h up, then « 5 h 12 min », « 12 min »; never overstated.

    Empty once ``until`` is past. Days are days of the wall clock, so that a clock change never takes one away.
    """
    left = until - at
    if left < timedelta():
        return ""
    if left >= _TWO_DAYS:
        wall = localize(until, zone).replace(tzinfo=None) - localize(at, zone).replace(tzinfo=None)
        return format_quantity(max(2, wall.days), "jour")
    hours, rest = divmod(int(left.total_seconds()), 3600)
    minutes = rest // 60
    if hours:
        return f"{hours}{NBSP}h{NBSP}{minutes:02d}{NBSP}min"
    return f"{minutes}{NBSP}min" if minutes else "moins d’une minute"


def sentence_left(until: datetime, at: datetime, *, zone: ZoneInfo = PARIS) -> str:
    """« Il reste 19 jours »; empty once ``until`` is past."""
    left = time_left(until, at, zone=zone)
    return f"Il reste {left}" if left else ""


def late_label(due: date | datetime, at: datetime, *, zone: ZoneInfo = PARIS) -> str:
    """« En retard de 3 jours », counted in calendar days; empty when ``due`` is not past (a date lasts all day)."""
    past = due < at if isinstance(due, datetime) else due < as_date(at, zone)
    if not past:
        return ""
    days = (as_date(at, zone) - as_date(due, zone)).days
    if days == 0:
        return "En retard depuis aujourd’hui"
    return "En retard d’un jour" if days == 1 else f"En retard de {format_quantity(days, 'jour')}"


def format_ago(value: date | datetime, at: datetime, *, zone: ZoneInfo = PARIS) -> str:
    """« aujourd’hui », « hier », « il y a 9 jours », then the date past 30 days; dates to come give the date."""
    days = (as_date(at, zone) - as_date(value, zone)).days
    if days == 0:
        return "aujourd’hui"
    if days == 1:
        return "hier"
    if 1 < days <= 30:
        return f"il y a {format_quantity(days, 'jour')}"
    return format_date(value, zone=zone)


# --- places ------------------------------------------------------------------------------------------------------

# Article type of the official geographic code ("typeLiaison"): preposition « de », preposition « à », article to drop.
_PLACE_LINKS = {
    0: ("de ", "à ", ""),
    1: ("d’", "à ", ""),
    2: ("du ", "au ", "Le "),
    3: ("de ", "à ", ""),
    4: ("des ", "aux ", "Les "),
    5: ("de ", "à ", ""),
    6: ("des ", "aux ", "Aux "),
    7: ("de ", "à ", ""),
    8: ("de ", "à ", ""),
}


def place_of(name: str, link: int) -> str:
    """« d’Étretat », « du Tilleul », « de La Cerlangue », « des Trois-Pierres »: the official article type decides."""
    return _linked(name, link, 0)


def place_at(name: str, link: int) -> str:
    """« à Étretat », « au Havre », « à La Cerlangue », « aux Trois-Pierres »."""
    return _linked(name, link, 1)


def _linked(name: str, link: int, which: int) -> str:
    entry = _PLACE_LINKS[link]
    typographic = name.replace("'", "’")
    article = entry[2]
    return f"{entry[which]}{typographic.removeprefix(article) if article else typographic}"


# --- prose -------------------------------------------------------------------------------------------------------

_SPACE = f"[ {NBSP}{NNBSP}]"
_UNIT = (
    "%|€|k€|M€|‰|°C|m²|m³|km²|km|cm|mm|m|ha|kg|g|h|min|s|o|ko|Mo|Go|ans?|mois|jours?|semaines?|heures?|minutes?"
    "|points?|voix|habitants?|hab\\.|pages?|euros?"
)
_PROSE = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"(?<=\w)'", "’"),
        (r"\.\.\.", "…"),
        (rf"«{_SPACE}*", f"«{NNBSP}"),
        (rf"{_SPACE}*»", f"{NNBSP}»"),
        (rf"{_SPACE}+([;!?])", rf"{NNBSP}\1"),
        (r"(?<=[\w»)’…%€])([;!?])(?=\s|$)", rf"{NNBSP}\1"),
        (rf"{_SPACE}+:", f"{NBSP}:"),
        (r"(?<=[\w»)’%€]):(?=\s|$)", f"{NBSP}:"),
        (rf"(?<=\d){_SPACE}(?=(?:{_UNIT})(?!\w))", NBSP),
        (rf"(?<=\d{NBSP}h){_SPACE}(?=\d)", NBSP),
        (rf"(?<=\d{NBSP}min){_SPACE}(?=\d)", NBSP),
        (rf"\b(\d{{1,2}}|1er){_SPACE}(?=(?:{'|'.join(MONTHS)})\b)", rf"\1{NBSP}"),
        (rf"\b((?:{'|'.join(MONTHS)})){_SPACE}(?=\d{{4}}\b)", rf"\1{NBSP}"),
        (rf"\b([Nn]°|[Aa]rticles?|[Aa]rt\.|[Pp]ages?|p\.|M\.|Mme|MM\.|Mmes){_SPACE}(?=\S)", rf"\1{NBSP}"),
    )
)


def typeset(text: str) -> str:
    """The French pass over a plain text (never over markup): spaces of punctuation, units, dates, apostrophes.

    Idempotent. It never groups digits: a code is no number, thousands come from ``format_number``.
    """
    for pattern, replacement in _PROSE:
        text = pattern.sub(replacement, text)
    return text


_RAISED = re.compile(r"\b(1)(er|re)\b|\b(\d+)(e)(?=\s(?:sur|rang|édition|place|session|séance|phase)\b)")


def superscript(escaped: str) -> str:
    """Raises « 1er », « 1re », « 2e rang » in an already escaped text; a fingerprint such as « 7e64 » is left alone."""
    return _RAISED.sub(lambda m: f"{m[1] or m[3]}<sup>{m[2] or m[4]}</sup>", escaped)


def masked(address: str) -> str:
    """« m•••@exemple.fr »: enough of a mail address to recognise it, not to write to it."""
    local, _, domain = address.partition("@")
    return f"{local[:1]}•••@{domain}"
