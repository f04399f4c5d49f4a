"""The verification of a deposited file, point by point, and what an admission « sous réserve » waits for."""

from django.db import models
from django.db.models import Q

from portal.accounts.models import User
from portal.core.workflow import TransitionLog

from .. import states
from .application import Application


class ChecklistAnswer(models.Model):
    """What someone said of one point of the call on one file; the last one counts. Insert-only."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="checks")
    code = models.CharField(max_length=30)
    label = models.CharField(max_length=150)
    ok = models.BooleanField()
    note = models.CharField(max_length=400, blank=True)
    version = models.PositiveSmallIntegerField(help_text="version du dossier qui a été vérifiée")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["application", "code"], name="checklist_of_file")]

    def __str__(self) -> str:
        return f"{self.code} {self.ok}"


class InternalValue(models.Model):
    """What the examination noted of a file in a field of the call, as typed; the last one counts. Insert-only."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="internal_values")
    code = models.CharField(max_length=30)
    typed = models.TextField(blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["application", "code"], name="internal_of_file")]

    def __str__(self) -> str:
        return f"{self.code} {self.typed}"


class Reservation(models.Model):
    """One thing that an admissible file still owes. While one is pending, the decision waits."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="reservations")
    text = models.CharField(max_length=400)
    due_on = models.DateField(null=True)
    state = models.CharField(max_length=10, choices=states.RESERVATIONS, default=states.PENDING)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["opened_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=states.PENDING, settled_at__isnull=True)
                | ~Q(state=states.PENDING) & Q(settled_at__isnull=False),
                name="reservation_settled_is_dated",
            )
        ]

    def __str__(self) -> str:
        return self.text


class ReservationTransition(TransitionLog):
    reservation = models.ForeignKey(Reservation, models.PROTECT, related_name="transitions")
