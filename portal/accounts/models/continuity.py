"""What an organisation was called, what was changed of it, and what it took over from another."""

import uuid

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from .organisations import Organisation
from .users import User


class OrganisationAlias(models.Model):
    """Another name, for a time: a ministry renamed, a town hall before its merger, a usual name."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="aliases")
    name = models.CharField(max_length=150)
    search_name = models.CharField(max_length=150, help_text="nom sans accent ni ponctuation")
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True, help_text="vide : nom d’usage, toujours employé")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "search_name"],
                name="alias_once",
                violation_error_message="Cet organisme porte déjà ce nom.",
            ),
            models.CheckConstraint(
                condition=Q(since__isnull=True) | Q(until__isnull=True) | Q(since__lt=F("until")),
                name="alias_dates_in_order",
                violation_error_message="La fin doit suivre le début.",
            ),
        ]
        indexes = [GinIndex(fields=["search_name"], opclasses=["gin_trgm_ops"], name="alias_search")]
        ordering = ["-until", "name"]

    def __str__(self) -> str:
        return self.name


class OrganisationEdit(models.Model):
    """Who changed what of an organisation, and when; `changes`: [label, before, after]. Nobody rewrites it."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="edits")
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created = models.BooleanField(default=False, help_text="la fiche a été ouverte par cet acte")
    changes = models.JSONField()

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.organisation} ({self.at})"


class Takeover(models.Model):
    """One organisation takes the place of others (commune nouvelle): decided by the platform, done once, listed."""

    uuid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    successor = models.ForeignKey(Organisation, models.PROTECT, related_name="takeovers")
    effective_on = models.DateField(help_text="date de l’acte qui réunit les organismes")
    reason = models.CharField(max_length=300)
    done_at = models.DateTimeField()
    done_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.successor} ({self.effective_on})"


class TakeoverLine(models.Model):
    """What passed from a predecessor to its successor, or stayed and why: enough to put each row back."""

    takeover = models.ForeignKey(Takeover, models.PROTECT, related_name="lines")
    predecessor = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    table = models.CharField(max_length=60)
    row = models.CharField(max_length=60)
    column = models.CharField(max_length=40)
    sentence = models.CharField(max_length=400)
    moved = models.BooleanField()

    def __str__(self) -> str:
        return self.sentence
