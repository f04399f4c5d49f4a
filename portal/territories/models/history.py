"""What communes became: the movements of the official code, the former names they give, and what was imported."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from .code import Commune


class Movement(models.Model):
    """One line of the history: this code became that one, on this day. Former codes have no `Commune`: texts, not keys.

    A commune that stays beside what is made of it has a line to itself, as in the file of Insee. Without a date: the
    official file gives a former code and nothing more.
    """

    class Kind(models.TextChoices):
        RENAME = "rename", "changement de nom"
        CREATION = "creation", "création"
        RECREATION = "recreation", "rétablissement"
        SUPPRESSION = "suppression", "suppression"
        MERGER = "merger", "fusion simple"
        NEW_COMMUNE = "new_commune", "création d’une commune nouvelle"
        ASSOCIATION = "association", "fusion-association"
        END_OF_ASSOCIATED = "end_associated", "suppression d’une commune associée"
        END_OF_DELEGATED = "end_delegated", "suppression d’une commune déléguée"
        DEPARTMENT = "department", "changement de département"
        SEAT = "seat", "changement de code, par transfert du chef-lieu"
        DELEGATED = "delegated", "transformation en commune déléguée"
        FORMER = "former", "ancien code, date non connue"

    effective_on = models.DateField(null=True)
    kind = models.CharField(max_length=20, choices=Kind)
    code_before = models.CharField(max_length=5, db_index=True)
    name_before = models.CharField(max_length=100, blank=True)
    code_after = models.CharField(max_length=5, db_index=True)
    name_after = models.CharField(max_length=100)
    source = models.CharField(max_length=150)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["effective_on", "kind", "code_before", "code_after"],
                nulls_distinct=False,
                name="movement_once",
            ),
            models.CheckConstraint(
                condition=Q(effective_on__isnull=False) | Q(kind="former"), name="movement_is_dated"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code_before} → {self.code_after}"


class FormerName(models.Model):
    """A name that leads to a commune of today. Computed from the movements, whole, after each import."""

    commune = models.ForeignKey(Commune, models.CASCADE, related_name="former_names")
    code = models.CharField(max_length=5)
    name = models.CharField(max_length=100)
    search_name = models.CharField(max_length=100)
    until = models.DateField(null=True, help_text="vide : date non connue")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["commune", "code", "search_name"], name="former_name_once")]
        indexes = [GinIndex(fields=["search_name"], opclasses=["gin_trgm_ops"], name="former_name_search")]

    def __str__(self) -> str:
        return self.name


class ImportRecord(models.Model):
    """A file of reference data that was written: which, when, its fingerprint, what it changed."""

    kind = models.CharField(max_length=20)
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    applied_at = models.DateTimeField()
    summary = models.TextField()

    def __str__(self) -> str:
        return f"{self.kind} · {self.file_name}"
