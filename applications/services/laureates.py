"""The list of laureates lives: a file leaves it, the next of the reserve list takes its place, a group loses a member.

Each change is an act with its line; who is selected today is computed from the last line about each file.
"""

from datetime import date, datetime

from django.db import transaction

from calls.models import Call
from portal.accounts.models import User
from portal.core.calendar import add_months, day_of
from portal.core.rules import Refused
from portal.core.typography import format_date

from ..documents.notices import RESERVE_MONTHS
from ..models import Application, ApplicationMember, Decision, DecisionLine, MemberDeparture
from ..queries.conditions import ruled, verdicts_of
from ..queries.files import latest_deposit
from ..queries.laureates import laureates, reserve_of
from ..queries.staff import line_in_force
from ..rankings import facts_at_deposit, places_of
from .decision import act_faults, with_article

Outcome = DecisionLine.Outcome
LEAVING = (Outcome.WITHDRAWN, Outcome.DECLINED, Outcome.LAPSED)


@transaction.atomic
def record_leaving(
    *,
    call: Call,
    application: Application,
    outcome: str,
    act_kind: str,
    act_number: str,
    act_on: date,
    reason: str,
    by: User,
    at: datetime,
) -> DecisionLine:
    """A selected or waiting file leaves the list: withdrawal, refusal, lapse. Raises `Refused`."""
    Call.objects.select_for_update().get(pk=call.pk)
    line = line_in_force(application, notified=True)
    if outcome not in LEAVING:
        raise Refused("Choisissez un désistement, un refus ou une caducité.")
    if line is None or line.decision.call_id != call.pk or line.outcome not in (Outcome.SELECTED, Outcome.RESERVE):
        raise Refused("Cette candidature n’est ni retenue ni en liste complémentaire.")
    if not reason.strip():
        raise Refused("Écrivez le motif : il reste à l’historique.")
    decision = act(call, line.decision.body, act_kind, act_number, act_on, by, at, without_letters=True)
    return DecisionLine.objects.create(
        decision=decision, application=application, outcome=outcome, ranking=line.ranking, reason=reason.strip()
    )


@transaction.atomic
def promote(
    *,
    call: Call,
    application: Application,
    body: str,
    act_kind: str,
    act_number: str,
    act_on: date,
    reason: str,
    by: User,
    at: datetime,
) -> DecisionLine:
    """The next file of the reserve list takes a free place, by rank; its letter is then prepared. Raises `Refused`."""
    Call.objects.select_for_update().get(pk=call.pk)
    line = line_in_force(application, notified=True)
    if line is None or line.outcome != Outcome.RESERVE or line.decision.call_id != call.pk:
        raise Refused("Cette candidature n’est pas en liste complémentaire.")
    first = reserve_of(call, line.ranking)[0]
    if first.application_id != application.pk:
        raise Refused(f"La liste s’appelle dans l’ordre des rangs : {first.application.lead} d’abord.")
    until = valid_until(line)
    if day_of(at) > until:
        raise Refused(f"La liste complémentaire n’est plus valable depuis le {format_date(until)}.")
    if free_places(call, line.ranking) == 0:
        raise Refused("Aucune place n’est libre : constatez d’abord le départ d’une candidature retenue.")
    decision = act(call, with_article(body), act_kind, act_number, act_on, by, at)
    return DecisionLine.objects.create(
        decision=decision,
        application=application,
        outcome=Outcome.SELECTED,
        rank=line.rank,
        score=line.score,
        ranking=line.ranking,
        reason=reason.strip() or line.reason,
    )


def act(
    call: Call, body: str, kind: str, number: str, on: date, by: User, at: datetime, *, without_letters: bool = False
) -> Decision:
    """The act of one change. A departure is told by nobody's letter: it counts at once."""
    faults = act_faults(call, number, on, at)
    if faults:
        raise Refused(" ".join(faults))
    told = {"notified_at": at, "notified_by": by} if without_letters else {}
    return Decision.objects.create(
        call=call, body=body, act_kind=kind, act_number=number, act_on=on, recorded_at=at, recorded_by=by,
        without_letters=without_letters, **told,
    )  # fmt: skip


def valid_until(line: DecisionLine) -> date:
    """The last day on which the reserve list of this line may be called."""
    months = (line.decision.call.extras.get("decision") or {}).get("reserve_months") or RESERVE_MONTHS
    return add_months(line.decision.act_on, months)


def free_places(call: Call, ranking: str) -> int | None:
    """Places that nobody holds in a ranking, promotions under way counted as held; None when the call sets no limit."""
    most = places_of(call)[ranking].max_selected if ranking in places_of(call) else None
    if most is None:
        return None
    held = sum(line.ranking == ranking for line in laureates(call))
    return max(most - held, 0)


# --- groups --------------------------------------------------------------------------------------------------------


@transaction.atomic
def record_departure(*, member: ApplicationMember, told: str, left_on: date, by: User, at: datetime) -> MemberDeparture:
    """A member leaves a selected group: the rules are replayed without it. Raises `Refused`."""
    rows = ApplicationMember.objects.select_for_update(of=("self",))
    current = rows.select_related("application__call", "application__lead", "organisation").get(pk=member.pk)
    line = line_in_force(current.application)
    if line is None or line.outcome not in (Outcome.SELECTED, Outcome.RESERVE):
        raise Refused("Cette candidature n’est ni retenue ni en liste complémentaire.")
    if current.role != ApplicationMember.Role.MEMBER:
        raise Refused("Le chef de file ne quitte pas le groupe : constatez son désistement.")
    if current.left_at is not None or current.confirmed_at is None:
        raise Refused("Cet organisme ne fait pas partie du groupe.")
    if left_on > day_of(at):
        raise Refused("Un départ ne peut pas être daté de demain.")
    ApplicationMember.objects.filter(pk=current.pk).update(left_at=at)
    return MemberDeparture.objects.create(
        application=current.application, organisation=current.organisation, left_on=left_on, told=told.strip(),
        faults=group_faults(current.application, at), recorded_at=at, recorded_by=by,
    )  # fmt: skip


def group_faults(application: Application, at: datetime) -> list[str]:
    """The rules that the group, as it stands now, no longer keeps: the sentences of the verdicts."""
    deposit = latest_deposit(application)
    verdicts = verdicts_of(application, facts_at_deposit(application), deposit.received_at if deposit else at)
    return [verdict.sentence for verdict in ruled(application, verdicts, deposit) if verdict.blocks]


@transaction.atomic
def settle_departure(*, departure: MemberDeparture, kept: bool, reason: str, by: User, at: datetime) -> None:
    """The reasoned decision on a group that has lost a member: kept, or to be taken off the list. Raises `Refused`."""
    current = MemberDeparture.objects.select_for_update().get(pk=departure.pk)
    if current.settled_at:
        raise Refused("Ce départ est déjà tranché.")
    if not reason.strip():
        raise Refused("Écrivez le motif de cette décision : il reste à l’historique.")
    MemberDeparture.objects.filter(pk=current.pk).update(kept=kept, reason=reason.strip(), settled_at=at, settled_by=by)
