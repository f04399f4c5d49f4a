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


class ServiceProbe(models.Model):
    """One visit of the portal to itself, from outside the web process: whether it answered, in how many seconds.

    Around the limit of a call these rows are evidence; the others are purged. No row says as much as a failed one.
    """

    at = models.DateTimeField()
    seconds = models.FloatField()
    answered = models.BooleanField()
    detail = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["at"], name="probe_at")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {'oui' if self.answered else self.detail}"


class Heartbeat(models.Model):
    """Last sign of life of a process (beat, worker), read by /sante/."""

    name = models.CharField(primary_key=True, max_length=40)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
