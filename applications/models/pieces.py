"""Pieces of the file: what is attached, what is promised, council resolutions."""

from django.db import models

from portal.accounts.models import Organisation, User
from portal.core.models import StoredFile

from .application import Application


class Attachment(models.Model):
    """One file attached as one piece. Removing keeps the row and the bytes: a deposit may point to them."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="attachments")
    piece_code = models.CharField(max_length=30)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True)
    removed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["added_at", "pk"]

    def __str__(self) -> str:
        return f"{self.piece_code} {self.file}"


class PiecePromise(models.Model):
    """A piece to come, by a date that the call allows (the council meets later)."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="promises")
    piece_code = models.CharField(max_length=30)
    due_on = models.DateField()
    promised_at = models.DateTimeField()
    promised_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    kept_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["application", "piece_code"], name="promise_once_per_piece")]

    def __str__(self) -> str:
        return f"{self.piece_code} {self.due_on}"


class CouncilResolution(models.Model):
    """A délibération (or décision du maire): number and date, quoted by letters and agreements."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="resolutions")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    number = models.CharField(max_length=40)
    adopted_on = models.DateField()
    attachment = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["application", "organisation"], name="resolution_once")]

    def __str__(self) -> str:
        return self.number
