"""When, and for whom: windows and their extensions, milestones, tracks, strata."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from portal.accounts.models import User

from .call import Call


class CallPart(models.Model):
    """A row of the call's document, named by a stable code. CASCADE: the document is one thing."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="%(class)ss")
    code = models.CharField(max_length=30)
    position = models.PositiveSmallIntegerField()

    class Meta:
        abstract = True
        ordering = ["position"]

    def __str__(self) -> str:
        return self.code


class Track(CallPart):
    label = models.CharField(max_length=150)
    text = models.TextField(blank=True)


class Stratum(CallPart):
    """A class of applicants: by population (lower bound included, upper excluded), by list, place, kind, attribute."""

    class Kind(models.TextChoices):
        POPULATION = "population", "par population"
        COMMUNES = "communes", "par liste de communes"
        PERIMETER = "perimeter", "par territoire"
        APPLICANT = "applicant", "par nature du candidat"
        ATTRIBUTE = "attribute", "par caractéristique de la commune"

    call = models.ForeignKey(Call, models.CASCADE, related_name="strata")
    label = models.CharField(max_length=80)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.POPULATION)
    lower = models.PositiveIntegerField(default=0)
    upper = models.PositiveIntegerField(null=True)
    population_kind = models.CharField(max_length=10)
    population_year = models.PositiveSmallIntegerField(null=True)
    perimeter_kind = models.CharField(max_length=20, choices=Call.PerimeterKind, blank=True)
    attribute = models.CharField(max_length=30, blank=True, default="")
    codes = ArrayField(
        models.CharField(max_length=20), default=list, help_text="communes, territoires, natures ou valeurs"
    )


class Milestone(CallPart):
    """A public date of the call."""

    label = models.CharField(max_length=150)
    at = models.DateTimeField(null=True)
    on = models.DateField(null=True)
    note = models.CharField(max_length=200, blank=True)

    class Meta(CallPart.Meta):
        constraints = [
            models.UniqueConstraint(fields=["call", "code"], name="milestone_code_once"),
            models.CheckConstraint(condition=Q(at__isnull=True) ^ Q(on__isnull=True), name="milestone_one_date"),
        ]


class Window(CallPart):
    """When one may deposit. A published limit never comes forward (trigger)."""

    label = models.CharField(max_length=150, blank=True)
    stage = models.CharField(max_length=20, default="file")
    wave = models.PositiveSmallIntegerField(default=1)
    track = models.ForeignKey(Track, models.PROTECT, null=True, related_name="windows")
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    condition = models.JSONField(null=True)

    class Meta(CallPart.Meta):
        constraints = [
            models.UniqueConstraint(fields=["call", "code"], name="window_code_once"),
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")),
                name="window_opens_before_it_closes",
                violation_error_message="La clôture doit venir après l’ouverture.",
            ),
        ]


class WindowExtension(models.Model):
    """A limit put back: decided by two persons, published, logged, mailed."""

    window = models.ForeignKey(Window, models.PROTECT, related_name="extensions")
    previous_closes_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    reason = models.TextField()
    decided_at = models.DateTimeField()
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(closes_at__gt=F("previous_closes_at")), name="extension_only_later"),
            models.CheckConstraint(condition=~Q(asked_by=F("approved_by")), name="extension_two_persons"),
        ]

    def __str__(self) -> str:
        return f"{self.window} → {self.closes_at}"
