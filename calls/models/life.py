"""What happens to the document of a call: a file waiting for a yes, the departures from a template."""

import uuid

from django.db import models
from django.db.models import Q

from portal.accounts.models import Organisation, User
from portal.core.models import StoredFile

from .call import Call, CallRevision


class StagedDocument(models.Model):
    """A document handed in and not applied yet: its differences are shown first, then it is applied whole or left."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    call = models.ForeignKey(Call, models.CASCADE, null=True, related_name="+", help_text="appel à changer")
    text = models.TextField(help_text="document canonique (YAML)")
    base_sha256 = models.CharField(max_length=64, blank=True, help_text="document auquel il a été comparé")
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    by_hand = models.BooleanField(default=False, help_text="correction écrite dans les rubriques, à plusieurs")
    edited_at = models.DateTimeField(null=True)
    applied_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(call__isnull=True) | ~Q(base_sha256=""), name="staged_document_compared_to_its_call"
            ),
            models.UniqueConstraint(
                fields=["call"],
                condition=Q(by_hand=True, applied_at=None),
                name="one_correction_by_hand",
                violation_error_message="Une correction de cet appel est déjà commencée.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.owner} {self.made_at}"


class StagedFile(models.Model):
    """The bytes of a document to download, waiting with the correction that brings them."""

    staged = models.ForeignKey(StagedDocument, models.CASCADE, related_name="files")
    code = models.CharField(max_length=30)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    kept_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["staged", "code"], name="staged_file_once")]

    def __str__(self) -> str:
        return f"{self.staged} {self.code}"


class Override(models.Model):
    """A place where a local instance departs from its template, and why."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="overrides")
    path = models.CharField(max_length=200)
    reason = models.CharField(max_length=300)
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", help_text="vide : par commande")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["call", "path"], name="override_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="override_says_why"),
        ]

    def __str__(self) -> str:
        return self.path


class TemplateAnswer(models.Model):
    """What an instance answered to one change of its template. Insert-only."""

    call = models.ForeignKey(Call, models.PROTECT, related_name="template_answers")
    revision = models.ForeignKey(CallRevision, models.PROTECT, related_name="+")
    path = models.CharField(max_length=200)
    accepted = models.BooleanField()
    answered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    answered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["call", "revision", "path"], name="template_answer_once"),
        ]

    def __str__(self) -> str:
        return f"{self.call} {self.path}"
