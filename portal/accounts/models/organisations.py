"""Organisations (who owns files and calls), their members and, for an organiser, its look and letterhead."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Left

from portal.core.models import StoredFile
from portal.core.workflow import TransitionLog
from portal.territories.models import Commune, Department, Intercommunality, Region

from ..numbers import OTHER_SIREN
from .users import User


class Organisation(models.Model):
    """A legal body: at most one typed link to the territory that it is; SIREN nullable by kind.

    `seat`: the commune of its seat, for a body that is not itself a territory. `merged_into`: who took its place.
    """

    class Kind(models.TextChoices):
        COMMUNE = "commune", "commune"
        INTERCOMMUNALITY = "intercommunality", "intercommunalité"
        SYNDICATE = "syndicate", "syndicat, pôle ou parc"
        DEPARTMENT = "department", "département"
        REGION = "region", "région"
        STATE = "state", "service de l’État"
        OPERATOR = "operator", "opérateur ou agence"
        ASSOCIATION = "association", "association"
        FIRM = "firm", "entreprise"
        OTHER = "other", "autre organisme"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=20, choices=Kind)
    name = models.CharField(max_length=150)
    siren = models.CharField(max_length=9, unique=True, null=True)
    siret = models.CharField(max_length=14, unique=True, null=True, help_text="établissement siège")
    rna = models.CharField(max_length=10, unique=True, null=True, help_text="répertoire national des associations")
    commune = models.OneToOneField(Commune, models.PROTECT, null=True, related_name="organisation")
    intercommunality = models.OneToOneField(Intercommunality, models.PROTECT, null=True, related_name="organisation")
    department = models.OneToOneField(Department, models.PROTECT, null=True, related_name="organisation")
    region = models.OneToOneField(Region, models.PROTECT, null=True, related_name="organisation")
    official_email = models.EmailField(blank=True, help_text="adresse officielle, par exemple celle de la mairie")
    postal_address = models.CharField(max_length=200, blank=True)
    seat = models.ForeignKey(Commune, models.PROTECT, null=True, related_name="+")
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="predecessors")
    merged_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(siren__isnull=True) | Q(siren__regex=r"^\d{9}$"), name="organisation_siren_digits"
            ),
            models.CheckConstraint(
                condition=~Q(kind="commune") | Q(commune__isnull=False), name="organisation_commune_has_territory"
            ),
            models.CheckConstraint(
                condition=Q(siret__isnull=True)
                | Q(siren__isnull=False, siren=Left("siret", 9), siret__regex=r"^\d{14}$"),
                name="organisation_siret_of_its_siren",
                violation_error_message=OTHER_SIREN,
            ),
            models.CheckConstraint(
                condition=Q(rna__isnull=True) | Q(kind="association", rna__regex=r"^W\d[0-9AB]\d{7}$"),
                name="organisation_rna_of_an_association",
                violation_error_message="Seule une association porte un numéro RNA.",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True, merged_on__isnull=True)
                | Q(merged_into__isnull=False, merged_on__isnull=False) & ~Q(merged_into=models.F("id")),
                name="organisation_merger_is_dated",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class OrganisationUnit(models.Model):
    """A service or direction of an organisation."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="units")
    name = models.CharField(max_length=150)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="unit_name_once")]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person in an organisation, with a right. A claim becomes a membership when confirmed.

    `pending`: one may write a draft while waiting, never deposit.
    """

    class Right(models.TextChoices):
        READER = "reader", "lecture"
        EDITOR = "editor", "rédaction"
        SIGNATORY = "signatory", "signature"
        MANAGER = "manager", "gestion de l’organisme"

    class State(models.TextChoices):
        PENDING = "pending", "en attente de confirmation"
        CONFIRMED = "confirmed", "confirmé"
        ENDED = "ended", "terminé"

    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="memberships")
    right = models.CharField(max_length=10, choices=Right)
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    created_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    confirmation = models.CharField(max_length=200, blank=True, help_text="sur quoi repose la confirmation")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation"], condition=~Q(state="ended"), name="membership_once"
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | Q(confirmed_at__isnull=False), name="membership_confirmed_is_dated"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.organisation}"


class MembershipTransition(TransitionLog):
    """Confirmed, right changed, ended: who, when, and on what it rests."""

    membership = models.ForeignKey(Membership, models.PROTECT, related_name="transitions")


class InstitutionProfile(models.Model):
    """What makes an organiser's pages, mails and letters its own."""

    organisation = models.OneToOneField(Organisation, models.PROTECT, primary_key=True, related_name="profile")
    slug = models.SlugField(unique=True)
    short_name = models.CharField(max_length=80)
    kind_label = models.CharField(max_length=80, help_text="« Communauté urbaine »")
    designation = models.CharField(max_length=80, help_text="« la communauté urbaine », pour les textes")
    logo = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    brand = models.CharField(max_length=7, default="#0C4F5C")
    light = models.CharField(max_length=7, default="#F5B841")
    service_lines = models.TextField(blank=True, help_text="bloc de droite de l’en-tête, une ligne par ligne")
    address_line = models.CharField(max_length=200)
    city = models.CharField(max_length=80)
    signatory_title = models.CharField(max_length=150, help_text="« Le Président »")
    signatory_block = models.TextField(blank=True, help_text="« Pour le Président et par délégation, »…")
    contact_service = models.CharField(max_length=150)
    contact_phone = models.CharField(max_length=30)
    contact_hours = models.CharField(max_length=100)
    contact_email = models.EmailField()
    dpo_email = models.EmailField()
    court = models.CharField(max_length=100, help_text="tribunal administratif compétent")
    court_address = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.short_name
