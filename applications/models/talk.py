"""What is said around a file: messages with the commune, notes of the service, contacts before any application.

All of it is insert-only: nobody takes back what was said, a correction is another line.
"""

import uuid

from django.db import models
from django.db.models import Q

from calls.models import Call
from portal.accounts.models import User
from portal.core.models import StoredFile
from portal.territories.models import Commune

from .application import Application


class ProgressUpdate(models.Model):
    """One « point d’étape » written to every file that waits; the messages are written by a job."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    call = models.ForeignKey(Call, models.PROTECT, related_name="updates")
    text = models.TextField()
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    states = models.JSONField(default=list, help_text="états des candidatures auxquelles il est écrit")

    class Meta:
        ordering = ["-asked_at", "-pk"]

    def __str__(self) -> str:
        return f"point d’étape {self.call}"


class Message(models.Model):
    """One message in a file, read by the commune and by the service. Insert-only."""

    class Side(models.TextChoices):
        APPLICANT = "applicant", "candidat"
        SERVICE = "service", "service"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    application = models.ForeignKey(Application, models.PROTECT, related_name="messages")
    side = models.CharField(max_length=10, choices=Side)
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    text = models.TextField()
    sent_at = models.DateTimeField()
    update_of = models.ForeignKey(ProgressUpdate, models.PROTECT, null=True, related_name="messages")

    class Meta:
        ordering = ["sent_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["update_of", "application"], name="update_once_per_file"),
            models.CheckConstraint(condition=~Q(text=""), name="message_says_something"),
        ]

    def __str__(self) -> str:
        return f"{self.application} {self.sent_at}"


class MessageFile(models.Model):
    """A file of a message. Insert-only."""

    message = models.ForeignKey(Message, models.PROTECT, related_name="files")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.file)


class InternalNote(models.Model):
    """A note of the service on a file, never shown outside the team of the call. Insert-only."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="notes")
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    text = models.TextField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="note_says_something")]

    def __str__(self) -> str:
        return f"{self.application} {self.at}"


class ContactEntry(models.Model):
    """A call, a visit, a meeting with a commune about a call, before it applies or after. Insert-only."""

    class Kind(models.TextChoices):
        PHONE = "phone", "appel téléphonique"
        VISIT = "visit", "visite"
        MEETING = "meeting", "réunion"
        MAIL = "mail", "courriel"

    call = models.ForeignKey(Call, models.PROTECT, related_name="contacts")
    commune = models.ForeignKey(Commune, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    happened_on = models.DateField()
    text = models.TextField()
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-happened_on", "-pk"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="contact_says_something")]
        indexes = [models.Index(fields=["call", "commune"], name="contacts_of_commune")]

    def __str__(self) -> str:
        return f"{self.commune} {self.happened_on}"
