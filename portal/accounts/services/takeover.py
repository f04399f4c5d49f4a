"""An organisation takes the place of others: a commune nouvelle, of the communes that it is made of.

Files, agreements and members pass to it; what was deposited, decided or signed keeps its frozen name. Whoever signed
for a former commune does not sign for the new one: they may write, and are confirmed again as anyone is.

`HOLDINGS`, filled by upper apps: functions (predecessor, successor) → what the predecessor holds there.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from django.db import transaction

from portal.core.rules import Refused, require
from portal.core.workflow import fire
from portal.territories.spelling import plain

from .. import states
from ..models import Claim, Invitation, Membership, Organisation, OrganisationAlias, Takeover, TakeoverLine, User
from ..rules import can_take_over
from .memberships import settle

WRITER = {Membership.Right.SIGNATORY: Membership.Right.EDITOR, Membership.Right.MANAGER: Membership.Right.EDITOR}


@dataclass(frozen=True)
class Holding:
    """A row that names the predecessor. `stays`: why it cannot pass, empty when it does."""

    row: Any
    column: str
    sentence: str
    stays: str = ""

    @property
    def words(self) -> str:
        return f"{self.sentence}, reste à son nom\u00a0: {self.stays}" if self.stays else self.sentence


HOLDINGS: list[Callable[[Organisation, Organisation], Iterable[Holding]]] = []


@dataclass(frozen=True)
class Passage:
    """What passes from one predecessor, and what stays."""

    predecessor: Organisation
    holdings: tuple[Holding, ...]
    members: tuple[Membership, ...]

    @property
    def leaves_nothing(self) -> bool:
        return not any(holding.stays for holding in self.holdings)


def member_line(member: Membership) -> str:
    if member.state == Membership.State.PENDING:
        return f"{member.user}\u00a0: demande en attente, à refaire pour le nouvel organisme"
    right = Membership.Right(WRITER.get(Membership.Right(member.right), member.right)).label
    again = f" ; son droit de {member.get_right_display()} est à confirmer" if member.right in WRITER else ""
    return f"{member.user}\u00a0: {right}{again}"


class Rehearsed(Exception):
    """Undoes the transaction of a rehearsal."""


class SeenOtherwise(Exception):
    """What would pass is no longer what was read; `lines` says what it is now. Nothing is written."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__()
        self.lines = lines


def rehearse_takeover(
    *, predecessors: Sequence[Organisation], successor: Organisation, on: date, reason: str, by: User, at: datetime
) -> list[str]:
    """What the takeover would do: it is done, told, and undone. Raises `Refused`."""
    said: list[str] = []
    try:
        with transaction.atomic():
            said += told(take_over(predecessors=predecessors, successor=successor, on=on, reason=reason, by=by, at=at))
            raise Rehearsed
    except Rehearsed:
        return said


def take_over_as_seen(
    *,
    seen: str,
    predecessors: Sequence[Organisation],
    successor: Organisation,
    on: date,
    reason: str,
    by: User,
    at: datetime,
) -> Takeover:
    """Do what was read, or nothing: `seen` is the `fingerprint` of the preview. Raises `Refused`, `SeenOtherwise`."""
    with transaction.atomic():
        done = take_over(predecessors=predecessors, successor=successor, on=on, reason=reason, by=by, at=at)
        lines = told(done)
        if fingerprint(lines) != seen:
            raise SeenOtherwise(lines)
    return done


def fingerprint(lines: Iterable[str]) -> str:
    return sha256("\n".join(lines).encode()).hexdigest()


def told(takeover: Takeover) -> list[str]:
    """What passed and what stayed, in order, by former organisation."""
    lines = takeover.lines.select_related("predecessor").order_by("pk")
    by_old: dict[str, list[str]] = {}
    for line in lines:
        by_old.setdefault(line.predecessor.name, []).append(line.sentence)
    return [
        text
        for name, sentences in by_old.items()
        for text in (f"{name}\u00a0:", *(f"  {words}" for words in sentences))
    ]


def passage(predecessor: Organisation, successor: Organisation) -> Passage:
    found = [holding for read in HOLDINGS for holding in read(predecessor, successor)]
    live = predecessor.memberships.exclude(state=Membership.State.ENDED).select_related("user", "organisation")
    return Passage(predecessor, tuple(found), tuple(live.order_by("user__email")))


@transaction.atomic
def take_over(
    *, predecessors: Sequence[Organisation], successor: Organisation, on: date, reason: str, by: User, at: datetime
) -> Takeover:
    """Do what `plan_takeover` says, as it stands once the organisations are locked. Raises `Refused`."""
    if not reason.strip():
        raise Refused("Donnez l’acte qui réunit les organismes\u00a0: « arrêté préfectoral du… ».")
    keys = [successor.pk, *(predecessor.pk for predecessor in predecessors)]
    locked = {row.pk: row for row in Organisation.objects.select_for_update().filter(pk__in=keys).order_by("pk")}
    heir = locked[successor.pk]
    olds = [locked[predecessor.pk] for predecessor in predecessors]
    require(can_take_over(olds, heir))
    takeover = Takeover.objects.create(
        successor=heir, effective_on=on, reason=reason.strip()[:300], done_at=at, done_by=by
    )
    for old in olds:
        move(passage(old, heir), takeover)
    return takeover


def move(passing: Passage, takeover: Takeover) -> None:
    old, heir = passing.predecessor, takeover.successor
    for holding in passing.holdings:
        if not holding.stays:
            type(holding.row)._default_manager.filter(pk=holding.row.pk).update(**{holding.column: heir})
        note(takeover, old, holding.row, holding.column, holding.words, moved=not holding.stays)
    for member in passing.members:
        note(takeover, old, member, "organisation", member_line(member), moved=True)
        move_member(member, passing, takeover)
    Invitation.objects.filter(organisation=old, accepted_at=None, expires_at__gt=takeover.done_at).update(
        expires_at=takeover.done_at
    )
    remember_name(old, heir, takeover.effective_on)
    note(takeover, old, old, "merged_into", f"le nom «\u00a0{old}\u00a0» mène à «\u00a0{heir}\u00a0»", moved=True)
    Organisation.objects.filter(pk=old.pk).update(merged_into=heir, merged_on=takeover.effective_on)


def move_member(member: Membership, passing: Passage, takeover: Takeover) -> None:
    """A confirmed member enters the successor, unless already there; leaves the predecessor if nothing stays there."""
    by, at, heir = takeover.done_by, takeover.done_at, takeover.successor
    how = f"reprise de {passing.predecessor}"[:200]
    there = heir.memberships.filter(user=member.user).exclude(state=Membership.State.ENDED)
    if member.state == Membership.State.CONFIRMED and not there.exists():
        right = WRITER.get(Membership.Right(member.right), member.right)
        entered = Membership.objects.create(user=member.user, organisation=heir, right=right, created_at=at)
        stamps = {"confirmed_at": at, "confirmed_by": by, "confirmation": how}
        fire(entered, states.CONFIRM, by=by, at=at, reason=how, on_behalf_of=heir, stamps=stamps)
    settle(member, Claim.State.REFUSED, by=by, at=at, reason=f"{passing.predecessor} est reprise par {heir}"[:300])
    if member.state == Membership.State.PENDING or passing.leaves_nothing:
        gone = f"repris par {heir}"
        fire(member, states.END, by=by, at=at, reason=gone, on_behalf_of=member.organisation, stamps={"ended_at": at})


def remember_name(old: Organisation, heir: Organisation, on: date) -> None:
    """The former names lead to the successor from now on."""
    names = [(old.name, None, on), *old.aliases.values_list("name", "since", "until")]
    for name, since, until in names:
        if plain(name) != plain(heir.name):
            OrganisationAlias.objects.get_or_create(
                organisation=heir,
                search_name=plain(name)[:150],
                defaults={"name": name, "since": since, "until": until or on},
            )


def note(takeover: Takeover, old: Organisation, row: Any, column: str, sentence: str, *, moved: bool) -> None:
    TakeoverLine.objects.create(
        takeover=takeover,
        predecessor=old,
        table=row._meta.label,
        row=str(row.pk),
        column=column,
        sentence=sentence[:400],
        moved=moved,
    )
