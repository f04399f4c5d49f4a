"""Every file received or produced. Bytes are written before the row; nothing ever cascades onto a file."""

import uuid

from django.conf import settings
from django.db import models


class StoredFile(models.Model):
    """One immutable file on disk, under a random key; `name` is only what the person called it."""

    class Scan(models.TextChoices):
        UNSCANNED = "unscanned", "non analysé"
        CLEAN = "clean", "analysé, sain"
        INFECTED = "infected", "infecté"

    key = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField(help_text="octets")
    detected_type = models.CharField(max_length=100, help_text="type réel, lu dans le contenu")
    scan = models.CharField(max_length=10, choices=Scan, default=Scan.UNSCANNED)
    erased_at = models.DateTimeField(null=True, help_text="octets effacés, leur empreinte gardée")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(sha256__regex=r"^[0-9a-f]{64}$"), name="storedfile_sha256_is_hex")
        ]

    def __str__(self) -> str:
        return self.name
