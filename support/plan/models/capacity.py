"""How many days a member of the team can give."""

from django.db import models
from django.db.models import Q

from calls.models import Call
from portal.accounts.models import User


class Ceiling(models.Model):
    """The days that an adviser can give to the projects of a call over the whole support."""

    call = models.ForeignKey(Call, models.PROTECT, related_name="support_ceilings")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    days = models.PositiveSmallIntegerField()
    set_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["call", "user"], name="ceiling_once"),
            models.CheckConstraint(condition=Q(days__gt=0), name="ceiling_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.days}"
