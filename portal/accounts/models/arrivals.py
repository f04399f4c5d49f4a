"""How people arrive: invitations and claims; and how they prove again who they are."""

import uuid

from django.db import models
from django.db.models import Q

from .organisations import Membership, Organisation
from .users import User


class Invitation(models.Model):
    """A single-use link, 7 days, tied to one address; only its hash is kept.

    `grant` and `grant_key` say what accepting gives: a membership (`right`), a role in a call, a seat of a jury.
    """

    uuid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField()
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="invitations")
    right = models.CharField(max_length=10, choices=Membership.Right, blank=True)
    grant = models.CharField(max_length=20, default="membership")
    grant_key = models.CharField(max_length=120, blank=True)
    full_name = models.CharField(max_length=120, blank=True)
    role_title = models.CharField(max_length=120, blank=True)
    token_sha256 = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return self.email


class Claim(models.Model):
    """Is it true that this person works, or signs, for the commune? Settled by its official address, those in charge
    or staff. `right` is what a yes gives; `entry`: the membership rests on this claim alone and ends with a no.
    """

    class State(models.TextChoices):
        OPEN = "open", "à confirmer"
        ACCEPTED = "accepted", "confirmé"
        REFUSED = "refused", "refusé"

    uuid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="claims")
    right = models.CharField(max_length=10, choices=Membership.Right)
    entry = models.BooleanField(default=True)
    asked_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", help_text="le collègue qui désigne ; vide : la personne même"
    )
    replaces = models.CharField(
        max_length=150, blank=True, help_text="qui a quitté l’organisme, comme la personne l’écrit"
    )
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    created_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open") | Q(settled_at__isnull=False), name="claim_settled_is_dated"
            ),
            models.UniqueConstraint(
                fields=["membership"],
                condition=Q(state="open"),
                name="one_open_claim_per_membership",
                violation_error_message="Une demande attend déjà une réponse pour cette personne.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.membership)


class ClaimLink(models.Model):
    """One sending of the link that answers a claim, to the official address; only its hash is kept.

    Sent again, the claim has another link; an earlier one still works until its own end.
    """

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="links")
    n = models.PositiveSmallIntegerField(help_text="1 : premier envoi")
    token_sha256 = models.CharField(max_length=64, unique=True)
    sent_at = models.DateTimeField()
    sent_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", help_text="qui le renvoie ; vide : la demande, ou la mairie"
    )
    expires_at = models.DateTimeField()

    class Meta:
        ordering = ["n"]
        constraints = [models.UniqueConstraint(fields=["claim", "n"], name="claim_link_number_once")]

    def __str__(self) -> str:
        return f"{self.claim}, lien {self.n}"


class LinkSession(models.Model):
    """A personal link sent by mail that opens the portal as its recipient (the mayor on a phone): single use."""

    uuid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    next_path = models.CharField(max_length=300)
    token_sha256 = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.user)


class StepUp(models.Model):
    """A fresh mailed code asked before a grave act (`s` cells of docs/droits.md)."""

    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    code_sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.user)
