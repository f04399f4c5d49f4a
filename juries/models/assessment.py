"""A member's scoring of one file, or an officer's technical one: same grid, never in the same total."""

from django.db import models
from django.db.models import Q

from applications.models import Application
from calls.models import Criterion
from portal.accounts.models import User
from portal.core.workflow import TransitionLog

from .. import states
from .members import Seat


class Assessment(models.Model):
    """`total` (points, bonus included, capped) is computed by pure code when submitted, and stored."""

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
                condition=~Q(state="submitted") | Q(submitted_at__isnull=False, total__isnull=False),
                name="assessment_submitted_has_total",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application} · {self.seat or 'technique'}"


class AssessmentTransition(TransitionLog):
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="transitions")


class Score(models.Model):
    """One note on the call's scale (0 to `Grid.scale_max`), half points allowed."""

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="scores")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+")
    note = models.DecimalField(max_digits=4, decimal_places=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["assessment", "criterion"], name="score_once")]

    def __str__(self) -> str:
        return f"{self.criterion} {self.note}"


class FileScore(models.Model):
    """The jury's score of one file, computed by pure code whenever an assessment is submitted, reopened or voided.

    `members` assessments count; `base` is their mean, `total` the bonus included and capped; SQL only orders by it.
    """

    application = models.OneToOneField(Application, models.PROTECT, primary_key=True, related_name="jury_score")
    members = models.PositiveSmallIntegerField(default=0)
    base = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    bonus = models.SmallIntegerField(default=0)
    total = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    tie_break = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    knocked_out = models.BooleanField(default=False)
    computed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(members=0, total__isnull=True) | Q(members__gt=0, total__isnull=False),
                name="score_needs_members",
            )
        ]

    def __str__(self) -> str:
        return f"{self.application} {self.total}"
