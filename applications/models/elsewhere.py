"""Files received elsewhere than on the portal: what is told of their receipt, and the tables that bring many."""

import uuid

from django.db import models
from django.db.models import F, Q

from calls.models import Call
from portal.accounts.models import User
from portal.core.models import StoredFile
from portal.core.typography import format_date, format_instant, format_time

from .application import Application


class Channel(models.TextChoices):
    PAPER = "paper", "sur papier"
    MAIL = "mail", "par courriel"
    PLATFORM = "platform", "sur une autre plateforme"
    PAST = "past", "dans une édition passée"


class OutsideReceipt(models.Model):
    """Where and on what day a file was received, as the proof says; the portal itself saw it only at `entered_at`.

    `received_time` is Paris wall clock, empty when the proof bears a day only. Insert-only; the database refuses a
    day after the limit of the file (trigger).
    """

    application = models.OneToOneField(Application, models.PROTECT, related_name="outside")
    channel = models.CharField(max_length=10, choices=Channel)
    received_on = models.DateField()
    received_time = models.TimeField(null=True)
    reference = models.CharField(max_length=100, blank=True, help_text="numéro du registre du courrier, du dossier…")
    proof = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return self.words

    @property
    def words(self) -> str:
        """« sur papier le 12 mars 2026 à 10 h 30 »."""
        hour = f" à {format_time(self.received_time)}" if self.received_time else ""
        return f"{self.get_channel_display()} le {format_date(self.received_on)}{hour}"

    @property
    def entry_words(self) -> str:
        """« saisie dans le portail le 30 novembre 2026 à 16 h 04 par Camille Exemple »."""
        return f"saisie dans le portail le {format_instant(self.entered_at, weekday=False)} par {self.entered_by}"


class EntryBatch(models.Model):
    """A table of files received elsewhere: read and reported line by line first, entered when someone says so."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    call = models.ForeignKey(Call, models.PROTECT, related_name="entry_batches")
    name = models.CharField(max_length=150, help_text="nom du fichier")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    applied_at = models.DateTimeField(null=True)
    applied_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(applied_at__isnull=True, applied_by__isnull=True)
                | Q(applied_at__gte=F("made_at"), applied_by__isnull=False),
                name="entry_batch_applied_is_signed",
            )
        ]

    def __str__(self) -> str:
        return self.name


class EntryFile(models.Model):
    """A proof or a piece sent with a table, found by its name."""

    batch = models.ForeignKey(EntryBatch, models.PROTECT, related_name="files")
    name = models.CharField(max_length=150)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "name"], name="entry_file_once")]

    def __str__(self) -> str:
        return self.name


class EntryLine(models.Model):
    """One line of a table: `refusal` is what the report says of it; then it is entered, or could not be (`failure`)."""

    batch = models.ForeignKey(EntryBatch, models.PROTECT, related_name="lines")
    number = models.PositiveIntegerField(help_text="comme le tableur la montre")
    cells = models.JSONField()
    refusal = models.TextField(blank=True)
    warning = models.TextField(blank=True)
    application = models.OneToOneField(Application, models.PROTECT, null=True, related_name="entry_line")
    failure = models.TextField(blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "number"], name="entry_line_once"),
            models.CheckConstraint(
                condition=Q(application__isnull=True) | Q(refusal="", failure=""), name="entry_line_entered_is_right"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.batch}, ligne {self.number}"

    @property
    def code(self) -> str:
        """The INSEE code or the SIREN that the line gives, empty when it gives none."""
        return str(self.cells.get("insee") or self.cells.get("siren") or "")
