"""The two-person act: one asks, another one answers from a mail link on a phone."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class Approval(models.Model):
    """A request to do `act` on an object with frozen arguments; the act runs when another person confirms."""

    class State(models.TextChoices):
        ASKED = "asked", "en attente"
        APPROVED = "approved", "confirmé"
        DECLINED = "declined", "refusé"

    uuid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    act = models.CharField(max_length=60)
    object_key = models.CharField(max_length=120)
    title = models.CharField(max_length=300, help_text="ce qui est demandé, en une phrase")
    arguments = models.JSONField(default=dict)
    arguments_sha256 = models.CharField(max_length=64)
    reason = models.TextField(blank=True)
    token_sha256 = models.CharField(max_length=64, unique=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="approvals_asked")
    asked_at = models.DateTimeField()
    approver = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="approvals_awaited")
    expires_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="approvals_given")
    answered_at = models.DateTimeField(null=True)
    answer_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("asked_by")),
                name="approval_needs_two_persons",
                violation_error_message="La personne qui demande ne peut pas confirmer elle-même.",
            ),
            models.CheckConstraint(
                condition=Q(state="asked", answered_at__isnull=True)
                | Q(state__in=["approved", "declined"], answered_at__isnull=False, approved_by__isnull=False),
                name="approval_answer_is_stamped",
            ),
            models.UniqueConstraint(
                fields=["act", "object_key"], condition=Q(state="asked"), name="approval_one_open_per_act"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.object_key}"
