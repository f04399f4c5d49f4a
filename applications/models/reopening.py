"""One file reopened after the limit, on a proven outage: decided by two persons, logged, shown on the receipt."""

from django.db import models
from django.db.models import F, Q

from portal.accounts.models import User

from .application import Application


class Reopening(models.Model):
    """Until when one file may be deposited although its window is closed. Insert-only."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="reopenings")
    until = models.DateTimeField()
    reason = models.TextField()
    evidence = models.TextField(help_text="ce qui prouve la panne : heure, message, témoin, journal")
    decided_at = models.DateTimeField()
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["decided_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(until__gt=F("decided_at")), name="reopening_ahead"),
            models.CheckConstraint(condition=~Q(asked_by=F("approved_by")), name="reopening_two_persons"),
            models.CheckConstraint(condition=~Q(reason="") & ~Q(evidence=""), name="reopening_proven"),
        ]

    def __str__(self) -> str:
        return f"{self.application} → {self.until}"
