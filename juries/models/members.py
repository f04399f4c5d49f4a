"""Seats, their holders and when, interests and recusals. Rights follow the holder, the vote follows the seat."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from applications.models import Application
from calls.models import Call
from portal.accounts.models import Organisation, User
from portal.territories.models import Commune, Department

from ..links import KINDS


class Seat(models.Model):
    """`department`: the seat counts for the files of that département only. `personal`: no substitute."""

    call = models.ForeignKey(Call, models.PROTECT, related_name="seats")
    code = models.CharField(max_length=30)
    position = models.PositiveSmallIntegerField()
    label = models.CharField(max_length=150)
    college = models.CharField(max_length=80, blank=True)
    voting = models.BooleanField(default=True)
    president = models.BooleanField(default=False)
    co_chair = models.BooleanField(default=False)
    observer = models.BooleanField(default=False)
    personal = models.BooleanField(default=False)
    drawn = models.BooleanField(default=False)
    department = models.ForeignKey(Department, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(observer=False) | Q(voting=False, president=False, co_chair=False),
                name="observer_neither_votes_nor_chairs",
                violation_error_message="Un siège qui observe ne vote ni ne préside.",
            ),
            models.UniqueConstraint(fields=["call", "code"], name="seat_code_once"),
            models.UniqueConstraint(fields=["call"], condition=Q(president=True), name="one_president_per_jury"),
        ]

    def __str__(self) -> str:
        return self.label


class SeatDraw(models.Model):
    """A drawing of lots: the pool (INSEE codes), the seed, the commune that it gave (`juries.lots`). Insert-only."""

    seat = models.ForeignKey(Seat, models.PROTECT, related_name="draws")
    n = models.PositiveSmallIntegerField()
    pool = ArrayField(models.CharField(max_length=5))
    seed = models.CharField(max_length=64)
    commune = models.ForeignKey(Commune, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200, blank=True, help_text="pourquoi on tire de nouveau")
    drawn_at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-n"]
        constraints = [
            models.UniqueConstraint(fields=["seat", "n"], name="seat_draw_once"),
            models.CheckConstraint(
                condition=Q(n=1) | ~Q(reason=""),
                name="draw_again_has_a_reason",
                violation_error_message="Tirer de nouveau demande un motif.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seat} {self.n}"


class SeatHolder(models.Model):
    """A person on a seat between two dates; `organisation` is whom they represent (a mayor's commune)."""

    seat = models.ForeignKey(Seat, models.PROTECT, related_name="holders")
    user = models.ForeignKey(User, models.PROTECT, related_name="jury_seats")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    substitute = models.BooleanField(default=False)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    declared_at = models.DateTimeField(null=True, help_text="déclaration d’intérêts complète")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["seat"], condition=Q(ends_at__isnull=True, substitute=False), name="one_holder_per_seat"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.seat})"


class InterestDeclaration(models.Model):
    """What a member declares about one application before reading it.

    `found`: the links that the portal found and showed (`juries.links.FOUND`); `dismissal`: why they are none.
    """

    holder = models.ForeignKey(SeatHolder, models.PROTECT, related_name="declarations")
    application = models.ForeignKey(Application, models.PROTECT, related_name="interest_declarations")
    linked = models.BooleanField()
    kind = models.CharField(max_length=12, choices=list(KINDS.items()), blank=True)
    nature = models.CharField(max_length=200, blank=True, help_text="formule générale, sans fait privé")
    found = ArrayField(models.CharField(max_length=20), default=list)
    dismissal = models.CharField(max_length=300, blank=True)
    declared_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["holder", "application"], name="declaration_once"),
            models.CheckConstraint(
                condition=Q(linked=False, kind="") | (Q(linked=True) & ~Q(nature="") & ~Q(kind="")),
                name="link_has_a_nature",
                violation_error_message="Un lien déclaré a une nature et une formule générale.",
            ),
            models.CheckConstraint(
                condition=Q(linked=True) | Q(found=[]) | ~Q(dismissal=""),
                name="found_link_is_dismissed_with_a_reason",
                violation_error_message="Un lien relevé par le portail ne s’écarte qu’avec un motif.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.holder} · {self.application}"


class Recusal(models.Model):
    """A seat that takes no part in one application: no file, no score, no vote, not counted in the quorum."""

    class Origin(models.TextChoices):
        AUTOMATIC = "automatic", "de plein droit"
        DECLARED = "declared", "déclaré"
        PRONOUNCED = "pronounced", "prononcé"

    seat = models.ForeignKey(Seat, models.PROTECT, related_name="recusals")
    application = models.ForeignKey(Application, models.PROTECT, related_name="recusals")
    origin = models.CharField(max_length=10, choices=Origin)
    reason = models.CharField(max_length=200)
    recused_at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["seat", "application"], name="recusal_once")]

    def __str__(self) -> str:
        return f"{self.seat} · {self.application}"
