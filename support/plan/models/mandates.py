"""Who speaks for the communes after an election, and the site that a support bears on."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from calls.models import Call
from portal.accounts.models import User

from .plan import SupportPlan


class Renewal(models.Model):
    """After an election, every supported commune of a call is asked who represents it now, all at once."""

    call = models.ForeignKey(Call, models.PROTECT, related_name="renewals")
    reason = models.CharField("Motif", max_length=150, help_text="Par exemple : élections municipales de mars 2026")
    due_on = models.DateField("Réponse attendue pour le")
    needs_resolution = models.BooleanField("Demander une nouvelle délibération", default=False)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()

    class Meta:
        ordering = ["-asked_at", "-pk"]

    def __str__(self) -> str:
        return self.reason


class Mandate(models.Model):
    """The answer of one support: quality of who represents the commune, elected referent, resolution when asked."""

    renewal = models.ForeignKey(Renewal, models.PROTECT, related_name="mandates")
    plan = models.ForeignKey(SupportPlan, models.PROTECT, related_name="mandates")
    representative = models.CharField("Qualité de qui représente la commune", max_length=150, blank=True)
    referent = models.CharField("Élu référent, par sa fonction", max_length=150, blank=True)
    act_number = models.CharField("Numéro de la délibération", max_length=60, blank=True)
    act_on = models.DateField("Date de la délibération", null=True, blank=True)
    confirmed_on = models.DateField(null=True)
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["plan", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["renewal", "plan"], name="mandate_once"),
            models.CheckConstraint(
                condition=Q(confirmed_on=None) | ~Q(representative="") & ~Q(referent=""),
                name="mandate_confirmed_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.representative or str(self.plan)


class Site(models.Model):
    """What the support bears on when it is not just the commune that applies: a massif has no SIREN."""

    class Kind(models.TextChoices):
        COMMUNE = "commune", "commune"
        MERGED = "merged", "commune nouvelle"
        GROUP = "group", "intercommunalité"
        MASSIF = "massif", "massif ou autre ensemble de communes"

    plan = models.OneToOneField(SupportPlan, models.PROTECT, related_name="site")
    kind = models.CharField("Nature du site", max_length=10, choices=Kind)
    name = models.CharField("Nom du site", max_length=150)
    communes = ArrayField(models.CharField(max_length=5), default=list, blank=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return self.name
