"""An answer of several parts as people read it: facts, tables, remarks. Pure; the same on screen, in a PDF, frozen."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from portal.core.typography import NBSP
from portal.territories.maps.sites import SiteDrawing

NoteState = Literal["ok", "no", "wait", "info"]


@dataclass(frozen=True)
class GridBlock:
    """A small table. `foot`: its totals, cell by cell; `figures`: the ranks of its columns of numbers."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    foot: tuple[str, ...] = ()
    figures: tuple[int, ...] = ()

    @property
    def lines(self) -> list[list[tuple[str, bool]]]:
        """Each row as (text, whether it is a number)."""
        return [self._line(row) for row in self.rows]

    @property
    def totals(self) -> list[tuple[str, bool]]:
        return self._line(self.foot)

    @property
    def heads(self) -> list[tuple[str, bool]]:
        return self._line(self.head)

    def _line(self, row: tuple[str, ...]) -> list[tuple[str, bool]]:
        return [(cell, n in self.figures) for n, cell in enumerate(row)]


@dataclass(frozen=True)
class Note:
    """A remark: kept (`ok`), not kept (`no`), hanging on somebody (`wait`), or said for information."""

    state: NoteState
    text: str
    source: str = ""


@dataclass(frozen=True)
class Block:
    """One part of an answer. `drawing`: an outline; `codes`: the communes that a map shows."""

    title: str
    facts: tuple[tuple[str, str], ...] = ()
    grids: tuple[GridBlock, ...] = ()
    notes: tuple[Note, ...] = ()
    drawing: SiteDrawing | None = None
    codes: tuple[str, ...] = ()


def in_full(blocks: Sequence[Block]) -> str:
    """Every word of it, line by line, where a plain text must do."""
    return "\n".join(line for block in blocks for line in _lines(block))


def _lines(block: Block) -> Iterator[str]:
    if block.title:
        yield block.title
    yield from (f"{label}{NBSP}: {text}" for label, text in block.facts)
    for grid in block.grids:
        yield grid.caption
        yield from (" ; ".join(cell for cell in row if cell) for row in grid.rows)


def frozen_block(block: Block) -> dict[str, Any]:
    """Plain data, for what is kept for ever and for documents."""
    return asdict(block)


def thawed_block(frozen: Mapping[str, Any]) -> Block:
    return Block(
        frozen["title"],
        tuple((label, text) for label, text in frozen["facts"]),
        tuple(_grid(grid) for grid in frozen["grids"]),
        tuple(Note(**note) for note in frozen["notes"]),
        _drawing(frozen["drawing"]),
        tuple(frozen["codes"]),
    )


def _drawing(frozen: Mapping[str, Any] | None) -> SiteDrawing | None:
    if frozen is None:
        return None
    wide, tall = frozen["metres"]
    points = tuple((x, y) for x, y in frozen["points"])
    return SiteDrawing(**{**frozen, "points": points, "metres": (wide, tall)})


def _grid(frozen: Mapping[str, Any]) -> GridBlock:
    return GridBlock(
        frozen["caption"],
        tuple(frozen["head"]),
        tuple(tuple(row) for row in frozen["rows"]),
        tuple(frozen["foot"]),
        tuple(frozen["figures"]),
    )
