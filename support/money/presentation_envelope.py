"""What the pages of the money show."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from calls.definition.money import Cut, Money
from calls.grants import euros
from calls.models import Call
from portal.core import ui
from portal.core.typography import format_quantity, typeset

from .envelopes import AXES, STAGES, Draw, Line, lines_of, summed, unknown

WHOLE = "Tout l’appel"


@dataclass(frozen=True)
class Cell:
    """One figure, and the list that makes it."""

    text: str
    url: str


@dataclass(frozen=True)
class Row:
    """One part of the envelope. `total` and `left` are empty for what no part was written for."""

    label: str
    url: str
    total: str
    cells: tuple[Cell, ...]
    left: str
    over: bool


@dataclass(frozen=True)
class Table:
    title: str
    rows: tuple[Row, ...]

    @property
    def caption(self) -> str:
        return f"{self.title}, en euros"


def list_url(call: Call, stage: str = "", axis: str = "", code: str = "") -> str:
    """The list of the files that make a figure."""
    asked = {"etat": stage, "axe": axis, "part": code if axis else ""}
    query = urlencode({name: value for name, value in asked.items() if value})
    return f"{reverse('envelope_files', args=[call.slug])}{f'?{query}' if query else ''}"


def row_of(call: Call, line: Line, axis: str = "") -> Row:
    sums = {"asked": line.asked, "reserved": line.reserved, "committed": line.committed, "paid": line.paid}
    cells = tuple(Cell(euros(sums[stage]), list_url(call, stage, axis, line.code)) for stage in STAGES)
    left = line.left
    return Row(
        typeset(line.label),
        list_url(call, "", axis, line.code),
        "" if line.total is None else euros(line.total),
        cells,
        "" if left is None else euros(left),
        left is not None and left < 0,
    )


def tables_of(call: Call, money: Money, draws: Sequence[Draw]) -> list[Table]:
    """The whole, then each axis: the same euros seen otherwise."""
    whole = summed("", WHOLE, money.total, draws)
    tables = [Table("Ensemble", (row_of(call, whole),))]
    for cut in money.cuts:
        rows = tuple(row_of(call, line, cut.axis) for line in lines_of(cut, draws))
        tables.append(Table(f"Par {AXES[cut.axis]}", rows))
    return tables


def figures_of(money: Money, draws: Sequence[Draw]) -> list[ui.Figure]:
    """The big figures: the total, what is held, what is left."""
    whole = summed("", WHOLE, money.total, draws)
    shown = [
        ("total de l’enveloppe", whole.total),
        ("réservés", whole.reserved),
        ("engagés", whole.committed),
        ("versés", whole.paid),
    ]
    shown.append(("restent", whole.left))
    return [ui.Figure(value=euros(amount), line=line) for line, amount in shown if amount is not None]


def envelope_notes(money: Money, draws: Sequence[Draw]) -> list[str]:
    """What the reader must know of these figures."""
    notes = []
    left = summed("", WHOLE, money.total, draws).left
    if left is not None and left < 0:
        notes.append(f"L’enveloppe est dépassée de {euros(-left)}.")
    silent = unknown(draws)
    if silent:
        files = format_quantity(silent, "candidature ne dit pas son montant", "candidatures ne disent pas leur montant")
        notes.append(f"{files} : elle compte pour zéro." if silent == 1 else f"{files} : elles comptent pour zéro.")
    if any(cut.axis == "funder" for cut in money.cuts):
        notes.append("Entre financeurs, une aide que personne ne suit encore est répartie en proportion de leur part.")
    return [typeset(note) for note in notes]


def stage_tabs(call: Call, stage: str, cut: Cut | None, code: str) -> list[ui.Link]:
    """All the files of a part, then those of each stage."""
    axis = cut.axis if cut else ""
    rows = [("", "Tout"), *STAGES.items()]
    return [ui.Link(label=label, url=list_url(call, key, axis, code), current=key == stage) for key, label in rows]


def part_label(cut: Cut | None, code: str) -> str:
    """« Strate : moins de 1 000 habitants », or the whole call."""
    if cut is None:
        return WHOLE
    label = next((share.label for share in cut.shares if share.code == code), "hors des parts prévues")
    return typeset(f"{AXES[cut.axis].capitalize()} : {label}")
