"""The payments of an aid: asked by the commune with its proofs, checked, certified by another person, recorded."""

import uuid

from django.db import models
from django.db.models import F, Q

from portal.accounts.models import User
from portal.core.models import StoredFile
from portal.core.workflow import TransitionLog

from .. import states
from .awards import Award


class Payment(models.Model):
    """One request. `spent`: eligible expenses proven so far, euros; `kept`: those that the certifier keeps.

    `amount`: asked; `certified`: what will be paid, never more.
    """

    class Kind(models.TextChoices):
        ADVANCE = "advance", "avance"
        INTERIM = "interim", "acompte"
        BALANCE = "balance", "solde"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    award = models.ForeignKey(Award, models.PROTECT, related_name="payments")
    n = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=Kind)
    spent = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    note = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=states.CHOICES, default=states.ASKED)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    checked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    kept = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    certified = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    certified_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    paid_on = models.DateField(null=True)
    reference = models.CharField(max_length=60, blank=True, help_text="numéro du mandat")

    class Meta:
        ordering = ["n"]
        constraints = [
            models.UniqueConstraint(fields=["award", "n"], name="payment_number_once"),
            models.UniqueConstraint(
                fields=["award"],
                condition=Q(state__in=["asked", "checked", "certified"]),
                name="one_payment_under_way",
                violation_error_message="Une demande est déjà en cours pour cette aide.",
            ),
            models.CheckConstraint(condition=Q(amount__gte=0, spent__gte=0), name="payment_amounts_positive"),
            models.CheckConstraint(
                condition=~Q(state__in=["certified", "paid"])
                | Q(certified__gte=0, certified__lte=F("amount"), certified_by__isnull=False),
                name="payment_certified_within_what_is_asked",
            ),
            models.CheckConstraint(
                condition=Q(certified_by=None) | ~Q(certified_by=F("checked_by")),
                name="payment_certified_by_another",
                violation_error_message="La certification vient d’une autre personne que la vérification.",
            ),
            models.CheckConstraint(
                condition=~Q(state="paid") | Q(paid_on__isnull=False) & ~Q(reference=""),
                name="payment_recorded_is_dated",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} n° {self.n}, {self.award}"


class PaymentTransition(TransitionLog):
    payment = models.ForeignKey(Payment, models.PROTECT, related_name="transitions")

    @property
    def sentence(self) -> str:
        """« Certifier le service fait »: what was done."""
        return states.TRANSITIONS[self.transition].label


class PaymentProof(models.Model):
    """A piece that proves: kept with the request for ever. Insert-only."""

    class Kind(models.TextChoices):
        INVOICES = "invoices", "état des dépenses visé du comptable"
        COMPLETION = "completion", "attestation d’achèvement"
        DELIVERABLE = "deliverable", "livrable"
        BANK = "bank", "relevé d’identité bancaire"
        PUBLICITY = "publicity", "preuve de publicité (photo du panneau)"
        FUNDERS = "funders", "décisions des autres financeurs"
        OTHER = "other", "autre pièce"

    payment = models.ForeignKey(Payment, models.PROTECT, related_name="proofs")
    kind = models.CharField(max_length=12, choices=Kind)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.get_kind_display()
