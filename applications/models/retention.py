"""What is kept and until when: kept longer with a reason, eliminated with the visa of the archives, erased once."""

import uuid

from django.db import models
from django.db.models import Q

from calls.models import Call
from portal.accounts.models import User
from portal.core.models import StoredFile

from .application import Application


class RetentionHold(models.Model):
    """A file is kept longer than its rule says: litigation, notices that did not leave. Insert-only, logged so."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="holds")
    until_on = models.DateField(help_text="premier jour où l’effacement redevient possible")
    reason = models.CharField(max_length=300)
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["set_at", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="hold_has_reason")]

    def __str__(self) -> str:
        return f"{self.application} → {self.until_on}"


class ArchiveVisa(models.Model):
    """The visa of the State’s scientific control before public archives are destroyed (C. patr. L212-2). Insert-only.

    `due_until`: it covers the files whose term fell on that day or before.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    call = models.ForeignKey(Call, models.PROTECT, related_name="archive_visas")
    given_by = models.CharField(max_length=120, help_text="nom de la personne qui a donné le visa")
    quality = models.CharField(max_length=150, help_text="« directrice des archives départementales »")
    reference = models.CharField(max_length=100, help_text="numéro du bordereau d’élimination")
    given_on = models.DateField()
    due_until = models.DateField()
    document = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["recorded_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["call", "reference"], name="visa_reference_once")]

    def __str__(self) -> str:
        return f"visa {self.reference}"


class Erasure(models.Model):
    """The content of a file is gone; what remains is counted. Insert-only: the database lets the content go with it."""

    class Kind(models.TextChoices):
        DRAFT = "draft", "brouillon jamais déposé"
        DELETED = "deleted", "brouillon supprimé"
        NOT_SELECTED = "not_selected", "dossier non retenu"
        SELECTED = "selected", "dossier retenu"

    application = models.OneToOneField(Application, models.PROTECT, related_name="erasure")
    kind = models.CharField(max_length=15, choices=Kind)
    due_on = models.DateField()
    rule = models.CharField(max_length=300, help_text="la règle appliquée, en une phrase")
    visa = models.ForeignKey(ArchiveVisa, models.PROTECT, null=True, related_name="erasures")
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    counts = models.JSONField(help_text="réponses, pièces et octets effacés")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["draft", "deleted"]) | Q(visa__isnull=False, by__isnull=False),
                name="erasure_of_archives_has_visa",
                violation_error_message="Un dossier déposé s’élimine avec le visa des archives.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.application} {self.kind}"
