"""Before and during the meeting: the order of the files, the slots of the hearings, what the communes answer."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time

from django.db import transaction

from applications.queries.staff import receivers
from applications.rules.completion import writes_for_file
from portal.accounts.models import User
from portal.core.calendar import wall_clock
from portal.core.outbox import enqueue_emails
from portal.core.rules import Refused, require

from .. import states
from ..emails import hearing_mail
from ..models import AgendaItem, Hearing, JurySession
from ..rules import can_answer_hearing
from ..slots import slots
from .sessions import lock_session


@transaction.atomic
def arrange(*, session: JurySession, order: Sequence[AgendaItem], hours: Mapping[int, time | None]) -> None:
    """Give the files their order, and each its hour of hearing ({item: hour or None}). Raises `Refused`."""
    require_coming(session)
    for position, item in enumerate(order, start=1):
        session.items.filter(application=item.application_id).update(position=position)
    known = {row.item_id: row for row in Hearing.objects.filter(item__session=session)}
    for item in order:
        set_slot(session, item, known.get(item.pk), hours.get(item.pk))


def set_slot(session: JurySession, item: AgendaItem, hearing: Hearing | None, hour: time | None) -> None:
    """A slot that moves is to be confirmed again; one that has been held does not move."""
    starts_at = wall_clock(session.held_on, hour) if hour else None
    if (hearing.starts_at if hearing else None) == starts_at:
        return
    if hearing is not None and hearing.started_at is not None:
        raise Refused(f"La candidature {item.application.number} a été entendue\u00a0: son audition ne change plus.")
    if hearing is not None:
        hearing.delete()
    if starts_at is not None:
        Hearing.objects.create(item=item, starts_at=starts_at, minutes=hearing_minutes(session))


def hearing_minutes(session: JurySession) -> int:
    """How long a hearing lasts, as the call says; twenty minutes when it does not."""
    return session.call.jury_rules.hearing_minutes or 20


def proposed_hours(session: JurySession, items: Sequence[AgendaItem], first: time, pause: int) -> dict[int, time]:
    """One slot after the other, in the order of the agenda, for the files that the rules of the call hear."""
    heard = [item for item in items if is_heard(session, item)]
    starts = slots(wall_clock(session.held_on, first), minutes=hearing_minutes(session), pause=pause, count=len(heard))
    return {item.pk: start.time() for item, start in zip(heard, starts, strict=True)}


def is_heard(session: JurySession, item: AgendaItem) -> bool:
    """Every file, or those whose notes reach the threshold of the call."""
    least = session.call.jury_rules.hearing_threshold
    score = getattr(item.application, "jury_score", None)
    return least is None or (score is not None and score.total is not None and score.total >= least)


@transaction.atomic
def invite_to_hearings(*, session: JurySession, at: datetime) -> int:
    """Mail each commune its slot; those already invited to theirs are not told twice. Returns how many communes."""
    require_coming(session)
    waiting = Hearing.objects.filter(item__session=session, invited_at=None).select_related("item__application__lead")
    for hearing in waiting:
        people = receivers(organisation=hearing.item.application.lead).select_related("user")
        mails = [hearing_mail(hearing, person.user.email) for person in people]
        enqueue_emails(mails, at=at)
    return waiting.update(invited_at=at)


@transaction.atomic
def answer_hearing(*, hearing: Hearing, by: User, comes: bool, message: str, at: datetime) -> None:
    """The commune confirms its slot, or says that it will not come. It may change its mind until it is heard."""
    current = Hearing.objects.select_for_update(of=("self",)).select_related("item__session").get(pk=hearing.pk)
    writes = writes_for_file(by, hearing.item.application)
    open_ = current.item.session.state in states.COMING and current.started_at is None
    require(can_answer_hearing(writes=writes, open_=open_))
    current.reply = Hearing.Reply.CONFIRMED if comes else Hearing.Reply.DECLINED
    current.message, current.answered_at, current.answered_by = message, at, by
    current.save(update_fields=["reply", "message", "answered_at", "answered_by"])


@transaction.atomic
def time_hearing(*, item: AgendaItem, at: datetime, start: bool) -> None:
    """Start the hearing of a file, or end it. Raises `Refused`."""
    session = lock_session(item.session)
    if session.state != states.OPEN:
        raise Refused("La séance n’est pas ouverte.")
    hearing = Hearing.objects.select_for_update().filter(item=item).first()
    if hearing is None:
        raise Refused("Cette candidature n’a pas d’audition à l’ordre du jour.")
    if start and hearing.started_at is None:
        running = Hearing.objects.filter(item__session=session, started_at__isnull=False, ended_at=None)
        if running.exists():
            raise Refused("Une autre audition est en cours\u00a0: terminez-la d’abord.")
        Hearing.objects.filter(pk=hearing.pk).update(started_at=at)
    elif not start and hearing.started_at is not None and hearing.ended_at is None:
        Hearing.objects.filter(pk=hearing.pk).update(ended_at=at)
    else:
        raise Refused("Cette audition a déjà commencé." if start else "Cette audition n’est pas en cours.")


@transaction.atomic
def write_discussion(*, item: AgendaItem, text: str) -> None:
    """What was said of a file, for the minutes; open until the session closes."""
    session = lock_session(item.session)
    if session.state not in states.MEETING:
        raise Refused("La note de débat s’écrit en séance.")
    AgendaItem.objects.filter(pk=item.pk).update(discussion=text.strip())


def require_coming(session: JurySession) -> None:
    if lock_session(session).state not in states.COMING:
        raise Refused("La séance a eu lieu\u00a0: son ordre du jour ne change plus.")
