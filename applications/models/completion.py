"""What the examination asks a commune to complete: named questions and pieces, for a day. A new deposit answers."""

import uuid

from django.db import models
from django.db.models import Q

from portal.accounts.models import User
from portal.core.models import StoredFile
from portal.core.workflow import TransitionLog

from .. import states
from .application import Application


class CompletionRequest(models.Model):
    """One request. Whether its limit has passed is computed; `values` is what was typed and not sent yet."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    application = models.ForeignKey(Application, models.PROTECT, related_name="completions")
    state = models.CharField(max_length=10, choices=states.COMPLETIONS, default=states.AWAITED)
    message = models.TextField(help_text="ce que lit la commune")
    due_at = models.DateTimeField()
    expiry = models.CharField(max_length=12, help_text="règle de l’appel à la demande : as_is, inadmissible")
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    values = models.JSONField(default=dict, help_text="réponses en cours d’écriture, par code de question")
    version = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(null=True)
    saved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    reply = models.TextField(blank=True, help_text="mot de la commune, lu par l’instruction")
    settled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(state=states.AWAITED),
                name="one_open_completion",
                violation_error_message="Des compléments sont déjà demandés pour cette candidature.",
            ),
            models.CheckConstraint(
                condition=Q(state=states.AWAITED, settled_at__isnull=True)
                | ~Q(state=states.AWAITED) & Q(settled_at__isnull=False),
                name="completion_settled_is_dated",
            ),
        ]
        indexes = [models.Index(fields=["state", "due_at"], name="completion_due")]

    def __str__(self) -> str:
        return f"compléments {self.application}"


class CompletionTransition(TransitionLog):
    completion = models.ForeignKey(CompletionRequest, models.PROTECT, related_name="transitions")


class CompletionItem(models.Model):
    """One question or one piece asked again, and what is wrong with it. Insert-only."""

    class Kind(models.TextChoices):
        QUESTION = "question", "réponse"
        PIECE = "piece", "pièce"

    request = models.ForeignKey(CompletionRequest, models.PROTECT, related_name="items")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=Kind)
    code = models.CharField(max_length=30)
    label = models.CharField(max_length=250)
    note = models.CharField(max_length=400, blank=True, help_text="ce qu’il faut corriger")

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["request", "kind", "code"], name="completion_item_once")]

    def __str__(self) -> str:
        return self.label


class CompletionFile(models.Model):
    """A file attached to the answer and not sent yet. Removing keeps the row and the bytes."""

    item = models.ForeignKey(CompletionItem, models.PROTECT, related_name="files")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True)
    removed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["added_at", "pk"]

    def __str__(self) -> str:
        return str(self.file)
