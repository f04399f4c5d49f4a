"""What the people of a support say to one another: visits, meetings and their tasks, messages."""

import uuid

from django.db import models
from django.db.models import Q

from calls.models import Call
from portal.accounts.models import Organisation, User
from portal.core.models import FrozenDocument
from portal.core.workflow import TransitionLog

from .. import states
from .actions import PlanAction
from .plan import LogEntry, SupportPlan


class Visit(models.Model):
    """A visit planned on the spot; once it is reported, its entry of the logbook tells it."""

    plan = models.ForeignKey(SupportPlan, models.PROTECT, related_name="visits")
    planned_on = models.DateField("Date")
    purpose = models.CharField("Objet", max_length=150, help_text="Par exemple : repérage de la traversée")
    place = models.CharField("Lieu", max_length=200, blank=True)
    planned_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    cancelled_on = models.DateField(null=True)
    entry = models.OneToOneField(LogEntry, models.PROTECT, null=True, related_name="visit")

    class Meta:
        ordering = ["planned_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(cancelled_on=None) | Q(entry=None), name="visit_cancelled_is_not_reported"
            )
        ]

    def __str__(self) -> str:
        return self.purpose


class Message(models.Model):
    """One message of the thread of a project, read by the team and by the communes. Append-only."""

    plan = models.ForeignKey(SupportPlan, models.PROTECT, related_name="messages")
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    text = models.TextField("Message", max_length=4000)
    written_at = models.DateTimeField()
    from_commune = models.BooleanField()

    class Meta:
        ordering = ["-written_at", "-pk"]

    def __str__(self) -> str:
        return self.text[:60]


class Meeting(models.Model):
    """A meeting of a project, or of all the laureates of a call when `plan` is empty."""

    class Kind(models.TextChoices):
        STEERING = "steering", "comité de pilotage"
        TECHNICAL = "technical", "comité technique"
        PROJECT = "project", "comité de projet"
        LAUREATES = "laureates", "réunion de tous les lauréats"
        OTHER = "other", "réunion de travail"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    call = models.ForeignKey(Call, models.PROTECT, related_name="support_meetings")
    plan = models.ForeignKey(SupportPlan, models.PROTECT, null=True, related_name="meetings")
    kind = models.CharField("Nature", max_length=10, choices=Kind)
    held_at = models.DateTimeField()
    place = models.CharField("Lieu", max_length=200, help_text="Une adresse, ou « visioconférence » et son lien")
    chair = models.CharField("Présidence", max_length=150, help_text="Une fonction : le maire, le sous-préfet…")
    agenda = models.TextField("Ordre du jour", help_text="Un point par ligne")
    state = models.CharField(max_length=10, choices=states.MEETING_CHOICES, default=states.PLANNED)
    summary = models.TextField("Ce qui s’est dit", blank=True)
    decisions = models.TextField("Décisions", blank=True, help_text="Une décision par ligne")
    minutes = models.ForeignKey(FrozenDocument, models.PROTECT, null=True, related_name="+")
    convened_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-held_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="laureates", plan__isnull=True) | ~Q(kind="laureates") & Q(plan__isnull=False),
                name="meeting_of_laureates_has_no_plan",
            ),
            models.CheckConstraint(
                condition=Q(minutes__isnull=True) | Q(state="held"), name="meeting_minutes_once_held"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()[:1].upper()}{self.get_kind_display()[1:]}"


class MeetingTransition(TransitionLog):
    """What happened to a meeting. Append-only."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="transitions")


class Attendee(models.Model):
    """Who is convened, by function; what they answered, then whether they came."""

    class Answer(models.TextChoices):
        COMING = "coming", "viendra"
        EXCUSED = "excused", "s’excuse"

    class Presence(models.TextChoices):
        PRESENT = "present", "présent"
        EXCUSED = "excused", "excusé"
        ABSENT = "absent", "absent"

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="attendees")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    title = models.CharField("Fonction", max_length=150)
    body = models.CharField("Organisme", max_length=150)
    answer = models.CharField(max_length=10, choices=Answer, blank=True)
    presence = models.CharField(max_length=10, choices=Presence, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.title}, {self.body}"


class Task(models.Model):
    """What a meeting asks someone to do."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="tasks")
    plan = models.ForeignKey(SupportPlan, models.PROTECT, null=True, related_name="tasks")
    text = models.CharField("À faire", max_length=200)
    side = models.CharField("Par qui", max_length=10, choices=PlanAction.Side)
    due_on = models.DateField("Pour le")
    done_on = models.DateField(null=True)
    done_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["due_on", "pk"]

    def __str__(self) -> str:
        return self.text
