"""The site of a deposit: the communes where the project lies, which need not apply. Insert-only."""

from django.db import models

from portal.territories.models import Commune

from .deposit import Deposit


class SiteCommune(models.Model):
    deposit = models.ForeignKey(Deposit, models.PROTECT, related_name="site_communes")
    question_code = models.CharField(max_length=30)
    commune = models.ForeignKey(Commune, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["deposit", "question_code", "commune"], name="site_commune_once")
        ]

    def __str__(self) -> str:
        return f"{self.commune}"
