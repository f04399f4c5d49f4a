"""A member's scoring of one file, or an officer's technical one: same grid, never in the same total."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from applications.models import Application
from calls.models import Criterion
from portal.accounts.models import User
from portal.core.workflow import TransitionLog

from .. import states
from .members import Seat


class Assessment(models.Model):
    """`total` (points, bonus included, capped) is computed by pure code when submitted, and stored; null on levels."""

    class Kind(models.TextChoices):
        JURY = "jury", "jury"
        TECHNICAL = "technical", "avis technique"

    application = models.ForeignKey(Application, models.PROTECT, related_name="assessments")
    kind = models.CharField(max_length=10, choices=Kind)
    seat = models.ForeignKey(Seat, models.PROTECT, null=True, related_name="assessments")
    author = models.ForeignKey(User, models.PROTECT, related_name="assessments")
    state = models.CharField(max_length=12, choices=states.ASSESSMENT_CHOICES, default=states.IN_PROGRESS)
    total = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    comment = models.TextField(blank=True)
    started_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application", "seat"], condition=Q(kind="jury"), name="one_assessment_per_seat"
            ),
            models.UniqueConstraint(
                fields=["application"], condition=Q(kind="technical"), name="one_technical_assessment"
            ),
            models.CheckConstraint(
                condition=Q(kind="jury", seat__isnull=False) | Q(kind="technical", seat__isnull=True),
                name="assessment_seat_matches_kind",
            ),
            models.CheckConstraint(
                condition=~Q(state="submitted") | Q(submitted_at__isnull=False), name="assessment_submitted_is_dated"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application} · {self.seat or 'technique'}"


class Assignment(models.Model):
    """A file entrusted to a seat, in a call where not everyone notes everything."""

    class Mode(models.TextChoices):
        HAND = "hand", "à la main"
        TERRITORY = "territory", "par territoire"
        EVEN = "even", "répartition égale"

    seat = models.ForeignKey(Seat, models.PROTECT, related_name="assignments")
    application = models.ForeignKey(Application, models.PROTECT, related_name="jury_assignments")
    mode = models.CharField(max_length=10, choices=Mode)
    assigned_at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["seat", "application"],
                name="assigned_once",
                violation_error_message="Ce dossier est déjà confié à ce siège.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.seat} · {self.application}"


class AssessmentTransition(TransitionLog):
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="transitions")


class Score(models.Model):
    """One note on the call's scale (0 to `Grid.scale_max`), half points allowed; or one of its levels; or no opinion.

    A comment alone is kept while the note is awaited.
    """

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="scores")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+")
    note = models.DecimalField(max_digits=4, decimal_places=1, null=True)
    level = models.CharField(max_length=30, blank=True)
    abstained = models.BooleanField(default=False)
    comment = models.CharField(max_length=600, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assessment", "criterion"], name="score_once"),
            models.CheckConstraint(
                condition=Q(note__isnull=False, level="", abstained=False)
                | (Q(note__isnull=True, abstained=False) & ~Q(level=""))
                | Q(note__isnull=True, level="", abstained=True)
                | (Q(note__isnull=True, level="", abstained=False) & ~Q(comment="")),
                name="score_note_or_level",
                violation_error_message="Un critère reçoit une note, un niveau ou aucun avis, jamais deux à la fois.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.criterion} {self.level or self.note}"


class FileScore(models.Model):
    """The jury's score of one file, computed by pure code whenever an assessment is submitted, reopened or voided.

    `members` assessments count; `base` is their mean, `total` the bonus included and capped; SQL only orders by it.
    `ranking`: the code of the file's ranking, "" when the call has one only; `tie_break`: its points on each deciding
    criterion, in their order. A grid of levels gives no number.
    """

    application = models.OneToOneField(Application, models.PROTECT, primary_key=True, related_name="jury_score")
    members = models.PositiveSmallIntegerField(default=0)
    base = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    bonus = models.SmallIntegerField(default=0)
    total = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    tie_break = ArrayField(models.DecimalField(max_digits=6, decimal_places=2), default=list)
    ranking = models.CharField(max_length=30, blank=True)
    knocked_out = models.BooleanField(default=False)
    computed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(members__gt=0) | Q(members=0, total__isnull=True), name="score_needs_members"
            )
        ]

    def __str__(self) -> str:
        return f"{self.application} {self.total}"
