"""What staff write of the letters: their text by outcome, who has a copy, and what is done with them once sent."""

from django.db import models

from calls.models import Call
from portal.accounts.models import User
from portal.core.models import StoredFile

from .decision import Decision, DecisionLine, DecisionNotice


class LetterText(models.Model):
    """The text of the letters of one outcome. Empty `body`: the portal's own text. `copies`: one by line."""

    call = models.ForeignKey(Call, models.PROTECT, related_name="letter_texts")
    outcome = models.CharField(max_length=15, choices=DecisionLine.Outcome)
    body = models.TextField(blank=True)
    copies = models.TextField(blank=True, help_text="« Monsieur le Préfet <adresse> », une copie par ligne")
    updated_at = models.DateTimeField()
    updated_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["call", "outcome"], name="letter_text_once")]

    def __str__(self) -> str:
        return f"{self.call} {self.outcome}"


class NoticeReading(models.Model):
    """Somebody of the commune declares that the letter was read. Insert-only."""

    notice = models.ForeignKey(DecisionNotice, models.PROTECT, related_name="readings")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notice", "user"], name="notice_read_once")]

    def __str__(self) -> str:
        return f"{self.notice} {self.at}"


class LetterBundle(models.Model):
    """All the letters of a decision in one file to print, made by a worker from the frozen bytes."""

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="bundles")
    letters = models.PositiveIntegerField(default=0)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.decision} {self.asked_at}"
