"""Two colours of an institution → the variables of its theme, safely. Pure.

The institution gives *brand* and *light*; everything else is computed in OKLCH (hue kept), so that text stays
readable whatever was chosen. Contrasts are those of the WCAG formula. State colours (draft, deposited, error…) never
follow the institution.
"""

import base64
import hashlib
import math
import re
from dataclasses import dataclass

WHITE = "#FFFFFF"
INK = "#16211F"
ERROR = "#A11A2B"
DEPOSIT = "#12482B"
DEFAULT_BRAND = "#0C4F5C"
DEFAULT_LIGHT = "#F5B841"

PREFERRED = 7.0
FLOOR = 4.5
_STEP = 0.004
_HEX = re.compile(r"#?([0-9a-fA-F]{6})")


@dataclass(frozen=True)
class Theme:
    """Colours ready for use. ``problems`` forbid the pair; ``warnings`` advise; ``changes`` say what was corrected."""

    brand: str
    brand_deep: str
    brand_tint: str
    brand_mid: str
    brand_line: str
    lit: str
    lit_tint: str
    problems: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()


class InvalidColour(ValueError):
    """The text is no colour of six hexadecimal digits."""


# --- colour arithmetic -------------------------------------------------------------------------------------------


def parse_colour(text: str) -> tuple[float, float, float]:
    """Linear sRGB in 0..1 from ``#RRGGBB``; raises InvalidColour with a French sentence."""
    found = _HEX.fullmatch(text.strip())
    if not found:
        raise InvalidColour("Écrivez une couleur de six chiffres hexadécimaux, par exemple #0C4F5C.")
    return _linear(found[1])


def contrast(first: str, second: str) -> float:
    """WCAG contrast of two colours, 1 to 21."""
    low, high = sorted((_luminance(first), _luminance(second)))
    return (high + 0.05) / (low + 0.05)


def oklch(colour: str) -> tuple[float, float, float]:
    """Lightness 0..1, chroma, hue in degrees 0..360."""
    red, green, blue = parse_colour(colour)
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    medium = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    lightness = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    return lightness, math.hypot(a, b), math.degrees(math.atan2(b, a)) % 360


def from_oklch(lightness: float, chroma: float, hue: float) -> str:
    """``#RRGGBB``; the chroma is lowered until the colour exists on a screen."""
    while chroma > 0 and not _displayable(_to_linear(lightness, chroma, hue)):
        chroma -= _STEP / 2
    channels = (_encode(channel) for channel in _to_linear(lightness, max(chroma, 0), hue))
    return "#" + "".join(f"{channel:02X}" for channel in channels)


def hue_gap(first: str, second: str) -> float:
    """Degrees between two hues, 0 to 180; 180 when one of them is a grey, which has no hue."""
    (_, chroma1, hue1), (_, chroma2, hue2) = oklch(first), oklch(second)
    if min(chroma1, chroma2) < 0.02:
        return 180.0
    gap = abs(hue1 - hue2) % 360
    return min(gap, 360 - gap)


def _linear(digits: str) -> tuple[float, float, float]:
    red, green, blue = (int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4))
    return _decode(red), _decode(green), _decode(blue)


def _decode(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def _encode(value: float) -> int:
    value = min(max(value, 0.0), 1.0)
    shown = value * 12.92 if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055
    return round(shown * 255)


def _luminance(colour: str) -> float:
    red, green, blue = parse_colour(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _to_linear(lightness: float, chroma: float, hue: float) -> tuple[float, float, float]:
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def _displayable(channels: tuple[float, float, float]) -> bool:
    return all(-0.0005 <= channel <= 1.0005 for channel in channels)


# --- the rules of the theme --------------------------------------------------------------------------------------


def make_theme(brand: str, light: str, *, minimum: float = PREFERRED) -> Theme:
    """The theme of a pair. ``minimum``: contrast of the brand with white, 7, or 4.5 if the person insists."""
    if minimum < FLOOR:
        raise ValueError("contrast under 4.5")
    asked_brand, asked_light = _tidy(brand), _tidy(light)
    brand, lit = _safe_brand(asked_brand, minimum), _safe_light(asked_light)
    lightness, chroma, hue = oklch(brand)
    return Theme(
        brand=brand,
        brand_deep=from_oklch(max(lightness - 0.10, 0.08), chroma, hue),
        brand_tint=_tint(brand),
        brand_mid=from_oklch(0.585, chroma, hue),
        brand_line=from_oklch(0.78, chroma * 0.6, hue),
        lit=lit,
        lit_tint=_lit_tint(lit),
        problems=_problems(brand, lit),
        warnings=_warnings(brand, lit),
        changes=_changes(asked_brand, brand, asked_light, lit),
    )


def theme_css(theme: Theme) -> str:
    """The one style block of the page head; its exact text is hashed for the CSP."""
    pairs = (
        ("brand", theme.brand),
        ("brand-deep", theme.brand_deep),
        ("brand-tint", theme.brand_tint),
        ("brand-mid", theme.brand_mid),
        ("brand-line", theme.brand_line),
        ("lit", theme.lit),
        ("lit-tint", theme.lit_tint),
    )
    return ":root{" + ";".join(f"--{name}:{value}" for name, value in pairs) + "}"


def csp_hash(css: str) -> str:
    """« 'sha256-…' » for ``style-src``."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()}'"


def _tidy(colour: str) -> str:
    parse_colour(colour)
    return "#" + colour.strip().removeprefix("#").upper()


def _safe_brand(brand: str, minimum: float) -> str:
    lightness, chroma, hue = oklch(brand)
    while contrast(brand, WHITE) < minimum:
        lightness -= _STEP
        brand = from_oklch(lightness, chroma, hue)
    return brand


def _safe_light(light: str) -> str:
    lightness, chroma, hue = oklch(light)
    bounded = min(max(lightness, 0.70), 0.88)
    result = light if bounded == lightness else from_oklch(bounded, chroma, hue)
    while contrast(INK, result) < FLOOR:
        bounded += _STEP
        result = from_oklch(bounded, chroma, hue)
    return result


def _tint(brand: str) -> str:
    _, chroma, hue = oklch(brand)
    lightness = 0.94
    tint = from_oklch(lightness, min(chroma, 0.014), hue)
    while contrast(brand, tint) < FLOOR and lightness < 0.995:
        lightness += _STEP
        tint = from_oklch(lightness, min(chroma, 0.010), hue)
    return tint


def _lit_tint(lit: str) -> str:
    _, chroma, hue = oklch(lit)
    return from_oklch(0.955, min(chroma, 0.045), hue)


def _problems(brand: str, lit: str) -> tuple[str, ...]:
    found = []
    if hue_gap(brand, lit) < 40 and abs(oklch(brand)[0] - oklch(lit)[0]) < 0.30:
        found.append(
            "La marque et la lumière se confondent\u00a0: prenez une lumière d’une autre teinte ou plus claire."
        )
    if hue_gap(brand, "#000091") < 12 and hue_gap(lit, "#E1000F") < 12:
        found.append("Bleu et rouge ensemble rappellent le bloc de l’État\u00a0: changez l’une des deux couleurs.")
    return tuple(found)


def _warnings(brand: str, lit: str) -> tuple[str, ...]:
    found = []
    for colour, meaning in ((ERROR, "un refus ou une erreur"), (DEPOSIT, "une candidature déposée")):
        if hue_gap(brand, colour) < 20:
            proposal = _turned(brand, colour)
            found.append(f"Cette marque ressemble à la couleur qui signale {meaning}. Essayez {proposal}.")
    if contrast(INK, lit) < PREFERRED:
        found.append("Le texte reste lisible sur cette lumière, mais une lumière plus claire serait plus confortable.")
    return tuple(found)


def _turned(brand: str, away_from: str) -> str:
    lightness, chroma, hue = oklch(brand)
    side = 1 if (hue - oklch(away_from)[2]) % 360 < 180 else -1
    turned = brand
    while hue_gap(turned, away_from) < 20:
        hue += side * 2
        turned = from_oklch(lightness, chroma, hue)
    return turned


def _changes(asked_brand: str, brand: str, asked_light: str, lit: str) -> tuple[str, ...]:
    found = []
    if brand != asked_brand:
        found.append(f"La marque {asked_brand} a été assombrie en {brand} pour rester lisible sur blanc.")
    if lit != asked_light:
        found.append(f"La lumière {asked_light} a été ajustée en {lit} pour porter un texte sombre.")
    return tuple(found)
