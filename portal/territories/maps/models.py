"""Where territories lie on a map: simplified outlines or centres, with the file they come from."""

from django.db import models
from django.db.models import Q


class Outline(models.Model):
    """The outline or the centre of one territory of the official code.

    `rings`: polygons as lists of [longitude, latitude], in ten-thousandths of a degree (WGS 84); empty when only the
    centre is known.
    """

    class Kind(models.TextChoices):
        COMMUNE = "commune", "commune"
        DEPARTMENT = "department", "département"

    kind = models.CharField(max_length=10, choices=Kind)
    code = models.CharField(max_length=5, help_text="code INSEE de la commune, numéro du département")
    rings = models.JSONField(default=list)
    longitude = models.IntegerField(help_text="centre, en dix-millièmes de degré")
    latitude = models.IntegerField(help_text="centre, en dix-millièmes de degré")
    source = models.CharField(max_length=150)
    year = models.PositiveSmallIntegerField(help_text="millésime du fichier")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "code"], name="outline_once"),
            models.CheckConstraint(
                condition=Q(longitude__range=(-1_800_000, 1_800_000), latitude__range=(-900_000, 900_000)),
                name="outline_on_earth",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.code} ({self.source}, {self.year})"
