"""Sessions: agenda, attendance, who chairs, what the rules ask before a ballot."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Case, IntegerField, Q, QuerySet, When

from applications.models import Application, DecisionLine
from applications.queries.files import own_applications
from calls.models import Call
from calls.queries import calls_staffed_by
from portal.accounts.models import User
from portal.core.rules import YES, Answer, no

from .. import states
from ..ballot import Count, Verdict, steps_in, tie_steps, verdict
from ..models import AgendaItem, Attendance, Hearing, JurySession, Proxy, Recusal, SeatHolder, Vote
from ..quorum import Quorum, QuorumRules, SeatFact, quorum_of, read_rules
from ..rules import HELPING, VoteFacts, can_chair, in_its_window
from ..stays import Move, Stay, stays
from .members import concerns, holders_of, in_office, recusal_reason, seats_apart, undeclared
from .presence import effects, is_here, proxies_count, proxies_of


def sessions_visible_to(user: User, at: datetime) -> QuerySet[JurySession]:
    """The sessions of one's juries, and of the calls that one manages."""
    seats = holders_of(user, at).values("seat__call_id")
    managed = calls_staffed_by(user, at, *HELPING, whole=True).values("pk")
    sessions = JurySession.objects.filter(Q(call_id__in=seats) | Q(call_id__in=managed))
    return sessions.select_related("call__owner__profile", "call__jury_rules", "call__grid").order_by("held_on", "pk")


def attendance_of(session: JurySession) -> QuerySet[Attendance]:
    """Who sits at a session, in the order of the seats."""
    rows = session.attendances.select_related(
        "seat", "holder__user", "holder__organisation", "session__call__jury_rules"
    )
    return rows.order_by("seat__position")


def stays_of(attendance: Attendance) -> list[Stay]:
    """When this seat was held."""
    return stays(Move(row.kind, row.happened_at) for row in attendance.moves.all())


def items_of(session: JurySession) -> QuerySet[AgendaItem]:
    """The agenda with its files and scores."""
    return session.items.select_related("application__lead__commune", "application__jury_score").order_by(
        "position", "round"
    )


def hearings_of(session: JurySession) -> dict[int, Hearing]:
    """{item: its hearing}."""
    return {row.item_id: row for row in Hearing.objects.filter(item__session=session).select_related("answered_by")}


def hearing_for(application: Application) -> QuerySet[Hearing]:
    """The slot that the commune was told of, the latest one."""
    told = Hearing.objects.filter(item__application=application, invited_at__isnull=False)
    latest = told.order_by("-starts_at").values("pk")[:1]
    return Hearing.objects.filter(pk__in=latest).select_related("item__session__call", "item__application__call")


def hearings_to_confirm(user: User) -> QuerySet[Hearing]:
    """What awaits an answer of one's communes, session not held yet."""
    waiting = Hearing.objects.filter(
        invited_at__isnull=False, reply="", started_at=None, item__session__state__in=states.COMING
    )
    mine = waiting.filter(item__application__in=own_applications(user).order_by().values("pk"))
    return mine.select_related("item__application__call", "item__session").order_by("starts_at")


def recused_seats(applications: Iterable[Application]) -> dict[int, dict[int, str]]:
    """{application: {seat: reason}} from the rows."""
    found: dict[int, dict[int, str]] = {application.pk: {} for application in applications}
    for row in Recusal.objects.filter(application__in=list(found)):
        found[row.application_id][row.seat_id] = row.reason
    return found


def recused_files(holder: SeatHolder, session: JurySession) -> frozenset[int]:
    """The files of a session of which this member must see nothing."""
    files = Application.objects.filter(agenda_items__session=session).annotate(recusal=recusal_reason(holder))
    return frozenset(files.exclude(recusal="").values_list("pk", flat=True))


def recused_by_person(user: User, session: JurySession, at: datetime) -> bool:
    """Whether this person sits on a seat recused from a file of the session."""
    holder = holders_of(user, at).filter(seat__call=session.call_id).first()
    return holder is not None and bool(recused_files(holder, session))


def untold_files(holder: SeatHolder, session: JurySession) -> frozenset[int]:
    """Of the files of which a member must see nothing, those whose result nobody has been told: once the decision is
    notified, anyone may read it."""
    files = recused_files(holder, session)
    told = DecisionLine.objects.filter(decision__notified_at__isnull=False, application__in=files)
    return files - frozenset(told.values_list("application_id", flat=True))


def undeclared_in(session: JurySession, holder: SeatHolder) -> QuerySet[Application]:
    """The files of this agenda about which a member has not said anything: one admitted meanwhile stops no vote."""
    return undeclared(holder).filter(agenda_items__session=session)


def vote_facts(attendance: Attendance | None, item: AgendaItem, holder: SeatHolder, at: datetime) -> VoteFacts:
    """What the rules ask of one person before one ballot."""
    file = Application.objects.filter(pk=item.application_id).annotate(recusal=recusal_reason(holder)).get()
    sitting = attendance is not None and attendance.holder_id == holder.pk and is_here(attendance)
    return VoteFacts(
        session=item.session.state,
        item=item.state,
        recusal=file.recusal,
        to_declare=undeclared_in(item.session, holder).count(),
        concerned=concerns(holder.seat, item.application),
        voting_seat=holder.seat.voting,
        sitting=sitting,
        voted=item.votes.filter(seat=holder.seat_id).exists(),
        window=in_its_window(item.opened_at, item.closes_at, at),
    )


def hands_awaited(item: AgendaItem) -> list[Attendance]:
    """The voting seats here for this file, or represented, that have put no ballot in the box."""
    rows = attendance_of(item.session).filter(seat__voting=True).exclude(seat__votes__item=item.pk)
    rows = rows.exclude(seat__recusals__application=item.application_id)
    apart, borne = seats_apart(item.session.call, item.application), represented(item)
    return [row for row in rows if row.seat_id not in apart and (is_here(row) or row.seat_id in borne)]


def proxy_effects(item: AgendaItem) -> list[tuple[Proxy, Answer]]:
    """Each proxy of the session, and whether it has effect on this file."""
    proxies = list(proxies_of(item.session))
    if not proxies:
        return []
    recused = recused_seats([item.application])[item.application_id]
    apart = seats_apart(item.session.call, item.application)
    return effects(proxies, attendance_of(item.session), recused, apart)


def represented(item: AgendaItem) -> dict[int, Proxy]:
    """{giver's seat: the proxy that has effect on this file}."""
    return {proxy.giver_id: proxy for proxy, answer in proxy_effects(item) if answer}


def borne_by(holder: SeatHolder, item: AgendaItem) -> list[Proxy]:
    """The proxies that this member may still use on this file."""
    voted = set(item.votes.values_list("seat_id", flat=True))
    return [
        proxy for seat, proxy in represented(item).items() if proxy.bearer_id == holder.seat_id and seat not in voted
    ]


def session_quorum(session: JurySession) -> Quorum:
    """The quorum of the meeting, nobody recused."""
    rows = list(attendance_of(session))
    given = [proxy.giver_id for proxy, answer in effects(proxies_of(session), rows) if answer]
    return quorum_with(rows, frozenset(), session.call, frozenset(given))


def item_quorum(item: AgendaItem) -> Quorum:
    """The quorum of one file: the recused are out of the count."""
    recused = frozenset(recused_seats([item.application])[item.application_id])
    apart = seats_apart(item.session.call, item.application)
    rows = [row for row in attendance_of(item.session) if row.seat_id not in apart]
    if item.closes_at is not None:
        voted = frozenset(item.votes.values_list("seat_id", flat=True))
        return quorum_with(rows, recused, item.session.call, voted=voted)
    return quorum_with(rows, recused, item.session.call, frozenset(represented(item)))


def quorum_with(
    rows: Iterable[Attendance],
    recused: frozenset[int],
    call: Call,
    given: frozenset[int] = frozenset(),
    *,
    voted: frozenset[int] | None = None,
) -> Quorum:
    """`given`: the seats whose proxy has effect; they count as present where the call says so. `voted`: in a written
    consultation, whoever votes takes part, and nobody else."""
    required, given = required_seats(call), given if proxies_count(call) else frozenset()
    facts = [
        SeatFact(
            voting=row.seat.voting,
            present=is_here(row) or row.seat_id in given if voted is None else row.seat_id in voted,
            recused=row.seat_id in recused,
            required=row.seat.code in required,
            label=row.seat.label,
            college=row.seat.college,
        )
        for row in rows
    ]
    return quorum_of(facts, quorum_rules(call))


def quorum_rules(call: Call) -> QuorumRules:
    return read_rules(call.jury_rules.quorum, call.extras.get("jury") or {})


def required_seats(call: Call) -> frozenset[str]:
    """The codes of the seats without which there is no quorum."""
    return frozenset((call.extras.get("jury") or {}).get("required_seats", ()))


def steps_of(call: Call) -> tuple[str, ...]:
    """What the rules of the call do on an even vote, step after step."""
    tie = (call.extras.get("jury") or {}).get("tie", ())
    return tie_steps(tie, casting_vote=call.jury_rules.casting_vote)


def next_step(item: AgendaItem) -> str:
    """What an even vote still asks of people; empty when the ballot is settled, or a second one is under way."""
    if (
        item.result != AgendaItem.Result.TIED
        or item.session.items.filter(application=item.application_id, round__gt=item.round).exists()
    ):
        return ""
    return verdict_of(item).step


def verdict_of(item: AgendaItem) -> Verdict:
    """The verdict of a closed ballot and its sentence, from the counts frozen at closing."""
    call = item.session.call
    president = chair_choice(counted_votes(item))
    box = Count(item.votes_for or 0, item.votes_against or 0, item.abstentions or 0)
    steps = steps_in(steps_of(call), item.round)
    return verdict(box, majority=call.jury_rules.majority, steps=steps, president=president)


def counted_votes(item: AgendaItem) -> list[Vote]:
    """The ballots that count: those of the seats that are not recused, cast by someone who is not."""
    votes = item.votes.exclude(seat__recusals__application=item.application_id)
    votes = votes.exclude(proxy__bearer__recusals__application=item.application_id)
    return list(votes.select_related("seat"))


def chair_choice(votes: Iterable[Vote]) -> str | None:
    """How the president voted in person: a proxy carries a vote, never the casting vote."""
    return next((vote.choice for vote in votes if vote.seat.president and vote.proxy_id is None), None)


def last_ballots(items: Iterable[AgendaItem]) -> list[AgendaItem]:
    """The last ballot of each file, in the order of the items."""
    latest = {item.application_id: item for item in items}
    return list(latest.values())


def chairing(session: JurySession, application: Application | None = None) -> Attendance | None:
    """Who chairs: the president, else a co-chair, else the first voting member in the order of the seats, here, not
    recused."""
    rows = attendance_of(session).filter(seat__voting=True, state=Attendance.State.PRESENT, left_at=None)
    if application is not None:
        apart = seats_apart(session.call, application)
        rows = rows.exclude(seat__recusals__application=application).exclude(seat__in=apart)
    order = Case(
        When(seat__president=True, then=0), When(seat__co_chair=True, then=1), default=2, output_field=IntegerField()
    )
    return rows.order_by(order, "seat__position").first()


def president_of(session: JurySession, at: datetime) -> SeatHolder | None:
    """The holder of the president's seat."""
    held = SeatHolder.objects.filter(in_office(at), seat__call=session.call_id, seat__president=True, substitute=False)
    return held.select_related("user", "seat").first()


def chairs(user: User, session: JurySession, at: datetime, application: Application | None = None) -> bool:
    """Whether this person chairs now, for one file when given: the president, or in their place the first member, here.

    Before opening, the president does, who may still be on the way.
    """
    if session.state == states.PLANNED:
        president = president_of(session, at)
        if president is not None and president.user_id == user.pk:
            return True
    return sits_in_chair(user, session, application)


def sits_in_chair(user: User, session: JurySession, application: Application | None = None) -> bool:
    """Whether this person is noted present, and is the one who chairs."""
    attendance = chairing(session, application)
    return attendance is not None and attendance.holder is not None and attendance.holder.user_id == user.pk


def session_opened(call: Call) -> bool:
    """Whether a session of the call was ever opened."""
    return call.jury_sessions.filter(opened_at__isnull=False).exists()


def closes(user: User, session: JurySession, tied: Sequence[Application], *, presides: bool) -> Answer:
    """Who closes: the chair (`presides`). A tie is not settled by someone recused from a file of the session: another
    member, recused from none of the tied files, closes in their place, when there is one."""
    chair = chairing(session) if tied else None
    if chair and chair.holder and recused_files(chair.holder, session):
        others = attendance_of(session).filter(seat__voting=True, state=Attendance.State.PRESENT, left_at=None)
        free = others.exclude(seat__recusals__application__in=tied).exclude(pk=chair.pk).exclude(holder=None)
        stand_in = free.first()
        if stand_in is not None:
            return stands_in(user, stand_in)
    return can_chair(chairs=presides)


def stands_in(user: User, attendance: Attendance) -> Answer:
    if attendance.holder is not None and attendance.holder.user_id == user.pk:
        return YES
    return no(
        "Une égalité est à départager, et la présidence est déportée d’un dossier de la séance\u00a0: "
        f"c’est le siège «\u202f{attendance.seat.label}\u202f» qui clôt la séance."
    )


def has_sat(call: Call) -> bool:
    """Whether the jury has met, and does not meet again: nothing more is noted."""
    held = set(call.jury_sessions.values_list("state", flat=True))
    return bool(held) and not held & states.COMING


def next_session(call: Call) -> JurySession | None:
    """The session to come, or the one being held."""
    sessions = call.jury_sessions.filter(state__in=states.COMING)
    return sessions.order_by("held_on", "pk").first()
