"""Opinions asked of other services on a deposited file, and the experts whom a call knows in advance."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from calls.models import Call
from portal.accounts.models import User
from portal.core.models import StoredFile
from portal.core.workflow import TransitionLog

from .. import states
from .application import Application


class Expert(models.Model):
    """Whom the examination of a call may ask: on which themes, for which territory; empty lists: all."""

    call = models.ForeignKey(Call, models.PROTECT, related_name="experts")
    person = models.ForeignKey(User, models.PROTECT, related_name="+")
    service = models.CharField(max_length=150)
    themes = ArrayField(models.CharField(max_length=60), default=list)
    territory = ArrayField(
        models.CharField(max_length=9), default=list, help_text="codes Insee, départements, SIREN d’intercommunalités"
    )
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["service", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["call", "person"],
                condition=Q(removed_at__isnull=True),
                name="expert_once_in_call",
                violation_error_message="Cette personne est déjà dans la liste.",
            )
        ]

    def __str__(self) -> str:
        return self.service


class OpinionRequest(models.Model):
    """One question to one person of a service, about one file. What is being written is seen by that person only."""

    class Verdict(models.TextChoices):
        FAVOURABLE = "favourable", "favorable"
        RESERVES = "reserves", "favorable avec réserves"
        UNFAVOURABLE = "unfavourable", "défavorable"
        NONE = "none", "sans avis"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    application = models.ForeignKey(Application, models.PROTECT, related_name="opinions")
    giver = models.ForeignKey(User, models.PROTECT, related_name="opinions_asked")
    service = models.CharField(max_length=150)
    question = models.TextField()
    personal = models.BooleanField(default=False, help_text="lit aussi les données personnelles et bancaires")
    due_at = models.DateTimeField()
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=states.OPINIONS, default=states.OPINION_ASKED)
    verdict = models.CharField(max_length=12, choices=Verdict, blank=True)
    text = models.TextField(blank=True)
    saved_at = models.DateTimeField(null=True)
    given_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "giver"],
                condition=Q(state=states.OPINION_ASKED),
                name="one_open_opinion_per_person",
                violation_error_message="Un avis est déjà demandé à cette personne sur cette candidature.",
            ),
            models.CheckConstraint(
                condition=~Q(state=states.GIVEN) | (~Q(verdict="") & Q(given_at__isnull=False)),
                name="opinion_given_is_said",
                violation_error_message="Un avis rendu dit lequel, et quand.",
            ),
        ]
        indexes = [models.Index(fields=["state", "due_at"], name="opinion_due")]

    def __str__(self) -> str:
        return f"avis {self.service} {self.application}"


class OpinionTransition(TransitionLog):
    opinion = models.ForeignKey(OpinionRequest, models.PROTECT, related_name="transitions")


class OpinionFile(models.Model):
    """A file attached to an opinion. Removing keeps the row and the bytes."""

    opinion = models.ForeignKey(OpinionRequest, models.PROTECT, related_name="files")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["added_at", "pk"]

    def __str__(self) -> str:
        return str(self.file)
