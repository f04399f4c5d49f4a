"""What happens to a selected group after the decision."""

from django.db import models
from django.db.models import Q

from portal.accounts.models import Organisation, User

from .application import Application


class MemberDeparture(models.Model):
    """An organisation leaves a selected group: what the rules then say, and the reasoned decision that follows.

    Its first facts never change (trigger); it is settled once.
    """

    application = models.ForeignKey(Application, models.PROTECT, related_name="departures")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    left_on = models.DateField()
    told = models.TextField(help_text="ce que la commune a dit de son départ")
    faults = models.JSONField(default=list, help_text="les règles que le groupe ne respecte plus, une phrase chacune")
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    kept = models.BooleanField(null=True, help_text="la sélection est maintenue")
    reason = models.TextField(blank=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["recorded_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kept__isnull=True, settled_at__isnull=True)
                | Q(kept__isnull=False, settled_at__isnull=False, settled_by__isnull=False) & ~Q(reason=""),
                name="departure_settled_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} quitte {self.application}"
