"""What is known of a territory beside the code: figures, attributes, groupings. Each row keeps its year and source."""

from django.db import models
from django.db.models import Q

from .code import Commune, Intercommunality


class PopulationFigure(models.Model):
    """One legal population: of whom, of which kind, for which year, from which file. Never mixed."""

    class Kind(models.TextChoices):
        MUNICIPAL = "municipale", "population municipale"
        TOTAL = "totale", "population totale"
        APART = "a_part", "population comptée à part"

    commune = models.ForeignKey(Commune, models.RESTRICT, null=True, related_name="populations")
    intercommunality = models.ForeignKey(Intercommunality, models.RESTRICT, null=True, related_name="populations")
    kind = models.CharField(max_length=10, choices=Kind)
    year = models.PositiveSmallIntegerField(help_text="année de référence (population légale)")
    source = models.CharField(max_length=100)
    value = models.PositiveIntegerField(help_text="habitants")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(commune__isnull=True) ^ Q(intercommunality__isnull=True), name="population_of_one_territory"
            ),
            models.UniqueConstraint(
                fields=["commune", "kind", "year"], condition=Q(commune__isnull=False), name="population_commune_once"
            ),
            models.UniqueConstraint(
                fields=["intercommunality", "kind", "year"],
                condition=Q(intercommunality__isnull=False),
                name="population_intercommunality_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.value} ({self.kind}, {self.year})"


class CommuneAttribute(models.Model):
    """What a programme, a zoning or a label says of a commune, for one year: `PVD` is `oui`, `DENSITE` is `6`.

    A commune that leaves a programme gets a row of a later year (`non`); nothing is erased.
    """

    commune = models.ForeignKey(Commune, models.RESTRICT, related_name="attributes")
    code = models.CharField(max_length=30)
    value = models.CharField(max_length=100)
    year = models.PositiveSmallIntegerField(help_text="millésime")
    source = models.CharField(max_length=150)
    stage = models.CharField(max_length=60, blank=True, help_text="étape d’un label : « engagée », « étape 3 »…")
    dated_on = models.DateField(null=True, help_text="date de l’acte : signature, arrêté, labellisation")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(code__regex=r"^[A-Z][A-Z0-9_]*$"), name="attribute_code_shape"),
            models.UniqueConstraint(fields=["commune", "code", "year"], name="attribute_once_a_year"),
        ]
        indexes = [models.Index(fields=["code", "value"], name="attribute_code_value")]

    def __str__(self) -> str:
        return f"{self.code} {self.value} ({self.year})"


class Grouping(models.Model):
    """Communes put together by something else than the intercommunality: a canton, a massif, a constituency…"""

    class Kind(models.TextChoices):
        CANTON = "canton", "canton"
        DISTRICT = "arrondissement", "arrondissement"
        BASIN = "bassin", "bassin de vie"
        MASSIF = "massif", "massif"
        CONSTITUENCY = "circonscription", "circonscription législative"
        OTHER = "autre", "autre regroupement"

    kind = models.CharField(max_length=20, choices=Kind)
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=150)
    year = models.PositiveSmallIntegerField(help_text="millésime")
    source = models.CharField(max_length=150)
    communes = models.ManyToManyField(Commune, related_name="groupings")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "code"], name="grouping_once")]
        ordering = ["kind", "name", "code"]

    def __str__(self) -> str:
        return self.name
