"""How files are judged: grid, jury, decision, outcomes and their reasons."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from calls.definition.deliberation import CollegeQuorum, ShareName
from calls.definition.predicates import Condition
from calls.definition.values import Code, Flag, Line, Number, Part, Prose, Step, Title, Whole

Points = Annotated[Number, Field(ge=0, le=1000)]
WholePoints = Annotated[Whole, Field(ge=1, le=1000)]


def _by_value(labels: object) -> object:
    """The steps of a scale in their order, whatever that of the file."""
    return dict(sorted(labels.items(), key=lambda item: str(item[0]).zfill(6))) if isinstance(labels, dict) else labels


def _as_list(value: object) -> object:
    """One code alone, or a list."""
    return (value,) if isinstance(value, str) else value


TieBreak = Annotated[
    tuple[Code, ...],
    BeforeValidator(_as_list),
    WithJsonSchema({"type": ["string", "array"], "items": {"type": "string"}}),
]


class Level(Part):
    """One level of a grid without numbers."""

    code: Code
    label: Title


Descriptors = Annotated[dict[Step, Annotated[Line, Field(max_length=300)]], BeforeValidator(_by_value)]


class Criterion(Part):
    """What is judged. `points` is its weight in the total; below `knockout` points, the file is out.

    `descriptors` says what each note, or each level, means for this criterion. With `comment_required`, whoever notes
    it says why.

    An `informational` one is noted and shown, never counted. With a `condition`, it is judged in some files only: their
    total is brought back to that of the grid. With `part_of`, it is a sub-criterion: those that follow one another
    under the same name are shown together, with the sum of their points.
    """

    code: Code
    label: Title
    part_of: Title | None = None
    description: Annotated[Prose, Field(max_length=400)] | None = None
    points: WholePoints | None = None
    knockout: Points | None = None
    sections: tuple[Code, ...] = ()
    informational: Flag = False
    condition: Condition | None = None
    descriptors: Descriptors = Field(default_factory=dict)
    comment_required: Flag = False


class Ranking(Part):
    """A ranking apart: a file belongs to the first whose condition holds. What is absent is that of the grid."""

    code: Code
    label: Title
    condition: Condition
    threshold: Points | None = None
    max_selected: Annotated[Whole, Field(ge=0, le=10_000)] | None = None
    reserve_size: Annotated[Whole, Field(ge=0, le=10_000)] | None = None


class Bonus(Part):
    """Points added when a condition holds."""

    code: Code
    label: Title
    points: WholePoints
    condition: Condition


class Grid(Part):
    """How files are scored, or not.

    `numeric`: notes from 0 to `scale_max`, brought to the points of each criterion; the sum, bonuses included, never
    exceeds `total`. `qualitative`: one of the levels for each criterion. `none`: no grid. `tie_break`: the criteria
    that part equal files, in their order.

    `aggregate`: how the notes of the members make one, criterion by criterion. With `abstention`, a member may have no
    opinion on a criterion; one on which nobody has any counts zero point, or is set aside (`unjudged`): the total is
    then brought back to that of the grid.
    """

    mode: Literal["numeric", "qualitative", "none"]
    scale_max: Annotated[Whole, Field(ge=1, le=100)] = 5
    scale_labels: Annotated[dict[Whole, Title], BeforeValidator(_by_value)] = Field(default_factory=dict)
    total: WholePoints = 100
    levels: tuple[Level, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    bonuses: tuple[Bonus, ...] = ()
    threshold: Points | None = None
    max_selected: Annotated[Whole, Field(ge=1, le=10_000)] | None = None
    reserve_size: Annotated[Whole, Field(ge=0, le=10_000)] = 0
    tie_break: TieBreak = ()
    rankings: tuple[Ranking, ...] = ()
    technical_visible_to_jury: Flag = True
    aggregate: Literal["mean", "median"] = "mean"
    abstention: Flag = False
    unjudged: Literal["zero", "set_aside"] = "zero"
    comment: Literal["optional", "required"] = "optional"

    @property
    def weights(self) -> int:
        """The points of all criteria that count, bonuses left out."""
        return sum(criterion.points or 0 for criterion in self.criteria if not criterion.informational)

    @property
    def best(self) -> int:
        """The highest total that a file can reach."""
        return min(self.total, self.weights + sum(bonus.points for bonus in self.bonuses))


def group_heads(criteria: Sequence[Any]) -> dict[str, int]:
    """The first sub-criterion of each group, by its code, with the points of the whole group."""
    heads: dict[str, int] = {}
    names: dict[str, str] = {}
    for criterion in criteria:
        if criterion.part_of:
            head = names.setdefault(criterion.part_of, criterion.code)
            heads[head] = heads.get(head, 0) + (criterion.points or 0)
    return heads


class Seat(Part):
    """A place in the jury: rights follow its holder, the vote follows the seat. `rule`: how the holder is chosen.

    `voice`: of an institution, which may send a substitute, or of one person alone. An `observer` follows the session
    and reads no file. `by_department`: one seat for each département of the perimeter, for its own files. `drawn`: its
    holder represents a commune drawn by lot.
    """

    code: Code
    label: Title
    college: Annotated[Title, Field(max_length=80)]
    voting: Flag = True
    president: Flag = False
    co_chair: Flag = False
    observer: Flag = False
    voice: Literal["institution", "person"] = "institution"
    by_department: Flag = False
    drawn: Flag = False
    rule: Annotated[Line, Field(max_length=200)] | None = None


class Hearing(Part):
    """Applicants heard: so many minutes each, from a score on when one is set."""

    minutes: Annotated[Whole, Field(ge=5, le=240)]
    threshold: Points | None = None


class JuryPhase(Part):
    """A phase begins so many `days` before the session and lasts until the next one.

    `score`: members note, validate and take back. `others`: whose notes a member reads beside their own: nobody's,
    those of the others once theirs are validated (they are then final), or all. `names`: with the names of the members.
    """

    label: Title
    days: Annotated[Whole, Field(ge=0, le=400)]
    score: Flag = True
    others: Literal["none", "after_mine", "all"] = "none"
    names: Flag = False


TieStep = Literal["casting_vote", "second_ballot", "joint_decision", "deferral"]
TIE_LABELS: Mapping[str, str] = {
    "casting_vote": "voix prépondérante de la présidence",
    "second_ballot": "second scrutin",
    "joint_decision": "décision conjointe des coprésidences",
    "deferral": "renvoi à une prochaine séance",
}


def tie_steps(tie: Sequence[str], *, casting_vote: bool) -> tuple[str, ...]:
    """The steps of an even vote, `casting_vote` alone being the short form of one."""
    return tuple(tie) or (("casting_vote",) if casting_vote else ())


def tie_sentence(steps: Sequence[str]) -> str:
    """« En cas de partage égal des voix : second scrutin, puis renvoi à une prochaine séance. »"""
    words = ", puis ".join(TIE_LABELS[step] for step in steps) or "la proposition n’est pas adoptée"
    return f"En cas de partage égal des voix : {words}."


class Jury(Part):
    """The rules of the session. Quorum counts voting seats present; the recused leave the count of their file.

    `tie`: what is done on an even vote, step after step (`casting_vote` alone when nothing is written and it is true).
    `quorum` is a least number; `quorum_share` asks also for a share of the seats that are not recused (with
    `quorum_strict`, for more than it), `quorum_colleges` for members of some colleges. `required_seats`: without them
    there is no quorum, whatever the number. `proxies`: how many a member may bear at most (0: none is admitted), which
    count in the quorum or not. `readers`: how many members note each file
    (all of them when nothing is written), none more than `max_load` files. `phases`: who notes and reads what, when;
    without any, notes are open until the session, and nobody reads those of others.
    """

    seats: Annotated[tuple[Seat, ...], Field(min_length=1)]
    quorum: Annotated[Whole, Field(ge=1, le=1000)]
    quorum_share: ShareName | None = None
    quorum_strict: Flag = False
    quorum_colleges: tuple[CollegeQuorum, ...] = ()
    majority: Literal["simple", "absolute", "two_thirds"] = "simple"
    ballot: Literal["nominal", "secret", "none"] = "nominal"
    casting_vote: Flag = True
    tie: tuple[TieStep, ...] = ()
    required_seats: tuple[Code, ...] = ()
    proxies: Annotated[Whole, Field(ge=0, le=10)] = 0
    proxies_in_quorum: Flag = False
    readers: Annotated[Whole, Field(ge=1, le=50)] | None = None
    max_load: Annotated[Whole, Field(ge=1, le=10_000)] | None = None
    phases: tuple[JuryPhase, ...] = ()
    hearing: Hearing | None = None

    @property
    def colleges(self) -> frozenset[str]:
        """The colleges that vote."""
        return frozenset(seat.college for seat in self.voting)

    @property
    def tie_steps(self) -> tuple[str, ...]:
        return tie_steps(self.tie, casting_vote=self.casting_vote)

    @property
    def voting(self) -> tuple[Seat, ...]:
        return tuple(seat for seat in self.seats if seat.voting)

    @property
    def advisory(self) -> tuple[Seat, ...]:
        return tuple(seat for seat in self.seats if not seat.voting)


class Court(Part):
    """The administrative court of the owner's seat, for the means of appeal."""

    name: Title
    address: Line


class Decision(Part):
    """Who decides, by what act, who signs the letters, before which court it may be contested."""

    authority: Title
    act: Literal["council_resolution", "board_resolution", "president_decision", "order"]
    signatory: Title
    court: Court
    reserve_months: Annotated[Whole, Field(ge=1, le=60)] | None = None


OutcomeCode = Literal[
    "selected",
    "reserve",
    "deferred",
    "not_selected",
    "ineligible",
    "inadmissible",
    "withdrawn",
    "closed_without_action",
]


class Outcome(Part):
    """An outcome that the call uses, with its words on screen."""

    code: OutcomeCode
    label: Title


class Reason(Part):
    """A reason for an outcome. Its label is the very sentence that minutes and letters print."""

    code: Code
    outcome: OutcomeCode
    label: Line
