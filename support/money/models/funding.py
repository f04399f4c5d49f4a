"""Money sought by a supported commune for its works."""

from django.core.validators import URLValidator
from django.db import models
from django.db.models import Q

from portal.accounts.models import User
from support.plan.models import PlanAction, SupportPlan


class FundingRequest(models.Model):
    """One aid looked for: base and amount in euros excluding VAT; until when the funder takes requests, and where."""

    class Status(models.TextChoices):
        CONSIDERED = "considered", "envisagée"
        ASKED = "asked", "sollicitée"
        GRANTED = "granted", "acquise"
        REFUSED = "refused", "refusée"
        PAID = "paid", "versée"

    plan = models.ForeignKey(SupportPlan, models.PROTECT, related_name="funding_requests")
    funder = models.CharField(max_length=100)
    scheme = models.CharField(max_length=100, blank=True)
    action = models.ForeignKey(PlanAction, models.PROTECT, null=True, blank=True, related_name="funding_requests")
    deadline_on = models.DateField(null=True, blank=True, help_text="dernier jour pour demander")
    address = models.CharField(max_length=300, blank=True, validators=[URLValidator(["http", "https"])])
    base = models.DecimalField(max_digits=12, decimal_places=2)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    status = models.CharField(max_length=12, choices=Status, default=Status.CONSIDERED)
    status_on = models.DateField()
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gte=0, base__gt=0, amount__lte=models.F("base")),
                name="funding_amount_within_base",
                violation_error_message="Le montant demandé ne peut dépasser la dépense.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.funder} {self.amount}"
