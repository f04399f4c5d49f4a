"""Seats, their holders and the files they meet. One function says who is recused, for lists and votes alike."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from applications import states as file_states
from applications.models import Application, ApplicationMember
from applications.rankings import has_grid
from calls.models import Call, CallRole
from calls.queries import active_roles, calls_staffed_by
from portal.accounts.models import Membership, User
from portal.core.calendar import day_of
from portal.core.clock import portal_now
from portal.territories.models import Commune

from .. import states
from ..models import AgendaItem, Assessment, Assignment, InterestDeclaration, JurySession, Recusal, Seat, SeatHolder
from ..phases import ALWAYS, Phase, is_final, notes_are_open, phase_on, read_phases
from ..rules import MANAGING, FileFacts, can_read
from .links import found_links

IN_JURY = frozenset({file_states.ADMISSIBLE, file_states.DECIDED})
TIED = (ApplicationMember.Role.LEAD, ApplicationMember.Role.MEMBER, ApplicationMember.Role.MANDATARY)
AUTOMATIC_REASON = "Lien avec une commune candidate de ce dossier"
NOTHING = Value([], output_field=ArrayField(CharField(max_length=20)))


# --- seats and their holders -------------------------------------------------------------------------------------


def in_office(at: datetime) -> Q:
    """Holders in office at an instant."""
    return Q(starts_at__lte=at) & (Q(ends_at=None) | Q(ends_at__gt=at))


def holders_of(user: User, at: datetime) -> QuerySet[SeatHolder]:
    """The seats that a person holds now. Whoever works on the call holds none, whatever the rows say."""
    works = CallRole.objects.filter(active_roles(at), user=user, call=OuterRef("seat__call"))
    held = SeatHolder.objects.filter(in_office(at), user=user, user__is_platform_admin=False).exclude(Exists(works))
    return held.select_related("seat__call__owner__profile", "seat__call__grid", "organisation", "user").order_by(
        "substitute", "pk"
    )


def holder_of(user: User, call: Call, at: datetime) -> SeatHolder | None:
    """The seat that a person holds in a call, the full one first."""
    return holders_of(user, at).filter(seat__call=call).first()


def holders_by_seat(call: Call, at: datetime) -> dict[int, list[SeatHolder]]:
    """{seat: its holders in office, the full one first}."""
    return {seat.pk: seat.in_office for seat in seats_of(call, at)}


def seats_of(call: Call, at: datetime) -> QuerySet[Any]:
    """The seats of a jury with their holders in office, in order."""
    holders = (
        SeatHolder.objects.filter(in_office(at)).select_related("user", "organisation").order_by("substitute", "pk")
    )
    return call.seats.prefetch_related(Prefetch("holders", holders, to_attr="in_office"))


# --- files -------------------------------------------------------------------------------------------------------


def files_of(call: Call) -> QuerySet[Application]:
    """The files presented to the jury, by number."""
    files = call.applications.filter(state__in=IN_JURY)
    return files.select_related("lead__commune", "call__owner__profile").order_by("number")


def files_of_seat(seat: Seat) -> QuerySet[Application]:
    """The files of which a seat judges: none when it observes, those of its département when it has one."""
    files = files_of(seat.call)
    if seat.observer:
        return files.none()
    return files.filter(in_department(seat.department_id)) if seat.department_id else files


def in_department(code: str) -> Q:
    """The files led from a département: by one of its communes, by itself, or by an intercommunality there."""
    there = Commune.objects.filter(intercommunality=OuterRef("lead__intercommunality"), department=code)
    return Q(lead__commune__department=code) | Q(lead__department=code) | Exists(there)


def concerns(seat: Seat, application: Application) -> bool:
    """Whether a seat judges of a file."""
    return seat.department_id is None or files_of_seat(seat).filter(pk=application.pk).exists()


def seats_apart(call: Call, application: Application) -> frozenset[int]:
    """The seats of other départements than the file's: they count for nothing in it."""
    changing = call.seats.filter(department__isnull=False)
    return frozenset(seat.pk for seat in changing if not concerns(seat, application))


def files_for(holder: SeatHolder) -> QuerySet[Any]:
    """The files as one member meets them: `recusal` (reason, or ""), `is_declared`, `assigned`, `my_state`, `my_total`.

    A recused one is in the list (one must know that one is recused), never open.
    """
    mine = Assessment.objects.filter(kind=Assessment.Kind.JURY, application=OuterRef("pk"), seat=holder.seat_id)
    said = InterestDeclaration.objects.filter(holder=holder, application=OuterRef("pk"))
    return files_of_seat(holder.seat).annotate(
        recusal=recusal_reason(holder),
        is_declared=Exists(said),
        my_state=Coalesce(Subquery(mine.values("state")[:1]), Value("")),
        my_total=Subquery(mine.values("total")[:1]),
        assigned=is_assigned(holder.seat),
    )


def readers_of(call: Call) -> int | None:
    """How many members note each file; None when all of them do."""
    return (call.extras.get("jury") or {}).get("readers")


def phases_of(call: Call) -> tuple[Phase, ...]:
    """The dated phases of a jury; none in most."""
    return read_phases((call.extras.get("jury") or {}).get("phases", ()))


def session_day(call: Call) -> date | None:
    """The day of the session to come, or of the one being held, from which phases are counted."""
    sessions = call.jury_sessions.filter(state__in=states.COMING).order_by("held_on", "pk")
    return sessions.values_list("held_on", flat=True).first()


def phase_of(call: Call, at: datetime) -> Phase | None:
    """The phase in force; a query only in a call that has some."""
    phases = phases_of(call)
    return phase_on(phases, session_day(call), day_of(at)) if phases else ALWAYS


def noting_now(call: Call) -> bool:
    """Whether the phase of today lets members note."""
    return bool(phase_facts(call).get("notes_open", True))


def phase_facts(call: Call) -> dict[str, Any]:
    """What the phase of today says of notes; no query in a call without phases."""
    phases = phases_of(call)
    if not phases:
        return {}
    held_on, today = session_day(call), day_of(portal_now())
    return {
        "notes_open": notes_are_open(phases, held_on, today),
        "final": is_final(phase_on(phases, held_on, today)),
    }


def is_assigned(seat: Seat) -> Any:
    """Whether a seat notes an application (outer query)."""
    if readers_of(seat.call) is None:
        return Value(True)
    return Exists(Assignment.objects.filter(seat=seat, application=OuterRef("pk")))


def to_note(files: QuerySet[Any]) -> QuerySet[Any]:
    """Of the files of `files_for`, those that this member may note and has not submitted."""
    return files.filter(recusal="", assigned=True).exclude(my_state=states.SUBMITTED)


def noted_so_far(files: QuerySet[Any]) -> dict[str, int]:
    """Of the files of `files_for`: `noted`, submitted by this member; `awaited`, entrusted to them."""
    return files.order_by().aggregate(
        noted=Count("pk", filter=Q(my_state=states.SUBMITTED)), awaited=Count("pk", filter=Q(recusal="", assigned=True))
    )


def recusal_reason(holder: SeatHolder) -> Coalesce:
    """Why this member takes no part in an application (outer query): a row, or a tie that exists now; else ""."""
    row = Recusal.objects.filter(seat=holder.seat_id, application=OuterRef("pk"))
    tied = Exists(tied_members(holder).filter(application=OuterRef("pk")))
    return Coalesce(
        Subquery(row.values("reason")[:1]), Case(When(tied, then=Value(AUTOMATIC_REASON)), default=Value(""))
    )


def tied_members(holder: SeatHolder) -> QuerySet[ApplicationMember]:
    """The applicants, or the body that acts for them, that a member represents or works for."""
    own = Membership.objects.filter(user=holder.user_id).exclude(state=Membership.State.ENDED)
    mine = Q(organisation=holder.organisation_id) if holder.organisation_id else Q(pk__in=())
    return ApplicationMember.objects.filter(
        mine | Q(organisation__in=own.values("organisation")),
        role__in=TIED,
        confirmed_at__isnull=False,
        left_at=None,
    )


def reads_as_juror(user: User, application: Application) -> bool:
    """Whether a member may read this file: in the jury, every link declared, not recused."""
    if application.state not in IN_JURY:
        return False
    holder = holder_of(user, application.call, portal_now())
    return holder is not None and bool(can_read(facts_about(holder, application)))


def undeclared(holder: SeatHolder) -> QuerySet[Any]:
    """The files about which a member has something to say, those from which they are recused left out: nothing said
    yet, or a link found since (`found`: what the portal finds now)."""
    said = InterestDeclaration.objects.filter(holder=holder, application=OuterRef("pk"))
    files = files_for(holder).annotate(
        found=found_links(holder), answered=Coalesce(Subquery(said.values("found")[:1]), NOTHING)
    )
    return files.filter(Q(is_declared=False) | ~Q(answered__contains=F("found")), recusal="")


def facts_about(holder: SeatHolder, application: Application, *, alone: bool = False) -> FileFacts:
    """What the rules ask of one member before one file: two queries.

    `alone`: only this file must have been declared, as at each save of a file already opened.
    """
    unsaid = undeclared(holder).filter(pk=application.pk) if alone else undeclared(holder)
    items = AgendaItem.objects.filter(application=OuterRef("pk")).order_by("-pk")
    others = Assessment.objects.filter(application=OuterRef("pk"), seat=holder.seat_id).exclude(author=holder.user_id)
    still_there = SeatHolder.objects.filter(seat=OuterRef("seat"), user=OuterRef("author"), ends_at=None)
    file = (
        Application.objects.filter(pk=application.pk)
        .annotate(
            recusal=recusal_reason(holder),
            session=Coalesce(Subquery(items.values("session__state")[:1]), Value("")),
            another=Exists(others.filter(Exists(still_there))),
            assigned=is_assigned(holder.seat),
        )
        .get()
    )
    return FileFacts(
        recusal=file.recusal,
        to_declare=unsaid.count(),
        in_jury=application.state in IN_JURY and application.call_id == holder.seat.call_id,
        concerned=concerns(holder.seat, application),
        assigned=file.assigned,
        observer=holder.seat.observer,
        voting_seat=holder.seat.voting,
        session=file.session,
        graded=has_grid(holder.seat.call),
        another_author=file.another,
        **phase_facts(holder.seat.call),
    )


def file_of_juror(user: User, uuid: UUID | str, at: datetime) -> tuple[SeatHolder, Application] | None:
    """A member's seat and a file of its call, or nothing: what exists elsewhere is not known here."""
    file = (
        Application.objects.filter(uuid=uuid, state__in=IN_JURY)
        .select_related("call__owner__profile", "lead__commune")
        .first()
    )
    holder = holder_of(user, file.call, at) if file else None
    return (holder, file) if file and holder else None


def managed_calls(user: User, at: datetime) -> QuerySet[Call]:
    """The calls whose jury a person composes."""
    return calls_staffed_by(user, at, *MANAGING, whole=True)


def juries_to_settle(user: User, at: datetime) -> QuerySet[Call]:
    """Those that wait for something: seats to make, to fill, a session to convene. `seated`, `vacant` count seats."""
    empty = Seat.objects.filter(call=OuterRef("pk")).exclude(holders__ends_at=None, holders__substitute=False)
    vacant = empty.order_by().values("call").annotate(n=Count("pk")).values("n")
    coming = JurySession.objects.filter(state__in=states.COMING).order_by("held_on", "pk")
    calls = managed_calls(user, at).filter(jury_rules__isnull=False, seat_templates__isnull=False)
    calls = calls.annotate(seated=Count("seats", distinct=True), vacant=Coalesce(Subquery(vacant), 0))
    unsettled = Q(seated=0) | Q(vacant__gt=0) | Exists(coming.filter(call=OuterRef("pk"), convened_at=None))
    return calls.filter(unsettled).prefetch_related(Prefetch("jury_sessions", coming, "coming")).order_by("pk")
