"""Acts around a project: plan and report a visit, write a message, convene and record a meeting."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse

from portal.accounts.models import User
from portal.core.calendar import day_of
from portal.core.rules import Refused
from portal.core.typography import format_instant
from portal.core.workflow import fire

from . import states
from .documents import request_meeting_minutes
from .emails import commune_people, team_people, write
from .models import Attendee, Consultation, LogEntry, Meeting, Message, SupportPlan, Task, Visit
from .services import write_log


@transaction.atomic
def report_visit(*, visit: Visit, by: User, at: datetime, **told: Any) -> LogEntry:
    """A planned visit is done: its entry of the logbook tells it. Raises `Refused`."""
    locked = Visit.objects.select_for_update().get(pk=visit.pk)
    if locked.entry_id or locked.cancelled_on:
        raise Refused("Cette visite est déjà racontée, ou annulée.")
    entry = write_log(plan=visit.plan, by=by, at=at, **told)
    Visit.objects.filter(pk=visit.pk).update(entry=entry)
    return entry


def cancel_visit(*, visit: Visit, at: datetime) -> None:
    Visit.objects.filter(pk=visit.pk, entry=None).update(cancelled_on=day_of(at))


@transaction.atomic
def post_message(*, plan: SupportPlan, text: str, by: User, from_commune: bool, at: datetime) -> Message:
    """One more message; the other side is told by mail, each person once."""
    message = Message.objects.create(plan=plan, author=by, text=text, written_at=at, from_commune=from_commune)
    to = (team_people(plan) if from_commune else commune_people(plan)) - {by.email}
    write(
        plan, "message", to=to, fact=f"message:{message.pk}", at=at, label="Lire et répondre",
        path=reverse("plan_messages", args=[plan.uuid]), message=message,
    )  # fmt: skip
    return message


def plans_of(meeting: Meeting) -> list[SupportPlan]:
    """The projects that a meeting concerns: its own, or all those of the call under way."""
    plans = SupportPlan.objects.select_related("application__call__owner__profile", "application__lead", "adviser")
    if meeting.plan_id:
        return [plans.get(pk=meeting.plan_id)]
    return list(plans.filter(application__call=meeting.call, state=states.ACTIVE).order_by("pk"))


@transaction.atomic
def convene(*, meeting: Meeting, by: User, at: datetime) -> Meeting:
    """Write a meeting filled by its form, convene each commune and the adviser. Raises `Refused` in the past."""
    if meeting.held_at <= at:
        raise Refused("Choisissez une date à venir : une réunion passée se note au journal.")
    meeting.convened_by = by
    meeting.save()
    plans = plans_of(meeting)
    leads = {plan.application.lead_id: plan.application.lead for plan in plans}
    Attendee.objects.bulk_create(
        Attendee(
            meeting=meeting, organisation=lead, title="La commune, par la personne qu’elle désigne", body=lead.name
        )
        for lead in leads.values()
    )
    title = by.role_title or "L’équipe d’accompagnement"
    Attendee.objects.create(meeting=meeting, title=title, body=meeting.call.owner.name, answer=Attendee.Answer.COMING)
    tell(meeting, plans, at)
    return meeting


def tell(meeting: Meeting, plans: list[SupportPlan], at: datetime, reason: str = "") -> None:
    """The invitation, again when its day has changed, or the cancellation."""
    when = format_instant(meeting.held_at)
    for plan in plans:
        write(
            plan, "meeting", to=commune_people(plan) | team_people(plan), at=at, label="Ouvrir la réunion",
            fact=f"meeting:{meeting.pk}:{meeting.held_at.isoformat()}:{meeting.state}",
            path=reverse("meeting", args=[meeting.uuid]), meeting=meeting, when=when, reason=reason,
        )  # fmt: skip


@transaction.atomic
def move(*, meeting: Meeting, at: datetime) -> None:
    """The day, place or agenda of a meeting to come have changed. Raises `Refused`."""
    if Meeting.objects.select_for_update().get(pk=meeting.pk).state != states.PLANNED:
        raise Refused("Cette réunion n’est plus à venir : elle ne se déplace plus.")
    if meeting.held_at <= at:
        raise Refused("Choisissez une date à venir.")
    meeting.save()
    tell(meeting, plans_of(meeting), at)


@transaction.atomic
def cancel(*, meeting: Meeting, by: User, at: datetime, reason: str) -> None:
    fire(meeting, states.CANCEL, by=by, at=at, reason=reason)
    tell(meeting, plans_of(meeting), at, reason)


def answer(*, attendee: Attendee, coming: bool, at: datetime) -> None:
    """A commune says whether it comes. Raises `Refused` once the meeting is past."""
    if attendee.meeting.state != states.PLANNED or attendee.meeting.held_at <= at:
        raise Refused("Cette réunion est passée, ou annulée : il n’y a plus à répondre.")
    said = Attendee.Answer.COMING if coming else Attendee.Answer.EXCUSED
    Attendee.objects.filter(pk=attendee.pk).update(answer=said)


@transaction.atomic
def record(
    *, meeting: Meeting, presences: Mapping[int, str], summary: str, decisions: str, by: User, at: datetime
) -> None:
    """Who came, what was said and decided; the minutes, asked again, are a new version. Raises `Refused`."""
    if meeting.held_at > at:
        raise Refused("La réunion n’a pas encore eu lieu.")
    fire(meeting, states.HOLD, by=by, at=at, stamps={"summary": summary, "decisions": decisions})
    for row in meeting.attendees.all():
        row.presence = presences.get(row.pk, "")
        row.save(update_fields=["presence"])


def add_task(*, meeting: Meeting, task: Task) -> None:
    task.meeting, task.plan = meeting, task.plan or meeting.plan
    task.save()


@transaction.atomic
def finish_task(*, task: Task, by: User, at: datetime) -> None:
    if not Task.objects.filter(pk=task.pk, done_on=None).update(done_on=day_of(at), done_by=by):
        raise Refused("C’est déjà fait.")


@transaction.atomic
def issue_minutes(*, meeting: Meeting, at: datetime) -> None:
    """Freeze the minutes and send them to the communes and to the adviser. Raises `Refused`."""
    current = Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
    if current.state != states.HELD:
        raise Refused("Enregistrez d’abord les présences et les décisions.")
    document = request_meeting_minutes(meeting, at)
    Meeting.objects.filter(pk=meeting.pk).update(minutes=document)
    for plan in plans_of(meeting):
        write(
            plan, "meeting_minutes", to=commune_people(plan) | team_people(plan), at=at, label="Ouvrir la réunion",
            fact=f"minutes:{document.uuid}", path=reverse("meeting", args=[meeting.uuid]), attachment=document,
            meeting=meeting, when=format_instant(meeting.held_at),
        )  # fmt: skip


def tell_deliverable(*, consultation: Consultation, at: datetime) -> None:
    """A provider has handed its deliverable: the communes and the adviser are told."""
    plan = consultation.plan
    write(
        plan, "deliverable", to=commune_people(plan) | team_people(plan), at=at, label="Ouvrir les consultations",
        fact=f"deliverable:{consultation.pk}:{consultation.deliverable_file_id}",
        path=reverse("sheet", args=[plan.uuid, "consultations"]), consultation=consultation,
    )  # fmt: skip
