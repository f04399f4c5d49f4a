"""The support of one selected application: phases with dates, adviser, logbook."""

import uuid

from django.db import models
from django.db.models import F, Q

from applications.models import Application
from portal.accounts.models import User
from portal.core.models import FrozenDocument, StoredFile
from portal.core.workflow import TransitionLog
from support.agreements.models import Agreement

from .. import states


class SupportPlan(models.Model):
    """Opened when the agreement enters into force, until `ends_on` included, which an extension puts off."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    application = models.OneToOneField(Application, models.PROTECT, related_name="support_plan")
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="plans")
    adviser = models.ForeignKey(User, models.PROTECT, null=True, related_name="plans_followed")
    starts_on = models.DateField()
    ends_on = models.DateField()
    opened_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=states.PLAN_CHOICES, default=states.ACTIVE)
    end_report = models.ForeignKey(FrozenDocument, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="support_ends_after_start",
                violation_error_message="La fin doit venir après le début de l’accompagnement.",
            )
        ]

    def __str__(self) -> str:
        return str(self.application)


class PlanTransition(TransitionLog):
    """What happened to a support: pause, extension, hand-over, end. Append-only."""

    plan = models.ForeignKey(SupportPlan, models.PROTECT, related_name="transitions")


class Phase(models.Model):
    """One phase; `ends_on` is the date of its deliverable."""

    plan = models.ForeignKey(SupportPlan, models.PROTECT, related_name="phases")
    code = models.CharField(max_length=30)
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=150)
    deliverable = models.CharField(max_length=200, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField()
    done_on = models.DateField(null=True)
    done_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "code"], name="phase_code_once"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="phase_ends_after_start"),
        ]

    def __str__(self) -> str:
        return self.title


class LogEntry(models.Model):
    """One line of the logbook. Append-only."""

    class Kind(models.TextChoices):
        VISIT = "visit", "visite"
        CALL = "call", "appel"
        MAIL = "mail", "courriel"
        MEETING = "meeting", "réunion"
        DELIVERABLE = "deliverable", "livrable"
        ALERT = "alert", "alerte"

    class Visibility(models.TextChoices):
        SHARED = "shared", "partagé avec la commune"
        INTERNAL = "internal", "interne au service"

    plan = models.ForeignKey(SupportPlan, models.PROTECT, related_name="log")
    kind = models.CharField(max_length=12, choices=Kind)
    happened_on = models.DateField()
    title = models.CharField(max_length=150)
    text = models.TextField(blank=True)
    visibility = models.CharField(max_length=10, choices=Visibility)
    days = models.DecimalField(max_digits=4, decimal_places=2, default=0, help_text="jours passés")
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["-happened_on", "-pk"]

    def __str__(self) -> str:
        return self.title
