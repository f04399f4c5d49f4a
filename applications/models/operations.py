"""The operations of a deposit and their financing plans, typed, for lists, exports and the follow-up. Insert-only."""

from django.db import models
from django.db.models import Q

from .deposit import Deposit


class Operation(models.Model):
    """One operation as deposited. `cost`, `eligible`, `asked` (the aid asked of the call): euros, as the call counts
    them, without tax or with it."""

    deposit = models.ForeignKey(Deposit, models.PROTECT, related_name="operations")
    question_code = models.CharField(max_length=30)
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=150)
    owner = models.CharField(max_length=150, help_text="maître d’ouvrage")
    owner_kind = models.CharField(max_length=10)
    waiver = models.CharField(max_length=20, blank=True, help_text="exception à la part minimale")
    starts_on = models.DateField()
    ends_on = models.DateField()
    cost = models.DecimalField(max_digits=14, decimal_places=2)
    eligible = models.DecimalField(max_digits=14, decimal_places=2)
    asked = models.DecimalField(max_digits=14, decimal_places=2)

    class Meta:
        ordering = ["question_code", "position"]
        constraints = [
            models.UniqueConstraint(fields=["deposit", "question_code", "position"], name="operation_once"),
            models.CheckConstraint(condition=Q(ends_on__gte=models.F("starts_on")), name="operation_ends_after_start"),
            models.CheckConstraint(
                condition=Q(cost__gte=0, eligible__gte=0, asked__gte=0), name="operation_amounts_positive"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class PlanExpense(models.Model):
    """One line of cost: euros without tax, VAT rate in percent."""

    operation = models.ForeignKey(Operation, models.PROTECT, related_name="expenses")
    position = models.PositiveSmallIntegerField()
    label = models.CharField(max_length=150)
    item = models.CharField(max_length=12)
    nature = models.CharField(max_length=12)
    excl_vat = models.DecimalField(max_digits=14, decimal_places=2)
    vat_rate = models.DecimalField(max_digits=7, decimal_places=4)
    eligible = models.BooleanField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["operation", "position"], name="plan_expense_once"),
            models.CheckConstraint(condition=Q(excl_vat__gt=0), name="plan_expense_positive"),
        ]

    def __str__(self) -> str:
        return self.label


class PlanResource(models.Model):
    """One line of money, in euros. `kind` `call`: the aid asked of the call."""

    operation = models.ForeignKey(Operation, models.PROTECT, related_name="resources")
    position = models.PositiveSmallIntegerField()
    funder = models.CharField(max_length=150)
    kind = models.CharField(max_length=12)
    state = models.CharField(max_length=12)
    amount = models.DecimalField(max_digits=14, decimal_places=2)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["operation", "position"], name="plan_resource_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="plan_resource_positive"),
        ]

    def __str__(self) -> str:
        return self.funder
