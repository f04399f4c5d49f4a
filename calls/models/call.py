"""The call itself, its revisions and who holds a role in it."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from portal.accounts.models import Organisation, User
from portal.core.workflow import TransitionLog

from .. import states


class Programme(models.Model):
    """A lasting policy; each call is one edition of it."""

    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="programmes")
    code = models.SlugField(max_length=60)
    title = models.CharField(max_length=150)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "code"], name="programme_code_once")]

    def __str__(self) -> str:
        return self.title


def only_communes() -> list[str]:
    return ["commune"]


class Call(models.Model):
    """One opening of a programme. `owner` is the tenant; rows below it are the working copy of its document."""

    class PerimeterKind(models.TextChoices):
        INTERCOMMUNALITY = "intercommunality", "communes d’une intercommunalité"
        DEPARTMENT = "department", "communes d’un département"
        REGION = "region", "communes d’une région"
        COMMUNES = "communes", "liste de communes"
        CANTON = "canton", "communes d’un canton"
        DISTRICT = "district", "communes d’un arrondissement"
        BASIN = "basin", "communes d’un bassin de vie"
        MASSIF = "massif", "communes d’un massif"
        CONSTITUENCY = "constituency", "communes d’une circonscription législative"
        GROUPING = "grouping", "communes d’un autre regroupement"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="calls")
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="calls")
    slug = models.SlugField(max_length=80, unique=True)
    code_prefix = models.CharField(max_length=12, help_text="« TPS » : numéros TPS-2027-0001")
    edition = models.CharField(max_length=20)
    call_type = models.CharField(max_length=10, default="ami")
    title = models.CharField(max_length=150)
    summary = models.CharField(max_length=400)
    texts = models.JSONField(default=dict, help_text="textes de la page et du règlement, par code")
    support_kinds = ArrayField(models.CharField(max_length=20), default=list)
    themes = ArrayField(models.CharField(max_length=60), default=list)
    applicant_kinds = ArrayField(models.CharField(max_length=20), default=only_communes)
    perimeter_kind = models.CharField(max_length=20, choices=PerimeterKind)
    perimeter_codes = ArrayField(models.CharField(max_length=20))
    contact_service = models.CharField(max_length=150)
    contact_phone = models.CharField(max_length=30, blank=True)
    contact_hours = models.CharField(max_length=100, blank=True)
    contact_email = models.EmailField()
    extras = models.JSONField(default=dict, help_text="parties du document sans ligne propre (rappels, cadre)")
    state = models.CharField(max_length=12, choices=states.CHOICES, default=states.DRAFT)
    published_at = models.DateTimeField(null=True)
    visa_number = models.CharField(max_length=40, blank=True, help_text="acte de l’organisateur qui vise l’appel")
    visa_on = models.DateField(null=True)
    visa_sha256 = models.CharField(max_length=64, blank=True, help_text="document visé")
    suspended_at = models.DateTimeField(null=True, help_text="lu sous le verrou de la ligne")
    state_reason = models.TextField(blank=True, help_text="pourquoi l’appel est suspendu ou sans suite")
    template = models.ForeignKey("self", models.PROTECT, null=True, related_name="instances")
    template_revision = models.ForeignKey(
        "CallRevision", models.PROTECT, null=True, related_name="+", help_text="modèle dont les apports sont tranchés"
    )
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["code_prefix", "edition"],
                name="call_numbering_once",
                violation_error_message="Un autre appel numérote déjà ses candidatures ainsi.",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["published", "suspended", "archived"]) | Q(published_at__isnull=False),
                name="call_published_is_dated",
            ),
            models.CheckConstraint(
                condition=~Q(state="validated") | Q(visa_on__isnull=False) & ~Q(visa_number="") & ~Q(visa_sha256=""),
                name="call_validated_has_visa",
                violation_error_message="Un visa porte le numéro et la date d’un acte.",
            ),
            models.CheckConstraint(
                condition=~Q(state="suspended") | Q(suspended_at__isnull=False) & ~Q(state_reason=""),
                name="call_suspended_says_why",
                violation_error_message="Une suspension porte sa date et son motif.",
            ),
            models.CheckConstraint(
                condition=Q(template=None, template_revision=None)
                | Q(template__isnull=False, template_revision__isnull=False),
                name="call_template_at_a_revision",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.edition}"


class CallTransition(TransitionLog):
    call = models.ForeignKey(Call, models.PROTECT, related_name="transitions")


class CallRevision(models.Model):
    """The canonical document as published, corrected or extended; every deposit points to one. Insert-only."""

    call = models.ForeignKey(Call, models.PROTECT, related_name="revisions")
    n = models.PositiveSmallIntegerField()
    document = models.TextField(help_text="document canonique (YAML)")
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    note = models.CharField(max_length=300, blank=True)
    changes = models.JSONField(default=list, help_text="ce qui a changé, en toutes lettres")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["call", "n"], name="revision_number_once")]

    def __str__(self) -> str:
        return f"{self.call} r{self.n}"


class CallRole(models.Model):
    """A staff right: the only source of rights on a call. Never given by membership alone."""

    class Role(models.TextChoices):
        MANAGER = "manager", "gestion de l’appel"
        OFFICER = "officer", "instruction"
        READER = "reader", "lecture"
        ADVISER = "adviser", "accompagnement"
        SECRETARY = "secretary", "secrétariat du jury"

    user = models.ForeignKey(User, models.PROTECT, related_name="call_roles")
    call = models.ForeignKey(Call, models.PROTECT, related_name="roles")
    role = models.CharField(max_length=10, choices=Role)
    scope = ArrayField(models.CharField(max_length=9), default=list, help_text="codes INSEE ; vide : tout l’appel")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    given_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "call", "role"], name="call_role_once"),
            models.CheckConstraint(condition=~Q(user=models.F("given_by")), name="call_role_not_to_oneself"),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.role} · {self.call}"


class Partner(models.Model):
    call = models.ForeignKey(Call, models.CASCADE, related_name="partners")
    code = models.CharField(max_length=20)
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=150)
    role = models.CharField(max_length=30)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["call", "code"], name="partner_code_once")]

    def __str__(self) -> str:
        return self.name
