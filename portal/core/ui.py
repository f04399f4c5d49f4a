"""What the components of the interface are told: plain frozen data, built by views, drawn by `{% … %}` tags.

No ORM, no request. Texts arrive already in exact French. Contract: `templates/components/README.md`.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from django import forms

from portal.core.badges import BADGES as BADGES
from portal.core.badges import Badge as Badge

# --- the chain ---------------------------------------------------------------------------------------------------

StageState = Literal["done", "now", "next"]


@dataclass(frozen=True, kw_only=True)
class Stage:
    """One link of the chain. ``fact`` is the bold line under it, ``detail`` the line below, ``url`` makes a menu."""

    code: str
    label: str
    icon: str
    state: StageState = "next"
    fact: str = ""
    detail: str = ""
    url: str = ""

    @property
    def spoken(self) -> str:
        return {"done": "étape terminée", "now": "étape en cours", "next": "étape à venir"}[self.state]


_STAGES = (
    ("call", "Appel", "megaphone"),
    ("application", "Candidature", "pencil-square"),
    ("examination", "Instruction", "search"),
    ("jury", "Jury", "people"),
    ("agreement", "Convention", "file-earmark-text"),
    ("support", "Accompagnement", "signpost-split"),
    ("impact", "Impacts", "graph-up"),
)
STAGE_CODES = tuple(code for code, _, _ in _STAGES)


def chain(
    current: str,
    *,
    facts: Mapping[str, tuple[str, str]] | None = None,
    urls: Mapping[str, str] | None = None,
    omit: Collection[str] = (),
) -> list[Stage]:
    """The seven links with ``current`` lit, those before done; ``omit`` for a call without jury or agreement.

    ``facts``: stage code → (bold fact, line). Raises ValueError when ``current`` is not a link of this chain.
    """
    kept = [stage for stage in _STAGES if stage[0] not in omit]
    codes = [code for code, _, _ in kept]
    here = codes.index(current)
    states: list[StageState] = ["done" if i < here else "now" if i == here else "next" for i in range(len(kept))]
    return [
        Stage(
            code=code,
            label=label,
            icon=icon,
            state=state,
            fact=(facts or {}).get(code, ("", ""))[0],
            detail=(facts or {}).get(code, ("", ""))[1],
            url=(urls or {}).get(code, ""),
        )
        for (code, label, icon), state in zip(kept, states, strict=True)
    ]


# --- actions, steps, sections, pieces ----------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Action:
    """One row of *Mes actions*. ``due`` may be None (no date). ``holds_up`` is said only when the row is late."""

    title: str
    url: str
    verb: str
    due: date | datetime | None = None
    consequence: str = ""
    holds_up: str = ""


@dataclass(frozen=True, kw_only=True)
class Step:
    """One of the three first steps."""

    title: str
    done: bool = False
    line: str = ""
    url: str = ""
    verb: str = ""


@dataclass(frozen=True, kw_only=True)
class SectionLink:
    """One section of a form: ``state`` todo / begun / complete / to_correct; ``icon`` replaces the gauge."""

    title: str
    url: str
    state: Literal["todo", "begun", "complete", "to_correct"] = "todo"
    number: int | None = None
    count: str = ""
    part: Decimal = Decimal(0)
    current: bool = False
    icon: str = ""


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A document asked for. ``state`` missing / here / promised / refused; ``verb`` empty = no button."""

    title: str
    state: Literal["missing", "here", "promised", "refused"] = "missing"
    line: str = ""
    url: str = ""
    verb: str = ""
    download_url: str = ""


@dataclass(frozen=True, kw_only=True)
class Phase:
    """A phase of support. ``state`` done / now (the next deliverable) / parallel / next."""

    title: str
    months: str
    line: str = ""
    state: Literal["done", "now", "parallel", "next"] = "next"
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class Milestone:
    """A line of a calendar. ``when`` is an aware instant, a date, or a ready text for « juin 2026 »."""

    label: str
    at: date | datetime
    remark: str = ""
    url: str = ""
    when: str = ""
    with_time: bool = False


# --- pages -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Link:
    """An item of a menu, of tabs or of a breadcrumb (``url`` empty on the current page of a breadcrumb)."""

    label: str
    url: str = ""
    current: bool = False
    count: int | None = None


@dataclass(frozen=True, kw_only=True)
class Contact:
    """Who answers a question."""

    service: str
    phone: str = ""
    hours: str = ""
    email: str = ""
    title: str = "Une question\u202f?"


# --- figures -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A big number and what it is compared with."""

    value: str
    line: str


@dataclass(frozen=True, kw_only=True)
class Bar:
    """A bar of a chart; ``last`` takes the brand colour."""

    label: str
    value: Decimal | int
    last: bool = False


@dataclass(frozen=True, kw_only=True)
class Part:
    """A part of a whole (funding, stratum…), with its value already written."""

    label: str
    value: Decimal | int
    text: str


@dataclass(frozen=True, kw_only=True)
class Stratum:
    """A population stratum: how many deposited, drafts, and communes in all."""

    label: str
    deposited: int
    drafts: int
    total: int


MapState = Literal[
    "deposited", "draft", "none", "withdrawn", "selected", "laureate", "eligible", "to_check", "ineligible", "counted",
    "quiet",
]  # fmt: skip
MAP_WORDS: Mapping[MapState, str] = {
    "deposited": "déposé",
    "draft": "brouillon",
    "none": "pas commencé",
    "withdrawn": "retirée",
    "selected": "commune choisie",
    "laureate": "retenue",
    "eligible": "éligible",
    "to_check": "à vérifier",
    "ineligible": "non éligible",
    "counted": "",
    "quiet": "",
}


SIGNED: tuple[MapState, ...] = (
    "deposited", "draft", "withdrawn", "laureate", "eligible", "to_check", "ineligible",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class MapShape:
    """A territory of a map: a path, or a hexagon when it is empty; its sign and short name stand at `x`, `y`.

    `words` are said after its name instead of the word of its state; `figure` is written instead of the sign.
    """

    name: str
    short: str
    x: int
    y: int
    path: str = ""
    state: MapState = "none"
    words: str = ""
    figure: str = ""
    url: str = ""

    @property
    def spoken(self) -> str:
        said = self.words or MAP_WORDS[self.state]
        return f"{self.name}\u00a0: {said}" if said else self.name


@dataclass(frozen=True, kw_only=True)
class MapDrawing:
    """A map, made by `portal.territories.maps.painting.painted`. `captions`: text, x, y; `size`: of the hexagons."""

    shapes: Sequence[MapShape]
    width: int
    height: int
    summary: str
    note: str = ""
    captions: Sequence[tuple[str, int, int]] = ()
    size: float = 1.0

    @property
    def linked(self) -> bool:
        return any(shape.url for shape in self.shapes)

    @property
    def scale(self) -> str:
        return "" if self.size == 1 else f" scale({self.size:g})"

    @property
    def signs(self) -> list[MapState]:
        """The states of its shapes that bear a sign, each once."""
        return [state for state in SIGNED if any(shape.state == state for shape in self.shapes)]


# --- jury --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Criterion:
    """A criterion of the grid. ``chosen`` is the member's note (0 to ``scale``), ``points_text`` « 20 sur 25 ».

    Without points, it has levels, or is there for information. With ``levels`` (code, label), one level is chosen,
    without any number. The first of the sub-criteria of a ``group`` names it, with ``group_points`` « 16 sur 30 »;
    all are ``nested``. ``descriptors`` (note or level, words) say what each means; ``abstention`` is the value of
    « sans avis », "" where one must choose; a ``comment`` that is not None is asked for under the notes.
    """

    code: str
    title: str
    points: Decimal | int | None
    scale: int = 5
    chosen: int | None = None
    points_text: str = "à noter"
    remark: str = ""
    sections: Sequence[Link] = field(default_factory=tuple)
    levels: Sequence[tuple[str, str]] = ()
    chosen_level: str = ""
    group: str = ""
    group_points: str = ""
    nested: bool = False
    descriptors: Sequence[tuple[str, str]] = ()
    abstention: str = ""
    abstained: bool = False
    comment: str | None = None


@dataclass(frozen=True, kw_only=True)
class Vote:
    """A vote of the session. While ``open``, no figure but the number of ballots is ever drawn."""

    question: str
    rule: str
    open: bool
    ballots: int = 0
    voters: int = 0
    for_: int = 0
    against: int = 0
    abstained: int = 0
    closed_line: str = ""
    outcome: Literal["", "selected", "reserve", "not_selected"] = ""
    outcome_title: str = ""
    outcome_line: str = ""


# --- fields ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class FieldLook:
    """What a form field says of its look, as ``field.look = FieldLook(…)``: width short / medium / full."""

    width: Literal["short", "medium", "full"] = "full"
    suffix: str = ""
    audience: str = ""
    counter: int | None = None


def look_of(form_field: forms.Field) -> FieldLook:
    return getattr(form_field, "look", None) or FieldLook()
