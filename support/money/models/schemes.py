"""The schemes that pay for projects: their rules, where these are written, and from when to when they hold."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from portal.accounts.models import Organisation, User


class FundingScheme(models.Model):
    """One scheme of an institution; it replaces the national reference of the same code (`references.py`).

    Rates are percents, sums euros; `public_ceiling`: the most of all public aid, in percent of the eligible investment.
    """

    class Base(models.TextChoices):
        HT = "ht", "hors taxes"
        TTC = "ttc", "toutes taxes comprises"

    class CeilingOn(models.TextChoices):
        GRANT = "grant", "l’aide"
        COST = "cost", "la dépense"

    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="funding_schemes")
    code = models.CharField(max_length=30)
    name = models.CharField(max_length=150)
    funder = models.CharField(max_length=150)
    base = models.CharField(max_length=3, choices=Base, default=Base.HT)
    rate = models.DecimalField(max_digits=6, decimal_places=3)
    ceiling = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    ceiling_on = models.CharField(max_length=5, choices=CeilingOn, default=CeilingOn.GRANT)
    floor = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    public_ceiling = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    advance_rate = models.DecimalField(max_digits=5, decimal_places=2, default=0)
    interim_ceiling = models.DecimalField(max_digits=5, decimal_places=2, default=80)
    source = models.CharField(max_length=200)
    note = models.TextField(blank=True)
    themes = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    departments = ArrayField(models.CharField(max_length=3), default=list, blank=True, help_text="vide : partout")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["funder", "name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(rate__gt=0, rate__lte=100, advance_rate__gte=0, interim_ceiling__gte=F("advance_rate"))
                & Q(interim_ceiling__lte=100),
                name="scheme_rates_are_percents",
            ),
            models.CheckConstraint(
                condition=Q(ceiling=None) | Q(floor=None) | Q(floor__lte=F("ceiling")),
                name="scheme_floor_within_ceiling",
                violation_error_message="Le plancher dépasse le plafond.",
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="scheme_ends_after_it_begins",
                violation_error_message="La fin doit venir après le début.",
            ),
            models.UniqueConstraint(
                fields=["owner", "code", "valid_from"],
                name="scheme_code_once_a_day",
                violation_error_message="Ce code a déjà des règles à partir de ce jour.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.funder}, {self.name}"
