"""The financing plan of an action, version after version: forecast, updated, final."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from portal.accounts.models import User
from portal.core.models import FrozenDocument, StoredFile
from support.plan.models import PlanAction


class FinancePlan(models.Model):
    """One version. While `closed_at` is empty it is being written; closed, its rows are never changed again (trigger).

    `tax`: the one switch, the whole plan counts without tax or with it. `waiver`: an exception to the least own share.
    """

    class Kind(models.TextChoices):
        FORECAST = "forecast", "prévisionnel"
        UPDATED = "updated", "actualisé"
        FINAL = "final", "définitif"

    class Tax(models.TextChoices):
        HT = "ht", "hors taxes"
        TTC = "ttc", "toutes taxes comprises"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    action = models.ForeignKey(PlanAction, models.PROTECT, related_name="finance_plans")
    n = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.FORECAST)
    tax = models.CharField(max_length=3, choices=Tax, default=Tax.HT)
    local_owner = models.BooleanField(default=True, help_text="commune ou groupement : la part minimale s’applique")
    waiver = models.CharField(max_length=20, blank=True)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-n"]
        constraints = [
            models.UniqueConstraint(fields=["action", "n"], name="finance_plan_version_once"),
            models.UniqueConstraint(fields=["action"], condition=Q(closed_at=None), name="one_finance_plan_open"),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None) | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="finance_plan_closed_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return f"Plan {self.get_kind_display()}, version {self.n}"


class FinanceExpense(models.Model):
    """One line of cost: euros without tax, VAT rate in percent. `excluded`: codes of schemes that leave it out."""

    plan = models.ForeignKey(FinancePlan, models.PROTECT, related_name="expenses")
    label = models.CharField(max_length=150)
    item = models.CharField(max_length=12)
    nature = models.CharField(max_length=12)
    excl_vat = models.DecimalField(max_digits=14, decimal_places=2)
    vat_rate = models.DecimalField(max_digits=7, decimal_places=4, default=0)
    eligible = models.BooleanField(default=True)
    excluded = ArrayField(models.CharField(max_length=30), default=list, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(excl_vat__gt=0, vat_rate__gte=0, vat_rate__lte=100), name="finance_expense_positive"
            )
        ]

    def __str__(self) -> str:
        return self.label


class FinanceResource(models.Model):
    """One line of money, in euros as the plan counts. `scheme`: the code of the scheme whose rules bear on it."""

    plan = models.ForeignKey(FinancePlan, models.PROTECT, related_name="resources")
    funder = models.CharField(max_length=150)
    kind = models.CharField(max_length=12)
    scheme = models.CharField(max_length=30, blank=True)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    state = models.CharField(max_length=12, default="envisaged")
    state_on = models.DateField()
    proof = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="finance_resource_positive")]

    def __str__(self) -> str:
        return self.funder


class PublicityPaper(models.Model):
    """A panel or a plate made from a closed version, and the photo that proves that it stands."""

    class Kind(models.TextChoices):
        PANEL = "panel", "panneau de chantier"
        PLATE = "plate", "plaque"

    plan = models.ForeignKey(FinancePlan, models.PROTECT, related_name="papers")
    kind = models.CharField(max_length=10, choices=Kind)
    document = models.ForeignKey(FrozenDocument, models.PROTECT, related_name="+")
    photo = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    shown_on = models.DateField(null=True)
    told_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "kind"], name="publicity_paper_once"),
            models.CheckConstraint(
                condition=Q(shown_on=None, photo=None) | Q(shown_on__isnull=False, photo__isnull=False),
                name="publicity_shown_has_its_photo",
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class FunderLink(models.Model):
    """A personal link by which a funder reads the plan of an action; only the hash of its secret is kept."""

    action = models.ForeignKey(PlanAction, models.PROTECT, related_name="funder_links")
    funder = models.CharField(max_length=150)
    email = models.EmailField()
    secret_sha256 = models.CharField(max_length=64, unique=True)
    given_at = models.DateTimeField()
    given_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    until = models.DateField()
    stopped_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.funder
