"""What each mode of grid needs: one of points has no levels, one of levels has neither points nor threshold. Pure."""

from collections.abc import Mapping
from functools import partial

from calls.definition.editing import Change, Raw
from calls.definition.schema import CallDocument
from calls.definition.selection import Criterion, Grid, Ranking
from calls.definition.values import Part

NUMERIC, QUALITATIVE = "numeric", "qualitative"
MODES = (NUMERIC, QUALITATIVE)
Field = tuple[type[Part], str]
_POINTS = ("scale_max", "scale_labels", "total", "threshold", "tie_break", "aggregate", "unjudged")
NEEDLESS: Mapping[str, frozenset[Field]] = {
    NUMERIC: frozenset({(Grid, "levels")}),
    QUALITATIVE: frozenset(
        {(Grid, name) for name in _POINTS} | {(Criterion, "points"), (Criterion, "knockout"), (Ranking, "threshold")}
    ),
}
# Lists of the room that a mode does without.
WITHOUT: Mapping[str, frozenset[str]] = {QUALITATIVE: frozenset({"grid/bonuses"})}


def in_mode(change: Change, mode: str) -> Change:
    """A change that also puts the grid in a mode: what the mode does not know goes, what it cannot miss is proposed."""
    return partial(_in_mode, change, mode)


def _in_mode(change: Change, mode: str, document: CallDocument) -> Raw:
    raw = change(document)
    grid = raw["grid"]
    grid["mode"] = mode
    if mode == document.grid.mode:
        return raw
    for model, name in NEEDLESS[mode]:
        parts = {Grid: [grid], Criterion: grid["criteria"], Ranking: grid.get("rankings", [])}[model]
        for part in parts:
            part.pop(name, None)
    for criterion in grid["criteria"]:
        criterion.pop("descriptors", None)  # they name notes in one mode, levels in the other
    if mode == QUALITATIVE:
        grid.pop("bonuses", None)
    else:
        share(grid["criteria"], document.grid.total)
    return raw


def share(criteria: list[Raw], total: int) -> None:
    """The total in equal points, the first ones taking what is left: to be weighed by hand."""
    counted = [item for item in criteria if not item.get("informational")]
    for rank, item in enumerate(counted):
        item["points"] = max(1, total // len(counted) + int(rank < total % len(counted)))
