"""Examination, jury and decision of a call, through the services, each act at its own instant."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from applications import states
from applications.models import Application, Decision
from applications.services.decision import Line, proposal_for, starting_lines
from applications.services.decision_approval import ask_decision
from applications.services.examination import admit, reject
from calls.models import Call
from juries.links import Said
from juries.models import AgendaItem, JurySession, SeatHolder
from juries.queries import files_for, is_knocked_out, items_of, ranking_of, ties_to_settle
from juries.services.agenda import arrange, proposed_hours
from juries.services.assessments import save_notes, save_technical_notes, submit_assessment, submit_technical
from juries.services.attendance import record_attendance
from juries.services.ballots import cast_vote, close_ballot, open_ballot, record_reason, settle_without_vote
from juries.services.interests import declare_interests
from juries.services.sessions import close_session, convene, create_session, open_session, sign_minutes
from portal.accounts.models import User
from portal.core import approvals
from portal.core.calendar import day_of
from portal.core.clock import at_instant, portal_now
from portal.core.models import FrozenDocument, Job
from portal.core.outbox import claim, run_job

NO_CONFLICT = "Aucun intérêt dans ce dossier."


def render(documents: Iterable[FrozenDocument]) -> None:
    """Make these documents now; the worker makes the others."""
    keys = [f"document:{document.pk}" for document in documents]
    for job in claim(
        Job.objects.filter(object_key__in=keys, state="queued"), state="running", at=portal_now(), limit=500
    ):
        run_job(job)


def examine(call: Call, officer: User, at: datetime, *, fault_of: Callable[[Application], str]) -> None:
    """Every deposited file is declared admissible and given its technical opinion, unless `fault_of` says a fault."""
    scored = call.criteria.exists()
    with at_instant(at):
        for n, application in enumerate(call.applications.filter(state=states.SUBMITTED).order_by("number")):
            if fault := fault_of(application):
                reject(application=application, code=None, text=fault, by=officer, at=portal_now())
                continue
            admit(application=application, by=officer, at=portal_now())
            if scored:
                give_opinion(application, officer, notes(call, n, 0))


def give_opinion(application: Application, officer: User, given: dict[str, Decimal]) -> None:
    """The technical opinion of the service."""
    save_technical_notes(application=application, notes=given, comment="Avis du service.", by=officer, at=portal_now())
    submit_technical(application=application, by=officer, at=portal_now())


def notes(call: Call, file: int, member_rank: int) -> dict[str, Decimal]:
    """Notes in the upper part of the scale, different from file to file and from member to member."""
    top = call.grid.scale_max
    low = top * 2 // 5
    codes = [criterion.code for criterion in call.criteria.all()]
    return {code: Decimal(low + (file * 3 + member_rank + n * 2) % (top - low + 1)) for n, code in enumerate(codes)}


def plan_session(call: Call, held_on: date, at: datetime, *, place: str, secretary_title: str) -> JurySession:
    """Plan the session and convene its members."""
    with at_instant(at):
        session = create_session(
            call=call, held_on=held_on, place=place, secretary_title=secretary_title, at=portal_now()
        )
        convene(session=session, at=portal_now())
    return session


def score_all(call: Call, holders: Sequence[SeatHolder], at: datetime, *, late: SeatHolder | None = None) -> None:
    """Everyone declares, then scores; `late` leaves two files unscored."""
    with at_instant(at):
        for rank, holder in enumerate(holders):
            score_one(call, holder, rank, unscored=2 if holder == late else 0)


def score_one(call: Call, holder: SeatHolder, rank: int, *, unscored: int = 0) -> None:
    """One member declares no link, then scores all files but the last `unscored`; a seat without vote only declares."""
    holder.refresh_from_db()
    declare_interests(
        holder=holder, links=dict.fromkeys(files_for(holder), Said(dismissal=NO_CONFLICT)), at=portal_now()
    )
    if not holder.seat.voting:
        return
    files = [file for file in files_for(holder) if not recused(holder, file)]
    for n, application in enumerate(files[: len(files) - unscored]):
        save_notes(holder=holder, application=application, notes=notes(call, n, rank), comment="", at=portal_now())
        submit_assessment(holder=holder, application=application, at=portal_now())


def recused(holder: SeatHolder, application: Application) -> bool:
    return holder.seat.recusals.filter(application=application).exists()


def sit(
    session: JurySession, present: Sequence[SeatHolder], at: datetime, *, by: User, excused: Sequence[SeatHolder] = ()
) -> None:
    """The members come, some are excused; the president opens."""
    with at_instant(at):
        for holder in present:
            record_attendance(session=session, seat=holder.seat, presence="present", at=portal_now())
        for holder in excused:
            record_attendance(session=session, seat=holder.seat, presence="excused", at=portal_now())
        open_session(session=session, by=by, at=portal_now())


def give_slots(session: JurySession, at: datetime, *, first: time, pause: int) -> None:
    """The communes that the rules hear have their slot, in the order of the agenda."""
    with at_instant(at):
        items = list(items_of(session))
        arrange(session=session, order=items, hours=proposed_hours(session, items, first, pause))


def vote(items: Sequence[AgendaItem], voters: Sequence[SeatHolder], *, by: User, reasons: Sequence[str]) -> None:
    """These files are voted one after another, each with its reason; the clock stands where the caller set it."""
    for item in items:
        n = item.position - 1
        if is_knocked_out(item):
            settle_without_vote(item=item, by=by)
            continue
        open_ballot(item=item, by=by)
        for rank, holder in enumerate(voters):
            if not recused(holder, item.application):
                cast_vote(item=item, holder=holder, choice=choice(n, rank))
        record_reason(item=close_ballot(item=item, by=by), reason=reasons[n % len(reasons)])


def choice(file: int, rank: int) -> str:
    """Mostly in favour; one file is refused."""
    if file == 4:
        return "against" if rank % 3 else "abstain"
    return "for" if (file + rank) % 6 else "abstain"


def end_session(session: JurySession, at: datetime, *, by: User) -> None:
    """Close, ties settled in the order of their numbers, render the minutes, sign."""
    with at_instant(at):
        tied = sorted(ties_to_settle(ranking_of(session)), key=lambda row: row.item.application.number or "")
        settled = [str(row.item.application.uuid) for row in tied]
        reason = "Le jury retient l’ordre d’arrivée des candidatures." if settled else ""
        close_session(session=session, by=by, at=portal_now(), settled=settled, reason=reason)
        render(FrozenDocument.objects.filter(kind="minutes", state="pending"))
        sign_minutes(session=session, by=by, at=portal_now() + timedelta(minutes=20))


def decide(call: Call, *, body: str, act_number: str, asked_by: User, approver: User, at: datetime) -> Decision:
    """The authority follows the jury; two persons record it."""
    with at_instant(at):
        files = list(call.applications.filter(state__in=[states.ADMISSIBLE, states.INADMISSIBLE]).order_by("number"))
        lines: list[Line] = list(starting_lines(files, proposal_for(call)).values())
        approval = ask_decision(
            call=call,
            body=body,
            act_kind="délibération",
            act_number=act_number,
            act_on=day_of(at),
            lines=lines,
            asked_by=asked_by,
            approver=approver,
            reason="",
            at=portal_now(),
        )
        approvals.answer(approval=approval, by=approver, approved=True, at=portal_now())
    return Decision.objects.get(call=call)
