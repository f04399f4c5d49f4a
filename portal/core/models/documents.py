"""A legal document is frozen bytes: rendered once from a frozen snapshot, never again at download."""

import uuid

from django.conf import settings
from django.db import models

from .files import StoredFile


class FrozenDocument(models.Model):
    """One version of one numbered document; a correction is a new version of the same number."""

    class State(models.TextChoices):
        PENDING = "pending", "en préparation"
        READY = "ready", "prêt"
        FAILED = "failed", "en échec"

    uuid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=40)
    number = models.CharField(max_length=60)
    version = models.PositiveSmallIntegerField(default=1)
    title = models.CharField(max_length=300)
    template = models.CharField(max_length=100)
    template_version = models.CharField(max_length=64, blank=True, help_text="empreinte des gabarits utilisés")
    snapshot = models.JSONField()
    engine = models.JSONField(default=dict, help_text="versions de WeasyPrint, Pango et des polices")
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    sha256 = models.CharField(max_length=64, blank=True)
    issued_at = models.DateTimeField()
    rendered_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["number", "version"], name="document_number_version_unique"),
            models.CheckConstraint(
                condition=~models.Q(state="ready")
                | models.Q(file__isnull=False, rendered_at__isnull=False, sha256__regex=r"^[0-9a-f]{64}$"),
                name="document_ready_has_bytes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} v{self.version}"


class DocumentCheck(models.Model):
    """The bytes of a set of documents, read again and compared with their fingerprints by a worker."""

    key = models.CharField(max_length=120, help_text="« call:<slug> »")
    total = models.PositiveIntegerField()
    altered = models.JSONField(default=list, help_text="numéros et versions de ceux qui ne correspondent plus")
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    finished_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.key} {self.asked_at}"
