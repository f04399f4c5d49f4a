"""Where a person is signed in, and the change of their address, proved at both ends."""

import uuid

from django.db import models

from .users import User


class OpenSession(models.Model):
    """One entry by a code or a personal link; the session it opened may be closed from another device."""

    user = models.ForeignKey(User, models.PROTECT, related_name="entries")
    session_key = models.CharField(max_length=40, unique=True)
    device = models.CharField(max_length=60, help_text="navigateur et système, en clair : « Firefox sous Windows »")
    opened_at = models.DateTimeField()

    class Meta:
        ordering = ["-opened_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.user} {self.device}"


class AddressChange(models.Model):
    """The person asked for another address, and was told at the old one; a code sent to the new one proves it."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="address_changes")
    old_email = models.EmailField()
    new_email = models.EmailField()
    code_sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["created_at", "pk"]

    def __str__(self) -> str:
        return f"{self.old_email} → {self.new_email}"
