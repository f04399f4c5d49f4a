"""Around the meeting: hearings of the applicants, proxies between members."""

from django.db import models
from django.db.models import F, Q

from portal.accounts.models import User

from .members import Seat
from .session import AgendaItem, JurySession


class Hearing(models.Model):
    """The slot at which the applicants of a file are heard. The commune confirms; the chair starts and ends it."""

    class Reply(models.TextChoices):
        AWAITED = "", "réponse attendue"
        CONFIRMED = "confirmed", "confirmée"
        DECLINED = "declined", "la commune ne vient pas"

    item = models.OneToOneField(AgendaItem, models.PROTECT, related_name="hearing")
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField()
    invited_at = models.DateTimeField(null=True)
    reply = models.CharField(max_length=10, choices=Reply, default=Reply.AWAITED, blank=True)
    message = models.CharField(max_length=300, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(reply="") | Q(answered_at__isnull=False, answered_by__isnull=False),
                name="hearing_reply_has_an_author",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(started_at__isnull=False, ended_at__gte=F("started_at")),
                name="hearing_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.starts_at:%H:%M}"


class Proxy(models.Model):
    """A member who will be away gives the vote of their seat to another. Without effect while the bearer is away or
    recused, or while the giver sits (`juries.proxies`)."""

    session = models.ForeignKey(JurySession, models.PROTECT, related_name="proxies")
    giver = models.ForeignKey(Seat, models.PROTECT, related_name="proxies_given")
    bearer = models.ForeignKey(Seat, models.PROTECT, related_name="proxies_borne")
    reference = models.CharField(max_length=200, help_text="l’écrit par lequel il est donné")
    recorded_at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["recorded_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "giver"],
                condition=Q(withdrawn_at=None),
                name="one_proxy_per_giver",
                violation_error_message="Ce siège a déjà donné pouvoir.",
            ),
            models.CheckConstraint(
                condition=~Q(giver=F("bearer")),
                name="proxy_goes_to_another",
                violation_error_message="Un siège ne se donne pas pouvoir à lui-même.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.giver} → {self.bearer}"
