"""The territories of the official geographic code."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q


class Region(models.Model):
    code = models.CharField(primary_key=True, max_length=3)
    name = models.CharField(max_length=100)

    def __str__(self) -> str:
        return self.name


class Department(models.Model):
    code = models.CharField(primary_key=True, max_length=3)
    name = models.CharField(max_length=100)
    region = models.ForeignKey(Region, models.PROTECT, related_name="departments")

    def __str__(self) -> str:
        return self.name


class Intercommunality(models.Model):
    """An EPCI with its own taxation."""

    class Kind(models.TextChoices):
        CC = "CC", "communauté de communes"
        CA = "CA", "communauté d’agglomération"
        CU = "CU", "communauté urbaine"
        METRO = "METRO", "métropole"
        MET69 = "MET69", "métropole de Lyon"

    siren = models.CharField(primary_key=True, max_length=9)
    name = models.CharField(max_length=150, help_text="nom sans le sigle de sa catégorie")
    kind = models.CharField(max_length=5, choices=Kind)
    code_year = models.PositiveSmallIntegerField(null=True, help_text="millésime du code officiel qui la donne encore")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(siren__regex=r"^\d{9}$"), name="intercommunality_siren_digits")
        ]

    def __str__(self) -> str:
        return self.name


class Commune(models.Model):
    """A commune of the code in force. `insee` is the key: names are not (three communes are called Serres)."""

    insee = models.CharField(primary_key=True, max_length=5)
    siren = models.CharField(max_length=9, unique=True, null=True)
    name = models.CharField(max_length=100)
    article = models.PositiveSmallIntegerField(default=0, help_text="type d’article du code officiel (0 à 8)")
    department = models.ForeignKey(Department, models.PROTECT, related_name="communes")
    intercommunality = models.ForeignKey(Intercommunality, models.PROTECT, null=True, related_name="communes")
    postal_codes = ArrayField(models.CharField(max_length=5), default=list)
    inhabited = models.BooleanField(default=True)
    code_year = models.PositiveSmallIntegerField(null=True, help_text="millésime du code officiel qui la donne encore")
    search_name = models.CharField(max_length=100, help_text="nom sans accent ni ponctuation, pour chercher et trier")
    formerly = ""  # the former name by which a search found it; never stored

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(insee__regex=r"^(\d{2}|2A|2B)\d{3}$"), name="commune_insee_shape"),
            models.CheckConstraint(
                condition=Q(siren__isnull=True) | Q(siren__regex=r"^\d{9}$"), name="commune_siren_digits"
            ),
        ]
        indexes = [GinIndex(fields=["search_name"], opclasses=["gin_trgm_ops"], name="commune_search")]

    def __str__(self) -> str:
        return self.name
