"""The network of an organiser: the meetings of its club, the engineering bodies, what is asked of them."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from portal.accounts.models import Organisation, User
from portal.core.models import StoredFile
from portal.core.workflow import TransitionLog
from support.plan.models import PlanAction, SupportPlan

from . import states


class ClubEvent(models.Model):
    """A meeting proposed to the laureates of an organiser."""

    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="club_events")
    title = models.CharField(max_length=150)
    held_at = models.DateTimeField()
    place = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["held_at"]

    def __str__(self) -> str:
        return self.title


class EngineeringBody(models.Model):
    """A body of the directory: the themes that it answers for, and where.

    `places`: codes of départements, communes (INSEE) or intercommunalities (SIREN); none: everywhere.
    """

    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="engineering_bodies")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="expert_of")
    name = models.CharField(max_length=150)
    themes = ArrayField(models.CharField(max_length=100))
    places = ArrayField(models.CharField(max_length=9), default=list, blank=True)
    email = models.EmailField()
    phone = models.CharField(max_length=20, blank=True)
    note = models.TextField(blank=True)
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="engineering_body_once")]

    def __str__(self) -> str:
        return self.name


class ExpertiseRequest(models.Model):
    """A question to an engineering body about a project. `days`: days spent; `satisfaction`: 1 to 5, by the commune."""

    class Bearer(models.TextChoices):
        PARTNER = "partner", "le partenaire"
        ORGANISER = "organiser", "l’organisateur de l’appel"
        COMMUNE = "commune", "la commune"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    plan = models.ForeignKey(SupportPlan, models.PROTECT, related_name="expertises")
    action = models.ForeignKey(PlanAction, models.PROTECT, null=True, blank=True, related_name="expertises")
    theme = models.CharField(max_length=100)
    subject = models.CharField(max_length=150)
    question = models.TextField()
    urgent = models.BooleanField(default=False)
    urgent_reason = models.CharField(max_length=300, blank=True)
    due_on = models.DateField()
    state = models.CharField(max_length=10, choices=states.CHOICES, default=states.ASKED)
    body = models.ForeignKey(EngineeringBody, models.PROTECT, null=True, related_name="requests")
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    link_sha256 = models.CharField(max_length=64, blank=True)
    answer = models.TextField(blank=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    days = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    bearer = models.CharField(max_length=10, choices=Bearer, blank=True)
    answered_on = models.DateField(null=True)
    satisfaction = models.PositiveSmallIntegerField(null=True)
    remark = models.TextField(blank=True)

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(urgent=False) | ~Q(urgent_reason=""),
                name="expertise_urgency_has_reason",
                violation_error_message="Dites pourquoi c’est urgent.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["asked", "cancelled"]) | Q(body__isnull=False),
                name="expertise_assigned_to_a_body",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["answered", "closed"])
                | ~Q(answer="") & Q(days__gte=0) & ~Q(bearer="") & Q(answered_on__isnull=False),
                name="expertise_answered_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(satisfaction=None) | Q(satisfaction__gte=1, satisfaction__lte=5),
                name="expertise_satisfaction_of_five",
            ),
        ]
        indexes = [models.Index(fields=["state", "due_on"], name="expertise_by_state")]

    def __str__(self) -> str:
        return self.subject


class ExpertiseTransition(TransitionLog):
    """What happened to a request; `by` is empty when the body answered from its mail. Append-only."""

    request = models.ForeignKey(ExpertiseRequest, models.PROTECT, related_name="transitions")

    @property
    def sentence(self) -> str:
        """« Accepter la demande »: what was done."""
        return states.TRANSITIONS[self.transition].label
