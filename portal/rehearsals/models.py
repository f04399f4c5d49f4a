"""The rehearsal of a call, and who went in as whom. Everything else of it lives in its own schema."""

import uuid

from django.db import models

from calls.models import Call
from portal.accounts.models import User
from portal.core.spaces import Space


class Rehearsal(models.Model):
    """One space apart where one call is rehearsed. One at a time for a call; erased without trace."""

    class Stage(models.TextChoices):
        OPEN = "open", "appel ouvert"
        CLOSED = "closed", "appel clos"
        JURY = "jury", "jury réuni"
        DECISION = "decision", "décision enregistrée"

    uuid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    call = models.OneToOneField(
        Call,
        models.PROTECT,
        related_name="rehearsal",
        error_messages={"unique": "Cet appel est déjà en répétition."},
    )
    stage = models.CharField(max_length=10, choices=Stage)
    files = models.PositiveSmallIntegerField(help_text="dossiers fictifs demandés")
    structure = models.BigIntegerField(help_text="dernière migration au moment de la copie")
    started_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    expires_at = models.DateTimeField(help_text="effacée d’office à cet instant")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(files__lte=200), name="rehearsal_at_most_200_files"),
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("started_at")), name="rehearsal_expires_later"
            ),
        ]

    def __str__(self) -> str:
        return f"répétition de {self.call}"

    @property
    def space(self) -> Space:
        """Where it lives."""
        return Space(schema=f"rehearsal_{self.uuid.hex}", prefix=f"/repetition/{self.call.slug}")


class Entry(models.Model):
    """A person of the call's staff went in under a fictitious name. The last entry holds."""

    rehearsal = models.ForeignKey(Rehearsal, models.PROTECT, related_name="entries")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    acting_id = models.BigIntegerField(null=True, help_text="personne de la répétition ; vide : visiteur sans compte")
    acting_name = models.CharField(max_length=200)
    session_key = models.CharField(max_length=40, help_text="session propre à l’espace")
    entered_at = models.DateTimeField()

    class Meta:
        ordering = ["-entered_at", "-pk"]
        indexes = [models.Index(fields=["rehearsal", "user", "-entered_at"], name="rehearsal_last_entry")]

    def __str__(self) -> str:
        return f"{self.user} comme {self.acting_name}"
