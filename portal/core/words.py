"""Numbers and amounts in words, as acts write them beside the figures. Pure."""

from decimal import ROUND_HALF_UP, Decimal

from portal.core.typography import choose

_UNITS = (
    "zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze", "treize",
    "quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf",
)  # fmt: skip
_TENS = {20: "vingt", 30: "trente", 40: "quarante", 50: "cinquante", 60: "soixante", 80: "quatre-vingt"}


def number_in_words(number: int, *, feminine: bool = False) -> str:
    """« quatre-vingt-dix-sept mille deux cents »: traditional spelling, 0 to 999 999 999."""
    if not 0 <= number < 10**9:
        raise ValueError(f"number out of range: {number}")
    millions, rest = divmod(number, 10**6)
    thousands, units = divmod(rest, 1000)
    words = []
    if millions:
        words.append(f"{_below_thousand(millions)} {'million' if millions == 1 else 'millions'}")
    if thousands:
        words.append("mille" if thousands == 1 else f"{_below_thousand(thousands, last=False)} mille")
    if units or not words:
        words.append(_below_thousand(units))
    text = " ".join(words)
    return f"{text}e" if feminine and (text == "un" or text.endswith((" un", "-un"))) else text


def amount_in_words(value: Decimal) -> str:
    """« mille deux cent cinquante euros et cinquante centimes », as an act writes an amount."""
    cents = int((Decimal(value) * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))
    euros, cents = divmod(cents, 100)
    link = " d’" if euros and euros % 10**6 == 0 else " "
    text = f"{number_in_words(euros)}{link}{choose(euros, 'euro')}"
    return f"{text} et {number_in_words(cents)} {choose(cents, 'centime')}" if cents else text


def _below_hundred(number: int, *, last: bool) -> str:
    if number < 20:
        return _UNITS[number]
    tens = number // 10 * 10
    if tens in (70, 90):
        tens -= 10
    unit = number - tens
    if unit == 0:
        return "quatre-vingts" if tens == 80 and last else _TENS[tens]
    joint = " et " if unit in (1, 11) and tens != 80 else "-"
    return f"{_TENS[tens]}{joint}{_UNITS[unit]}"


def _below_thousand(number: int, *, last: bool = True) -> str:
    hundreds, rest = divmod(number, 100)
    if not hundreds:
        return _below_hundred(rest, last=last)
    head = "cent" if hundreds == 1 else f"{_UNITS[hundreds]} cent"
    if rest:
        return f"{head} {_below_hundred(rest, last=last)}"
    return f"{head}s" if hundreds > 1 and last else head
