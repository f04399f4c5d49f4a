"""Pieces of the file: what is attached, what is promised, council resolutions."""

from django.db import models
from django.db.models import F, Q

from portal.accounts.models import Organisation, User
from portal.core.models import StoredFile
from portal.core.typography import format_date, typeset

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
    """A délibération (or décision du maire), as the paper of a piece says it: quoted by letters and agreements.

    `organisation`: which applicant it binds; none, when the body is no applicant of the file.
    """

    application = models.ForeignKey(Application, models.PROTECT, related_name="resolutions")
    piece_code = models.CharField(max_length=30, blank=True, default="", db_default="")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    assembly = models.CharField(max_length=150, blank=True, default="", db_default="")
    number = models.CharField(max_length=40)
    adopted_on = models.DateField()
    transmitted_on = models.DateField(null=True, help_text="accusé de réception de la préfecture")
    attachment = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "piece_code", "organisation"],
                condition=~Q(piece_code=""),
                nulls_distinct=False,
                name="resolution_once_per_body",
            ),
            models.CheckConstraint(
                condition=Q(transmitted_on=None) | Q(transmitted_on__gte=F("adopted_on")),
                name="resolution_transmitted_after",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def words(self) -> str:
        """« Conseil municipal, acte n° 2027-14 du 3 mars 2027, transmis à la préfecture le 8 mars 2027 »."""
        said = f"{self.assembly}, acte" if self.assembly else "Acte"
        sent = f", transmis à la préfecture le {format_date(self.transmitted_on)}" if self.transmitted_on else ""
        return typeset(f"{said} n° {self.number} du {format_date(self.adopted_on)}{sent}")

    @property
    def words_of_body(self) -> str:
        """The same, after the name of the applicant that it binds: several councils may have decided."""
        return f"{self.organisation.name} : {self.words}" if self.organisation else self.words
