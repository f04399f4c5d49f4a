"""The agreement (convention): one may cover several applications, with as many parties as needed."""

import uuid

from django.db import models
from django.db.models import Q

from applications.models import DecisionLine
from calls.models import Call
from portal.accounts.models import Organisation, User
from portal.core.models import FrozenDocument
from portal.core.workflow import TransitionLog

from . import states


class Agreement(models.Model):
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    call = models.ForeignKey(Call, models.PROTECT, related_name="agreements")
    number = models.CharField(max_length=60, unique=True)
    title = models.CharField(max_length=200)
    beneficiaries = models.ManyToManyField(DecisionLine, related_name="agreements")
    state = models.CharField(max_length=12, choices=states.CHOICES, default=states.DRAFTING)
    document = models.ForeignKey(FrozenDocument, models.PROTECT, null=True, related_name="+")
    starts_on = models.DateField(help_text="début prévu de l’accompagnement")
    months = models.PositiveSmallIntegerField(help_text="durée")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    effective_on = models.DateField(null=True, help_text="date de la dernière signature")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["in_force", "terminated"]) | Q(effective_on__isnull=False),
                name="agreement_in_force_is_dated",
            ),
            models.CheckConstraint(
                condition=Q(state="drafting") | Q(document__isnull=False), name="agreement_sent_has_document"
            ),
        ]

    def __str__(self) -> str:
        return self.number


class AgreementTransition(TransitionLog):
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="transitions")


class Party(models.Model):
    """One party: representative in quality, authorising act, signature."""

    class Side(models.TextChoices):
        OWNER = "owner", "d’une part"
        BENEFICIARY = "beneficiary", "d’autre part"
        WITNESS = "witness", "en présence de"

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="parties")
    position = models.PositiveSmallIntegerField()
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    side = models.CharField(max_length=12, choices=Side)
    representative_title = models.CharField(max_length=150)
    act_body = models.CharField(max_length=150, blank=True)
    act_number = models.CharField(max_length=60, blank=True)
    act_on = models.DateField(null=True)
    signed_on = models.DateField(null=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "organisation"], name="party_once"),
            models.CheckConstraint(
                condition=Q(signed_on__isnull=True) | Q(act_on__isnull=True) | Q(act_on__lte=models.F("signed_on")),
                name="party_act_before_signature",
                violation_error_message="L’acte qui autorise doit précéder la signature.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.organisation)
