"""An aid granted to a supported project, followed until its last euro is paid or given back."""

import uuid
from decimal import Decimal

from django.db import models
from django.db.models import F, Q

from portal.accounts.models import User
from portal.core.workflow import TransitionLog
from support.plan.models import SupportPlan

from .. import states
from .funding import FundingRequest


class Award(models.Model):
    """What one funder notified: at most `amount` euros, at `rate` percent of the eligible cost (`eligible`, forecast).

    `of_call`: it is paid from the envelope of the call, by the partner of that `code` when it names its funders.
    `advance_rate`, `interim_ceiling`: percents of the amount. `start_by`, `finish_by`: days after which it may lapse.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    plan = models.ForeignKey(SupportPlan, models.PROTECT, related_name="awards")
    of_call = models.BooleanField(default=False)
    code = models.CharField(max_length=30, blank=True, help_text="part de l’enveloppe, par financeur")
    request = models.OneToOneField(FundingRequest, models.PROTECT, null=True, related_name="award")
    funder = models.CharField(max_length=100)
    scheme = models.CharField(max_length=100, blank=True)
    act_number = models.CharField(max_length=60)
    granted_on = models.DateField()
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    rate = models.DecimalField(max_digits=6, decimal_places=3)
    eligible = models.DecimalField(max_digits=12, decimal_places=2)
    advance_rate = models.DecimalField(max_digits=5, decimal_places=2, default=Decimal(30))
    interim_ceiling = models.DecimalField(max_digits=5, decimal_places=2, default=Decimal(80))
    start_by = models.DateField(null=True, blank=True)
    started_on = models.DateField(null=True, blank=True)
    finish_by = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=states.AWARD_CHOICES, default=states.ACTIVE)
    final = models.DecimalField(max_digits=12, decimal_places=2, null=True, help_text="aide définitive, euros")
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0, eligible__gt=0, amount__lte=F("eligible"), rate__gt=0, rate__lte=100),
                name="award_within_its_cost",
                violation_error_message="L’aide ne peut pas dépasser la dépense éligible.",
            ),
            models.CheckConstraint(
                condition=Q(advance_rate__gte=0, advance_rate__lte=F("interim_ceiling"), interim_ceiling__lte=100),
                name="award_advance_within_its_ceiling",
                violation_error_message="L’avance ne peut pas dépasser le plafond avant solde, ni celui-ci 100 %.",
            ),
            models.CheckConstraint(
                condition=Q(state="active", final=None) | ~Q(state="active") & Q(final__gte=0, final__lte=F("amount")),
                name="award_ended_has_its_final_amount",
            ),
            models.CheckConstraint(condition=Q(of_call=True) | Q(code=""), name="award_code_is_of_the_call"),
            models.UniqueConstraint(
                fields=["plan", "code"],
                condition=Q(of_call=True),
                name="award_of_the_call_once",
                violation_error_message="L’aide de l’appel est déjà suivie pour ce financeur.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.funder}, {self.act_number}"


class AwardTransition(TransitionLog):
    award = models.ForeignKey(Award, models.PROTECT, related_name="transitions")


class Clawback(models.Model):
    """An order to give money back (titre de recette): so many euros, why, and when it was recovered."""

    award = models.ForeignKey(Award, models.PROTECT, related_name="clawbacks")
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    reason = models.TextField()
    ordered_on = models.DateField()
    ordered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    number = models.CharField(max_length=60, blank=True, help_text="numéro du titre de recette")
    recovered_on = models.DateField(null=True)
    recovered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0) & ~Q(reason=""), name="clawback_says_what_and_why"),
            models.CheckConstraint(
                condition=Q(recovered_on=None) | ~Q(number="") & Q(recovered_on__gte=F("ordered_on")),
                name="clawback_recovered_has_its_title",
                violation_error_message="Un reversement se constate avec son titre, le jour de l’ordre ou après.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.award} : {self.amount}"
