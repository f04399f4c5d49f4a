"""The map of a territory whose outlines are not known: one hexagon each, in one block per group. Pure.

Blocks follow one another like words on lines: the place says to which group one belongs, never where one lies.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

STEP, ROW, RADIUS = 56, 49, 31  # units between two neighbours, between two rows; from the centre to a corner
HALF = STEP // 2
MARGIN, GAP, LABEL = 30, 28, 36  # around the picture, between blocks, height of a block's name
LETTER = 7.4  # mean width of a letter of a block's name
ACROSS = 10  # hexagons that fit on a line


@dataclass(frozen=True)
class Tile:
    """The centre of one hexagon."""

    code: str
    x: int
    y: int


@dataclass(frozen=True)
class Caption:
    """The name of a block, cut to its width."""

    text: str
    x: int
    y: int


@dataclass(frozen=True)
class Layout:
    tiles: tuple[Tile, ...]
    captions: tuple[Caption, ...]
    width: int
    height: int


def blocks(groups: Sequence[tuple[str, Sequence[str]]], *, across: int = ACROSS) -> Layout:
    """Groups (name, codes in their order) laid from left to right, then down."""
    limit = 2 * MARGIN + (across - 1) * STEP + HALF
    tiles: list[Tile] = []
    captions: list[Caption] = []
    left, top, low, right = MARGIN, LABEL, 0, 0
    for name, codes in groups:
        columns = _columns(len(codes), across)
        rows = math.ceil(len(codes) / columns)
        wide = (columns - 1) * STEP + (HALF if rows > 1 else 0)
        if left > MARGIN and left + wide > limit - MARGIN:
            left, top = MARGIN, low + GAP + LABEL
        for n, code in enumerate(codes):
            row, column = divmod(n, columns)
            tiles.append(Tile(code, left + column * STEP + row % 2 * HALF, top + RADIUS + row * ROW))
        room = max(wide, STEP) + STEP if len(groups) > 1 else limit
        captions.append(Caption(cut(name, int(room / LETTER)), left - HALF, top - 10))
        low = max(low, top + 2 * RADIUS + (rows - 1) * ROW)
        right = max(right, left + wide)
        left += max(wide, STEP) + STEP + GAP
    return Layout(tuple(tiles), tuple(captions), max(right + MARGIN, 5 * STEP), low + 6)


def _columns(count: int, across: int) -> int:
    """A block a little wider than tall, three hexagons at least: its name needs room."""
    return min(across, max(3, math.ceil(math.sqrt(count * 1.4))))


def cut(text: str, most: int) -> str:
    """The text, or its beginning and « … »."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip(' -’')}…"


_SHORT = (("Saintes-", "Stes-"), ("Sainte-", "Ste-"), ("Saints-", "Sts-"), ("Saint-", "St-"))
_ARTICLES = ("Le ", "La ", "Les ", "L’", "L'")


def short_name(name: str) -> str:
    """« Saint-Bonnet-en-Champsaur » → « St-Bonn. »: what a hexagon holds."""
    for word, brief in _SHORT:
        name = name.replace(word, brief)
    article = next((a for a in _ARTICLES if name.startswith(a)), "")
    name = name.removeprefix(article)
    return name if len(name) <= 8 else f"{name[:7].rstrip(' -’')}."
