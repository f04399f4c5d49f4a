"""The actions of a plan, as sheets, and the milestones of its calendar."""

from django.db import models
from django.db.models import F, Q

from portal.accounts.models import User
from portal.core.workflow import TransitionLog

from .. import states
from .plan import Phase, SupportPlan


class PlanAction(models.Model):
    """One action sheet (fiche action). Costs in euros excluding VAT. A blocked one says who is to lift the obstacle."""

    class Priority(models.IntegerChoices):
        HIGH = 1, "haute"
        MEDIUM = 2, "moyenne"
        LOW = 3, "basse"

    class Side(models.TextChoices):
        COMMUNE = "commune", "la commune"
        SERVICE = "service", "l’équipe d’accompagnement"
        OTHER = "other", "un partenaire ou un tiers"

    plan = models.ForeignKey(SupportPlan, models.PROTECT, related_name="actions")
    reference = models.CharField(max_length=12)
    position = models.PositiveSmallIntegerField(default=1)
    title = models.CharField(max_length=150)
    axis = models.CharField(max_length=100, blank=True)
    phase = models.ForeignKey(Phase, models.PROTECT, null=True, blank=True, related_name="actions")
    state = models.CharField(max_length=10, choices=states.ACTION_CHOICES, default=states.MATURING)
    priority = models.PositiveSmallIntegerField(choices=Priority, default=Priority.MEDIUM)
    description = models.TextField(blank=True)
    project_owner = models.CharField(max_length=150, blank=True)
    design_team = models.CharField(max_length=150, blank=True)
    partners = models.CharField(max_length=300, blank=True)
    place = models.CharField(max_length=200, blank=True)
    in_ort = models.BooleanField(default=False)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    cost = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    engineering = models.TextField(blank=True)
    indicator = models.CharField(max_length=150, blank=True)
    baseline = models.CharField(max_length=60, blank=True)
    target = models.CharField(max_length=60, blank=True)
    indicator_source = models.CharField(max_length=150, blank=True)
    transition = models.TextField(blank=True)
    contact = models.CharField(max_length=150, blank=True)
    depends_on = models.ManyToManyField("self", symmetrical=False, blank=True, related_name="awaited_by")
    blocked_side = models.CharField(max_length=10, choices=Side, blank=True)
    blocked_by = models.CharField(max_length=150, blank=True)
    blocked_until = models.DateField(null=True)
    delivered_on = models.DateField(null=True)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "reference"], name="action_reference_once"),
            models.CheckConstraint(
                condition=~Q(state="blocked")
                | ~Q(blocked_by="") & ~Q(blocked_side="") & Q(blocked_until__isnull=False),
                name="action_blocked_says_by_whom",
            ),
            models.CheckConstraint(
                condition=~Q(state="delivered") | Q(delivered_on__isnull=False), name="action_delivered_is_dated"
            ),
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="action_ends_after_start",
                violation_error_message="La fin doit venir après le début.",
            ),
            models.CheckConstraint(
                condition=Q(cost=None) | Q(cost__gte=0),
                name="action_cost_positive",
                violation_error_message="Écrivez un coût positif.",
            ),
        ]
        indexes = [models.Index(fields=["state", "plan"], name="action_by_state")]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"


class ActionTransition(TransitionLog):
    """What happened to an action. Append-only."""

    action = models.ForeignKey(PlanAction, models.PROTECT, related_name="transitions")

    @property
    def sentence(self) -> str:
        """« Engager l’action : engagée »."""
        words = dict(states.ACTION_CHOICES)
        return f"{states.ACTION_TRANSITIONS[self.transition].label} : {words[self.to_state]}"


class Milestone(models.Model):
    """A date of the plan that is no deliverable: a council meeting, the opening of a site, an event."""

    plan = models.ForeignKey(SupportPlan, models.PROTECT, related_name="milestones")
    action = models.ForeignKey(PlanAction, models.PROTECT, null=True, blank=True, related_name="milestones")
    title = models.CharField(max_length=150)
    due_on = models.DateField()
    done_on = models.DateField(null=True, blank=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["due_on", "pk"]

    def __str__(self) -> str:
        return self.title
