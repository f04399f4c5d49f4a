"""Examination, jury, decision and letters of the demonstration, through the services."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from applications import states
from applications.models import Application, Decision
from applications.queries_staff import OPENED, document_key, lines_of
from applications.services.decision import Line, proposal_for, starting_lines
from applications.services.decision_approval import ask_decision
from applications.services.examination import admit, record_reading, reject
from applications.services.notices import mark_notice_read, prepare_notices, send_notices
from calls.models import Call
from juries.models import JurySession, SeatHolder
from juries.queries import files_for, is_knocked_out
from juries.services.assessments import save_notes, save_technical_notes, submit_assessment, submit_technical
from juries.services.attendance import record_attendance
from juries.services.ballots import cast_vote, close_ballot, open_ballot, record_reason, settle_without_vote
from juries.services.interests import declare_interests
from juries.services.seats import compose_jury, take_seat
from juries.services.sessions import close_session, convene, create_session, open_session, sign_minutes
from portal.core import approvals
from portal.core.clock import at_instant, portal_now
from portal.core.models import FrozenDocument, Job
from portal.core.outbox import claim, run_job

from .people import JURORS, JURORS_WITH_CARDS, MAYORS, Team, member, person, town_hall

# The commune whose file is declared inadmissible.
OFF_TOPIC = "76533"


def render(documents: Sequence[FrozenDocument]) -> None:
    """Make these documents now; the worker makes the others."""
    keys = [f"document:{document.pk}" for document in documents]
    for job in claim(
        Job.objects.filter(object_key__in=keys, state="queued"), state="running", at=portal_now(), limit=500
    ):
        run_job(job)


def examine(call: Call, team: Team, at: datetime) -> None:
    """Every deposited file declared admissible or not, with a technical score."""
    with at_instant(at):
        for n, application in enumerate(call.applications.filter(state=states.SUBMITTED).order_by("number")):
            if application.lead.commune_id == OFF_TOPIC:
                reject(
                    application=application,
                    code=None,
                    text="Le terrain proposé vient d’être cédé : il n’est plus un espace public communal.",
                    by=team.officer,
                    at=portal_now(),
                )
                continue
            admit(application=application, by=team.officer, at=portal_now())
            save_technical_notes(
                application=application,
                notes=notes(call, n, 0),
                comment="Avis du service.",
                by=team.officer,
                at=portal_now(),
            )
            submit_technical(application=application, by=team.officer, at=portal_now())


def notes(call: Call, file: int, member_rank: int) -> dict[str, Decimal]:
    """Plausible notes, always the same for the same file and member."""
    codes = [criterion.code for criterion in call.criteria.all()]
    return {code: Decimal(2 + (file * 3 + member_rank + n * 2) % 4) for n, code in enumerate(codes)}


def seat_jury(call: Call, at: datetime) -> list[SeatHolder]:
    """The nine voting seats, taken."""
    with at_instant(at):
        seats = {seat.code: seat for seat in compose_jury(call=call)}
        holders = []
        for code, (key, title) in JURORS.items():
            user = person(key, title, card=code in JURORS_WITH_CARDS)
            organisation = None
            if code in MAYORS:
                organisation = town_hall(MAYORS[code], at - timedelta(days=1)).organisation
                member(user, organisation, "reader", portal_now())
            holders.append(take_seat(seat=seats[code], user=user, organisation=organisation, at=portal_now()))
    return holders


def plan_session(call: Call, held_on, at: datetime) -> JurySession:
    with at_instant(at):
        session = create_session(
            call=call,
            held_on=held_on,
            place="Hôtel de la communauté urbaine, Le Havre, salle du conseil",
            secretary_title="Le chef du service Santé, sans voix",
            at=portal_now(),
        )
        convene(session=session, at=portal_now())
    return session


def score_all(call: Call, holders: Sequence[SeatHolder], at: datetime, *, late: SeatHolder | None = None) -> None:
    """Everyone declares, then scores; `late` leaves two files unscored."""
    with at_instant(at):
        for rank, holder in enumerate(holders):
            holder.refresh_from_db()
            declare_interests(holder=holder, links=dict.fromkeys(files_for(holder), ""), at=portal_now())
            files = [file for file in files_for(holder) if not recused(holder, file)]
            for n, application in enumerate(files[:-2] if holder == late else files):
                save_notes(
                    holder=holder, application=application, notes=notes(call, n, rank), comment="", at=portal_now()
                )
                submit_assessment(holder=holder, application=application, at=portal_now())


def recused(holder: SeatHolder, application: Application) -> bool:
    return holder.seat.recusals.filter(application=application).exists()


def sit(session: JurySession, holders: Sequence[SeatHolder], at: datetime) -> None:
    """Eight members come, one is excused; the president opens."""
    with at_instant(at):
        for holder in holders[:-1]:
            record_attendance(session=session, seat=holder.seat, presence="present", at=portal_now())
        record_attendance(session=session, seat=holders[-1].seat, presence="excused", at=portal_now())
        open_session(session=session, by=holders[0].user, at=portal_now())


REASONS = (
    "Réponse précise au vieillissement, engagement de la commune sur les cheminements.",
    "Besoin d’ingénierie avéré, participation des habitants bien préparée.",
    "Projet juste et modeste, utile à toute la commune.",
    "Ambition réelle pour la nature et la fraîcheur, calendrier à préciser.",
)


def vote(session: JurySession, holders: Sequence[SeatHolder], at: datetime, *, files: int | None = None) -> None:
    """The first `files` items (all by default) are voted one after another."""
    president, voters = holders[0].user, holders[:-1]
    for n, item in enumerate(session.items.order_by("position")[:files]):
        with at_instant(at + timedelta(minutes=25 * n)):
            if is_knocked_out(item):
                settle_without_vote(item=item, by=president)
                continue
            open_ballot(item=item, by=president)
            for rank, holder in enumerate(voters):
                if not recused(holder, item.application):
                    cast_vote(item=item, holder=holder, choice=choice(n, rank))
            item = close_ballot(item=item, by=president)
            record_reason(item=item, reason=REASONS[n % len(REASONS)])


def choice(file: int, rank: int) -> str:
    """Mostly in favour; one file is refused."""
    if file == 4:
        return "against" if rank % 3 else "abstain"
    return "for" if (file + rank) % 6 else "abstain"


def end_session(session: JurySession, holders: Sequence[SeatHolder], at: datetime) -> None:
    """Close, render the minutes, sign."""
    president = holders[0].user
    with at_instant(at):
        close_session(session=session, by=president, at=portal_now())
        render(FrozenDocument.objects.filter(kind="minutes", state="pending"))
        sign_minutes(session=session, by=president, at=portal_now() + timedelta(minutes=20))


def decide(call: Call, team: Team, at: datetime) -> Decision:
    """The board decides; two persons record it; letters are made, read and sent."""
    with at_instant(at):
        files = list(call.applications.filter(state__in=[states.ADMISSIBLE, states.INADMISSIBLE]).order_by("number"))
        lines: list[Line] = list(starting_lines(files, proposal_for(call)).values())
        approval = ask_decision(
            call=call,
            body="bureau communautaire",
            act_kind="délibération",
            act_number=f"BU-{at.year}-118",
            act_on=at.date(),
            lines=lines,
            asked_by=team.manager,
            approver=team.director,
            reason="",
            at=portal_now(),
        )
        approvals.answer(approval=approval, by=team.director, approved=True, at=portal_now())
        decision = Decision.objects.get(call=call)
        prepare_notices(decision=decision, by=team.manager, at=portal_now())
        notices = [line.notice for line in lines_of(decision)]
        render([notice.document for notice in notices])
        for notice in [line.notice for line in lines_of(decision)]:
            record_reading(user=team.manager, what=OPENED, object_key=document_key(notice), at=portal_now())
            mark_notice_read(notice=notice, by=team.manager, at=portal_now())
        send_notices(decision=decision, by=team.manager, at=portal_now())
    return decision
