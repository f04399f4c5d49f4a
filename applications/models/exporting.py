"""Long exports made in the background: the whole file as one PDF, the files of a committee as one archive."""

import uuid

from django.db import models

from calls.models import Call
from portal.accounts.models import User
from portal.core.models import StoredFile

from .application import Application


class Export(models.Model):
    """One export asked by a person, who alone downloads it. Where it stands is counted on its parts."""

    class Kind(models.TextChoices):
        FILE = "file", "dossier complet en PDF"
        COMMITTEE = "committee", "dossiers pour un comité"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    call = models.ForeignKey(Call, models.PROTECT, related_name="exports")
    kind = models.CharField(max_length=10, choices=Kind)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-asked_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.kind} {self.uuid}"


class ExportPart(models.Model):
    """One file of an export: its bound PDF, what could not be bound in it, or why it failed."""

    class State(models.TextChoices):
        PENDING = "pending", "en attente"
        DONE = "done", "fait"
        FAILED = "failed", "en échec"

    export = models.ForeignKey(Export, models.PROTECT, related_name="parts")
    application = models.ForeignKey(Application, models.PROTECT, related_name="+")
    position = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    notes = models.JSONField(default=list, help_text="ce qui n’est pas relié, et pourquoi")

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["export", "application"], name="export_part_once")]

    def __str__(self) -> str:
        return f"{self.export} {self.position}"
