"""Questions about juries. The person comes first; one function says who is recused, for lists, screens and votes alike."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Case, Exists, IntegerField, OuterRef, Prefetch, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from applications import states as file_states
from applications.models import Application, ApplicationMember
from calls.models import Call, CallRole
from calls.queries import active_roles, calls_staffed_by
from portal.accounts.models import Membership, User

from . import states
from .models import (
    AgendaItem,
    Assessment,
    Attendance,
    InterestDeclaration,
    JurySession,
    Recusal,
    Seat,
    SeatHolder,
)
from .rules import HELPING, MANAGING, FileFacts, VoteFacts

IN_JURY = frozenset({file_states.ADMISSIBLE, file_states.DECIDED})
TIED = (ApplicationMember.Role.LEAD, ApplicationMember.Role.MEMBER)
AUTOMATIC_REASON = "Lien avec une commune candidate de ce dossier"


# --- seats and their holders -------------------------------------------------------------------------------------


def in_office(at: datetime) -> Q:
    """Holders in office at an instant."""
    return Q(starts_at__lte=at) & (Q(ends_at=None) | Q(ends_at__gt=at))


def holders_of(user: User, at: datetime) -> QuerySet[SeatHolder]:
    """The seats that a person holds now. Whoever works on the call holds none, whatever the rows say."""
    works = CallRole.objects.filter(active_roles(at), user=user, call=OuterRef("seat__call"))
    held = SeatHolder.objects.filter(in_office(at), user=user, user__is_platform_admin=False).exclude(Exists(works))
    return held.select_related("seat__call__owner__profile", "organisation", "user").order_by("substitute", "pk")


def holder_of(user: User, call: Call, at: datetime) -> SeatHolder | None:
    """The seat that a person holds in a call, the full one first."""
    return holders_of(user, at).filter(seat__call=call).first()


def seats_of(call: Call, at: datetime) -> QuerySet[Seat]:
    """The seats of a jury with their holders in office, in order."""
    holders = SeatHolder.objects.filter(in_office(at)).select_related("user", "organisation").order_by("substitute", "pk")
    return call.seats.prefetch_related(Prefetch("holders", holders, to_attr="in_office"))


# --- files -------------------------------------------------------------------------------------------------------


def files_of(call: Call) -> QuerySet[Application]:
    """The files presented to the jury, by number."""
    files = call.applications.filter(state__in=IN_JURY)
    return files.select_related("lead__commune", "call__owner__profile").order_by("number")


def files_for(holder: SeatHolder) -> QuerySet[Application]:
    """The files as one member meets them: `recusal` (reason, or ""), `is_declared`, `my_state`, `my_total`.

    A recused one is in the list (one must know that one is recused), never open.
    """
    mine = Assessment.objects.filter(kind=Assessment.Kind.JURY, application=OuterRef("pk"), seat=holder.seat_id)
    said = InterestDeclaration.objects.filter(holder=holder, application=OuterRef("pk"))
    return files_of(holder.seat.call).annotate(
        recusal=recusal_reason(holder),
        is_declared=Exists(said),
        my_state=Coalesce(Subquery(mine.values("state")[:1]), Value("")),
        my_total=Subquery(mine.values("total")[:1]),
    )


def recusal_reason(holder: SeatHolder) -> Coalesce:
    """Why this member takes no part in an application (outer query): a row, or a tie that exists now; else ""."""
    row = Recusal.objects.filter(seat=holder.seat_id, application=OuterRef("pk"))
    tied = Exists(tied_members(holder).filter(application=OuterRef("pk")))
    return Coalesce(Subquery(row.values("reason")[:1]), Case(When(tied, then=Value(AUTOMATIC_REASON)), default=Value("")))


def tied_members(holder: SeatHolder) -> QuerySet[ApplicationMember]:
    """The applicants that a member represents or works for."""
    own = Membership.objects.filter(user=holder.user_id).exclude(state=Membership.State.ENDED)
    mine = Q(organisation=holder.organisation_id) if holder.organisation_id else Q(pk__in=())
    return ApplicationMember.objects.filter(
        mine | Q(organisation__in=own.values("organisation")), role__in=TIED, left_at=None
    )


def undeclared(holder: SeatHolder) -> QuerySet[Application]:
    """The files about which a member has not said anything yet, those from which they are recused left out."""
    return files_for(holder).filter(is_declared=False, recusal="")


def facts_about(holder: SeatHolder, application: Application) -> FileFacts:
    """What the rules ask of one member before one file."""
    file = Application.objects.filter(pk=application.pk).annotate(recusal=recusal_reason(holder)).get()
    item = AgendaItem.objects.filter(application=application).select_related("session").order_by("-pk").first()
    seat_sheet = Assessment.objects.filter(application=application, seat=holder.seat_id).first()
    return FileFacts(
        recusal=file.recusal,
        to_declare=undeclared(holder).count(),
        in_jury=application.state in IN_JURY and application.call_id == holder.seat.call_id,
        voting_seat=holder.seat.voting,
        session=item.session.state if item else "",
        another_author=seat_sheet is not None and seat_sheet.author_id != holder.user_id and still_holds(seat_sheet),
    )


def still_holds(sheet: Assessment) -> bool:
    """Whether the author of an assessment still holds its seat."""
    return SeatHolder.objects.filter(seat=sheet.seat_id, user=sheet.author_id, ends_at=None).exists()


def file_of_juror(user: User, uuid: object, at: datetime) -> tuple[SeatHolder, Application] | None:
    """A member's seat and a file of its call, or nothing: what exists elsewhere is not known here."""
    file = Application.objects.filter(uuid=uuid, state__in=IN_JURY).select_related("call__owner__profile", "lead__commune").first()
    holder = holder_of(user, file.call, at) if file else None
    return (holder, file) if file and holder else None


# --- sessions ----------------------------------------------------------------------------------------------------


def sessions_visible_to(user: User, at: datetime) -> QuerySet[JurySession]:
    """The sessions of one's juries, and of the calls that one manages."""
    seats = holders_of(user, at).values("seat__call_id")
    managed = calls_staffed_by(user, at, *HELPING).values("pk")
    sessions = JurySession.objects.filter(Q(call_id__in=seats) | Q(call_id__in=managed))
    return sessions.select_related("call__owner__profile", "call__jury_rules", "call__grid").order_by("held_on", "pk")


def managed_calls(user: User, at: datetime) -> QuerySet[Call]:
    """The calls whose jury a person composes."""
    return calls_staffed_by(user, at, *MANAGING)


def attendance_of(session: JurySession) -> QuerySet[Attendance]:
    """Who sits at a session, in the order of the seats."""
    rows = session.attendances.select_related("seat", "holder__user", "holder__organisation")
    return rows.order_by("seat__position")


def items_of(session: JurySession) -> QuerySet[AgendaItem]:
    """The agenda with its files and scores."""
    return session.items.select_related("application__lead__commune", "application__jury_score").order_by("position")


def recused_seats(applications: Iterable[Application]) -> dict[int, dict[int, str]]:
    """{application: {seat: reason}} from the rows."""
    found: dict[int, dict[int, str]] = {application.pk: {} for application in applications}
    for row in Recusal.objects.filter(application__in=list(found)):
        found[row.application_id][row.seat_id] = row.reason
    return found


def vote_facts(attendance: Attendance | None, item: AgendaItem, holder: SeatHolder) -> VoteFacts:
    """What the rules ask of one person before one ballot."""
    file = Application.objects.filter(pk=item.application_id).annotate(recusal=recusal_reason(holder)).get()
    sitting = attendance is not None and attendance.holder_id == holder.pk and is_here(attendance)
    return VoteFacts(
        session=item.session.state,
        item=item.state,
        recusal=file.recusal,
        to_declare=undeclared(holder).count(),
        voting_seat=holder.seat.voting,
        sitting=sitting,
        voted=item.votes.filter(seat=holder.seat_id).exists(),
    )


def is_here(attendance: Attendance) -> bool:
    return attendance.state == Attendance.State.PRESENT and attendance.left_at is None


def chairing(session: JurySession, application: Application | None = None) -> Attendance | None:
    """Who chairs: the president, else the first voting member in the order of the seats, here and not recused."""
    rows = attendance_of(session).filter(seat__voting=True, state=Attendance.State.PRESENT, left_at=None)
    if application is not None:
        rows = rows.exclude(seat__recusals__application=application)
    order = Case(When(seat__president=True, then=0), default=1, output_field=IntegerField())
    return rows.order_by(order, "seat__position").first()


def president_of(session: JurySession, at: datetime) -> SeatHolder | None:
    """The holder of the president's seat."""
    held = SeatHolder.objects.filter(in_office(at), seat__call=session.call_id, seat__president=True, substitute=False)
    return held.select_related("user", "seat").first()


def chairs(user: User, session: JurySession, at: datetime, application: Application | None = None) -> bool:
    """Whether this person chairs now, for one file when given. Before opening, the president does."""
    if session.state == states.PLANNED or application is None:
        president = president_of(session, at)
        if president is not None and president.user_id == user.pk:
            return True
    attendance = chairing(session, application)
    return attendance is not None and attendance.holder is not None and attendance.holder.user_id == user.pk


def next_session(call: Call) -> JurySession | None:
    """The session to come, or the one being held."""
    sessions = call.jury_sessions.filter(state__in=(states.PLANNED, states.OPEN))
    return sessions.order_by("held_on", "pk").first()
