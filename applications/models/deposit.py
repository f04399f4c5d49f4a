"""The deposit: insert-only rows with the frozen facts, the proof of what was received and when."""

import uuid

from django.db import models
from django.db.models import F, Q

from calls.models import CallRevision
from portal.accounts.models import Organisation, User
from portal.core.models import FrozenDocument, StoredFile
from portal.core.typography import format_instant

from .application import Application
from .completion import CompletionRequest
from .elsewhere import OutsideReceipt


class Deposit(models.Model):
    """One deposited version. `received_at` is `portal_now()` read first in the transaction, before the row lock.

    `outside`: the file was received elsewhere, which tells when; `received_at` is then only when staff entered it.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    application = models.ForeignKey(Application, models.PROTECT, related_name="deposits")
    n = models.PositiveSmallIntegerField(help_text="1 : premier dépôt")
    idempotency_key = models.UUIDField(
        unique=True, help_text="celle du formulaire montré : un double envoi rend le même récépissé"
    )
    received_at = models.DateTimeField()
    closes_at = models.DateTimeField(help_text="limite en vigueur à cet instant")
    web_clock_at = models.DateTimeField(help_text="heure du serveur web, gardée comme indice")
    deposited_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    quality = models.CharField(max_length=150, help_text="qualité de la personne : maire…")
    on_behalf_of = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    revision = models.ForeignKey(CallRevision, models.PROTECT, related_name="+")
    answers = models.JSONField(help_text="réponses figées, par section et question, avec libellés")
    answers_sha256 = models.CharField(max_length=64)
    undertakings = models.JSONField(default=list)
    promises = models.JSONField(default=list)
    facts = models.JSONField(help_text="données de la commune figées : populations avec année et source…")
    co_applicants = models.JSONField(default=list, help_text="qui candidate avec le porteur, figé au dépôt")
    completion = models.OneToOneField(
        CompletionRequest,
        models.PROTECT,
        null=True,
        related_name="deposit",
        help_text="la demande à laquelle il répond",
    )
    receipt = models.ForeignKey(FrozenDocument, models.PROTECT, related_name="+")
    outside = models.OneToOneField(OutsideReceipt, models.PROTECT, null=True, related_name="deposit")

    class Meta:
        ordering = ["n"]
        constraints = [
            models.UniqueConstraint(fields=["application", "n"], name="deposit_number_once"),
            models.CheckConstraint(
                condition=Q(received_at__lte=F("closes_at")) | Q(outside__isnull=False),
                name="deposit_in_time",
                violation_error_message="L’appel est clos : le dépôt n’est plus possible.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application} dépôt {self.n}"

    @property
    def reception(self) -> str:
        """« le 12 mars 2026 à 16 h 04 »; of a file received elsewhere, « sur papier le 12 mars 2026 »."""
        return self.outside.words if self.outside else f"le {format_instant(self.received_at, weekday=False)}"


class DepositedPiece(models.Model):
    """One piece as received, with its fingerprint. Insert-only."""

    deposit = models.ForeignKey(Deposit, models.PROTECT, related_name="pieces")
    position = models.PositiveSmallIntegerField()
    piece_code = models.CharField(max_length=30)
    label = models.CharField(max_length=150)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    act = models.CharField(max_length=2000, blank=True, default="", db_default="", help_text="l’acte que la pièce est")

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return self.label


class AnswerFact(models.Model):
    """An answer that the call flags, typed at deposit: what lists, rules and statistics read. Insert-only."""

    deposit = models.ForeignKey(Deposit, models.PROTECT, related_name="answer_facts")
    question_code = models.CharField(max_length=30)
    text = models.CharField(max_length=300, blank=True)
    number = models.DecimalField(max_digits=16, decimal_places=4, null=True)
    date = models.DateField(null=True)
    yes = models.BooleanField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["deposit", "question_code", "text"], name="answer_fact_once")]

    def __str__(self) -> str:
        return self.question_code


class EligibilityVerdict(models.Model):
    """What each eligibility rule answered about a deposit, with its sentence and its figures. Insert-only.

    `justification`: why the applicant does not keep a rule that asks for it. What persons rule later is a `Ruling`.
    """

    deposit = models.ForeignKey(Deposit, models.PROTECT, related_name="verdicts")
    position = models.PositiveSmallIntegerField()
    rule_code = models.CharField(max_length=30)
    outcome = models.CharField(max_length=10)
    effect = models.CharField(max_length=12)
    sentence = models.TextField()
    justification = models.TextField(blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["deposit", "rule_code"], name="verdict_once")]

    def __str__(self) -> str:
        return f"{self.rule_code} {self.outcome}"


class DepositAttempt(models.Model):
    """Every attempt to deposit, refused ones included: the evidence that the platform worked. Insert-only."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="attempts")
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    accepted = models.BooleanField()
    reason = models.CharField(max_length=400, blank=True)

    def __str__(self) -> str:
        return f"{self.application} {self.at}"
