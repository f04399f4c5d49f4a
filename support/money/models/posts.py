"""A subsidised project-manager post, shared or not between communes: recruitment, holder, years, proofs, payments."""

import uuid

from django.core.validators import URLValidator
from django.db import models
from django.db.models import F, Q

from portal.accounts.models import User
from portal.core.models import StoredFile
from support.plan.models import SupportPlan


class Post(models.Model):
    """One post. `anah`: the Anah takes part. Recruitment steps are days; a step without its day is still to come."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(max_length=150, default="Chef ou cheffe de projet")
    employer = models.CharField(max_length=150)
    anah = models.BooleanField(default=False)
    advert = models.CharField(max_length=300, blank=True, validators=[URLValidator(["http", "https"])])
    advert_on = models.DateField(null=True, blank=True)
    candidates = models.PositiveSmallIntegerField(null=True, blank=True)
    interviews_on = models.DateField(null=True, blank=True)
    fill_by = models.DateField(null=True, blank=True, help_text="à pourvoir avant")
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.title}, {self.employer}"


class PostShare(models.Model):
    """A project that the post serves, and its part of what is left to pay, in percent."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="shares")
    plan = models.ForeignKey(SupportPlan, models.PROTECT, related_name="post_shares")
    percent = models.DecimalField(max_digits=6, decimal_places=3)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["post", "plan"], name="post_share_once"),
            models.CheckConstraint(condition=Q(percent__gte=0, percent__lte=100), name="post_share_is_a_percent"),
        ]

    def __str__(self) -> str:
        return f"{self.plan} {self.percent}"


class PostHolder(models.Model):
    """Who holds the post, and between which days: a name, nothing more of the person."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="holders")
    name = models.CharField(max_length=100)
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["-from_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gte=F("from_on")),
                name="post_holder_leaves_after_arriving",
                violation_error_message="Le départ vient après l’arrivée.",
            ),
            models.UniqueConstraint(fields=["post"], condition=Q(until_on=None), name="one_holder_at_a_time"),
        ]

    def __str__(self) -> str:
        return self.name


class PostYear(models.Model):
    """One year of the post: forecast and real loaded cost, proof, payment. Euros; `months` of twelve."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="years")
    starts_on = models.DateField()
    months = models.PositiveSmallIntegerField(default=12)
    cost = models.DecimalField(max_digits=12, decimal_places=2, help_text="coût chargé prévu")
    real_cost = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    proof = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    report = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    proven_on = models.DateField(null=True)
    proven_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    paid = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    paid_on = models.DateField(null=True)
    reference = models.CharField(max_length=60, blank=True)
    paid_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["starts_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["post", "starts_on"],
                name="post_year_once",
                violation_error_message="Une année commence déjà ce jour-là.",
            ),
            models.CheckConstraint(condition=Q(cost__gt=0, months__gte=1, months__lte=12), name="post_year_is_a_year"),
            models.CheckConstraint(
                condition=Q(proven_on=None) | Q(real_cost__gt=0, proof__isnull=False, report__isnull=False),
                name="post_year_proven_has_its_proofs",
            ),
            models.CheckConstraint(
                condition=Q(paid=None) | Q(proven_on__isnull=False, paid_on__isnull=False) & ~Q(reference=""),
                name="post_year_paid_was_proven",
            ),
            models.CheckConstraint(
                condition=Q(paid_by=None) | ~Q(paid_by=F("proven_by")), name="post_year_paid_by_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.post}, {self.starts_on}"
