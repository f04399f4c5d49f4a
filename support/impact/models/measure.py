"""What came of it: measured indicators."""

from django.db import models

from calls.models import Indicator
from portal.accounts.models import User
from support.plan.models import SupportPlan


class Measure(models.Model):
    """One value of one indicator of the call for one supported commune, with its date and source."""

    plan = models.ForeignKey(SupportPlan, models.PROTECT, related_name="measures")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="measures")
    value = models.DecimalField(max_digits=14, decimal_places=2)
    measured_on = models.DateField()
    source = models.CharField(max_length=150)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-measured_on", "-pk"]
        constraints = [models.UniqueConstraint(fields=["plan", "indicator", "measured_on"], name="measure_once_a_day")]

    def __str__(self) -> str:
        return f"{self.indicator} {self.value}"
