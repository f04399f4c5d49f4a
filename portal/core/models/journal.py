"""Append-only journal of who read what, and the pulse of the background processes."""

from django.conf import settings
from django.db import models


class AccessRecord(models.Model):
    """One reading of a deposited file or document by someone who is not its owner (GDPR, reliability K10)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    what = models.CharField(max_length=60)
    object_key = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["object_key", "at"], name="access_object_at")]

    def __str__(self) -> str:
        return f"{self.what} {self.object_key}"


class Heartbeat(models.Model):
    """Last sign of life of a process (beat, worker), read by /sante/."""

    name = models.CharField(primary_key=True, max_length=40)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
