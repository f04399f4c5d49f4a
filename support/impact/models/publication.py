"""A publication: what a commune and its organiser tell the others, in versions that are never rewritten."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q

from portal.accounts.models import Organisation, User
from portal.core.workflow import TransitionLog
from portal.territories.models import Commune
from support.plan.models import SupportPlan

from .. import states, words


class Publication(models.Model):
    """One text being written, and its public face when it has one.

    `current` is what everyone reads; the columns after it repeat what visitors search by. Writing anew changes
    nothing of them before the next publication.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=12, choices=words.KINDS)
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="publications")
    plan = models.ForeignKey(SupportPlan, models.PROTECT, null=True, related_name="publications")
    title = models.CharField(max_length=150)
    lead = models.TextField(blank=True)
    themes = ArrayField(models.CharField(max_length=60), default=list)
    cost = models.DecimalField(max_digits=12, decimal_places=2, null=True, help_text="coût du projet, euros hors taxes")
    state = models.CharField(max_length=12, choices=states.CHOICES, default=states.DRAFTING)
    version = models.PositiveIntegerField(default=1, help_text="compte les enregistrements, contre l’écrasement")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    slug = models.SlugField(max_length=120, unique=True)
    current = models.ForeignKey("PublicationVersion", models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)
    commune = models.ForeignKey(Commune, models.PROTECT, null=True, related_name="publications")
    inhabitants = models.PositiveIntegerField(null=True)
    public_cost = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    public_themes = ArrayField(models.CharField(max_length=60), default=list)
    search = SearchVectorField(null=True, editable=False)

    class Meta:
        ordering = ["-published_at", "-pk"]
        indexes = [
            GinIndex(fields=["search"], name="publication_search"),
            models.Index(
                fields=["-published_at", "-id"], name="publication_public", condition=Q(current__isnull=False)
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["plan"], condition=Q(kind=words.REPORT), name="publication_one_report_a_plan",
                violation_error_message="Ce projet a déjà son retour d’expérience.",
            ),
            models.CheckConstraint(
                condition=~Q(kind=words.REPORT) | Q(plan__isnull=False), name="publication_report_has_plan"
            ),
            models.CheckConstraint(
                condition=Q(current=None, published_at=None) | Q(current__isnull=False, published_at__isnull=False),
                name="publication_public_is_dated",
            ),
            models.CheckConstraint(
                condition=Q(cost=None) | Q(cost__gte=0), name="publication_cost_positive",
                violation_error_message="Un coût ne peut pas être négatif.",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title


class PublicationTransition(TransitionLog):
    publication = models.ForeignKey(Publication, models.PROTECT, related_name="transitions")


class PublicationSection(models.Model):
    """One section of the text as it is being written."""

    publication = models.ForeignKey(Publication, models.CASCADE, related_name="sections")
    code = models.CharField(max_length=20)
    text = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["publication", "code"], name="publication_section_once")]

    def __str__(self) -> str:
        return self.code


class PublicationContact(models.Model):
    """Whom a reader may ask; public from the day on which that person accepted to be named (`agreed_on`)."""

    class Side(models.TextChoices):
        PROJECT = "project", "porte le projet"
        PUBLISHER = "publisher", "a publié cette fiche"

    publication = models.ForeignKey(Publication, models.CASCADE, related_name="contacts")
    side = models.CharField(max_length=10, choices=Side, default=Side.PROJECT)
    name = models.CharField(max_length=100)
    role = models.CharField(max_length=100, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    email = models.EmailField(blank=True)
    agreed_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["side", "pk"]

    def __str__(self) -> str:
        return self.name


class PublicationVersion(models.Model):
    """What was made public, word for word. Insert-only."""

    publication = models.ForeignKey(Publication, models.PROTECT, related_name="versions")
    n = models.PositiveIntegerField()
    content = models.JSONField(help_text="titre, chapeau, fiche d’identité, sections, contacts, thèmes")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["publication", "n"], name="publication_version_once")]

    def __str__(self) -> str:
        return f"{self.publication} v{self.n}"
