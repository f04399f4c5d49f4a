"""What people write and rule about the eligibility rules of a file: explanations, derogations, checks."""

from django.db import models
from django.db.models import Q

from portal.accounts.models import User
from portal.core.workflow import TransitionLog

from .. import states
from .application import Application


class Justification(models.Model):
    """Why an applicant does not keep a rule that asks for it. Written with the draft; the deposit freezes its text."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="justifications")
    rule_code = models.CharField(max_length=30)
    text = models.TextField(blank=True)
    updated_at = models.DateTimeField()
    updated_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["application", "rule_code"], name="justification_once")]

    def __str__(self) -> str:
        return f"{self.application} {self.rule_code}"


class Ruling(models.Model):
    """What a person rules on one rule of a file: a derogation that is asked then granted or not, or a check.

    `by`, `at`, `quality` and `reason` are those of the last transition, which the log keeps with all the others.
    """

    class Subject(models.TextChoices):
        DEROGATION = "derogation", "dérogation"
        CHECK = "check", "vérification"

    application = models.ForeignKey(Application, models.PROTECT, related_name="rulings")
    rule_code = models.CharField(max_length=30)
    subject = models.CharField(max_length=10, choices=Subject)
    state = models.CharField(max_length=10, choices=states.RULINGS, default=states.OPEN)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    quality = models.CharField(max_length=150, blank=True, help_text="rôle dans l’appel, ou candidat")
    at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "rule_code", "subject"], name="ruling_once"),
            models.CheckConstraint(
                condition=Q(state=states.OPEN) | (Q(by__isnull=False, at__isnull=False) & ~Q(reason="")),
                name="ruling_is_signed_and_reasoned",
                violation_error_message="Une dérogation ou une vérification a un auteur, une date et un motif.",
            ),
            models.CheckConstraint(
                condition=Q(state=states.OPEN)
                | Q(subject="derogation", state__in=[states.ASKED, states.GRANTED, states.REFUSED])
                | Q(subject="check", state__in=[states.MET, states.NOT_MET]),
                name="ruling_state_of_its_subject",
                violation_error_message="Une dérogation s’accorde ou se refuse ; une vérification dit oui ou non.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application} {self.rule_code} {self.state}"


class RulingTransition(TransitionLog):
    ruling = models.ForeignKey(Ruling, models.PROTECT, related_name="transitions")
