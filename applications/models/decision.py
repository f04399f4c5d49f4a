"""The competent authority's decision, its lines, and the letter of each."""

import uuid

from django.db import models
from django.db.models import F, Q

from calls.models import Call
from portal.accounts.models import User
from portal.core.models import FrozenDocument

from .application import Application


class Decision(models.Model):
    """One act (délibération, arrêté): who decided, number, date. Laureates are computed from its lines."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    call = models.ForeignKey(Call, models.PROTECT, related_name="decisions")
    body = models.CharField(max_length=150, help_text="« bureau communautaire »")
    act_kind = models.CharField(max_length=60, default="délibération")
    act_number = models.CharField(max_length=60)
    act_on = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    notified_at = models.DateTimeField(null=True)
    without_letters = models.BooleanField(default=False, help_text="constate un départ : aucune lettre")
    embargo_until = models.DateTimeField(null=True, help_text="rien n’est public avant")
    notified_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    told_on = models.DateField(null=True, help_text="notifiée hors du portail ce jour : aucune lettre n’en part")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["call", "act_number"], name="decision_act_once"),
            models.CheckConstraint(
                condition=Q(told_on__isnull=True) | Q(notified_at__isnull=False, told_on__gte=F("act_on")),
                name="decision_told_after_its_act",
                violation_error_message="Une décision se notifie le jour de son acte, ou après.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.act_kind} n° {self.act_number}"


class DecisionLine(models.Model):
    """What the act says of one application. A later line replaces an earlier one; laureates are computed."""

    class Outcome(models.TextChoices):
        SELECTED = "selected", "retenue"
        RESERVE = "reserve", "liste complémentaire"
        NOT_SELECTED = "not_selected", "non retenue"
        INADMISSIBLE = "inadmissible", "non recevable"
        WITHDRAWN = "withdrawn", "désistement"
        DECLINED = "declined", "refus de l’aide"
        LAPSED = "lapsed", "caducité"

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="lines")
    application = models.ForeignKey(Application, models.PROTECT, related_name="decision_lines")
    outcome = models.CharField(max_length=15, choices=Outcome)
    rank = models.PositiveSmallIntegerField(null=True)
    score = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    amount = models.DecimalField(max_digits=12, decimal_places=2, null=True, help_text="aide accordée, euros")
    ranking = models.CharField(max_length=30, blank=True, help_text="code du classement à part")
    reason = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["decision", "application"], name="decision_line_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="decision_line_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.application} {self.outcome}"


class DecisionNotice(models.Model):
    """The letter of one line: prepared (document), read by a person, then sent with all the others."""

    line = models.OneToOneField(DecisionLine, models.PROTECT, related_name="notice")
    number = models.CharField(max_length=60, unique=True)
    document = models.ForeignKey(FrozenDocument, models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    read_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | Q(read_at__isnull=False), name="notice_read_before_sent"
            )
        ]

    def __str__(self) -> str:
        return self.number
