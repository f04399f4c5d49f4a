"""The meeting: attendance, quorum, files in order, votes, proposal, minutes."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from applications.models import Application
from calls.models import Call
from portal.accounts.models import User
from portal.core.models import FrozenDocument
from portal.core.workflow import TransitionLog

from .. import states
from .members import Seat, SeatHolder


class JurySession(models.Model):
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    call = models.ForeignKey(Call, models.PROTECT, related_name="jury_sessions")
    held_on = models.DateField()
    begins = models.TimeField(null=True, help_text="heure de Paris")
    place = models.CharField(max_length=200)
    state = models.CharField(max_length=12, choices=states.SESSION_CHOICES, default=states.PLANNED)
    convened_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    secretary_title = models.CharField(max_length=150, blank=True)
    by_writing = models.BooleanField(default=False, help_text="consultation écrite, sans réunion")

    def __str__(self) -> str:
        return f"{self.call} {self.held_on}"


class JurySessionTransition(TransitionLog):
    session = models.ForeignKey(JurySession, models.PROTECT, related_name="transitions")


class Attendance(models.Model):
    """Who sits on a seat at this session. Present from `arrived_at` until `left_at`."""

    class State(models.TextChoices):
        PRESENT = "present", "présent"
        EXCUSED = "excused", "excusé"
        ABSENT = "absent", "absent"

    session = models.ForeignKey(JurySession, models.PROTECT, related_name="attendances")
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="attendances")
    holder = models.ForeignKey(SeatHolder, models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=8, choices=State, default=State.ABSENT)
    arrived_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "seat"], name="attendance_once"),
            models.CheckConstraint(
                condition=~Q(state="present") | Q(arrived_at__isnull=False, holder__isnull=False),
                name="present_has_arrived",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seat} {self.state}"


class AttendanceMove(models.Model):
    """Someone sits, leaves, comes back, is excused: one row each time, never rewritten. Insert-only."""

    class Kind(models.TextChoices):
        PRESENT = "present", "arrivée"
        SUBSTITUTE = "substitute", "arrivée par suppléance"
        LEFT = "left", "départ"
        EXCUSED = "excused", "excusé"
        ABSENT = "absent", "absent"

    attendance = models.ForeignKey(Attendance, models.PROTECT, related_name="moves")
    kind = models.CharField(max_length=10, choices=Kind)
    holder = models.ForeignKey(SeatHolder, models.PROTECT, null=True, related_name="+")
    happened_at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["happened_at", "pk"]

    def __str__(self) -> str:
        return f"{self.attendance.seat} {self.kind}"


class AgendaItem(models.Model):
    """One ballot of one file at one session; counts are frozen when it closes. A closed ballot is never reopened.

    `round`: 1, then 2 when the rules of the call ask for a second ballot after an even vote. `tie_step`: what settled
    an even vote (`ballot.TIE_LABELS`).
    """

    class Result(models.TextChoices):
        FAVOURABLE = "favourable", "favorable"
        UNFAVOURABLE = "unfavourable", "défavorable"
        NO_VOTE = "no_vote", "sans vote"
        TIED = "tied", "partage égal"
        DEFERRED = "deferred", "renvoyé"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    session = models.ForeignKey(JurySession, models.PROTECT, related_name="items")
    application = models.ForeignKey(Application, models.PROTECT, related_name="agenda_items")
    position = models.PositiveSmallIntegerField()
    round = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=12, choices=states.ITEM_CHOICES, default=states.WAITING)
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closes_at = models.DateTimeField(null=True, help_text="scrutin programmé : plus aucun bulletin ensuite")
    votes_for = models.PositiveSmallIntegerField(null=True)
    votes_against = models.PositiveSmallIntegerField(null=True)
    abstentions = models.PositiveSmallIntegerField(null=True)
    present_count = models.PositiveSmallIntegerField(null=True, help_text="votants présents non déportés")
    recused_count = models.PositiveSmallIntegerField(null=True)
    quorum_required = models.PositiveSmallIntegerField(null=True)
    seal = models.CharField(max_length=64, blank=True, help_text="empreinte de l’urne à la clôture")
    casting_vote_used = models.BooleanField(default=False)
    tie_step = models.CharField(max_length=15, blank=True)
    result = models.CharField(max_length=12, choices=Result, blank=True)
    reason = models.TextField(blank=True, help_text="motif porté au procès-verbal et repris dans la lettre")
    reason_codes = ArrayField(models.CharField(max_length=30), default=list, help_text="motifs de l’appel repris")
    discussion = models.TextField(blank=True, help_text="ce qui s’est dit, porté au procès-verbal")
    requests = models.TextField(blank=True, help_text="ce que le jury demande à la commune en ajournant")

    class Meta:
        ordering = ["position", "round"]
        constraints = [
            models.UniqueConstraint(fields=["session", "application", "round"], name="agenda_item_once"),
            models.UniqueConstraint(
                fields=["session"], condition=Q(state="voting", closes_at=None), name="one_open_ballot_per_session"
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | (Q(closed_at__isnull=False) & ~Q(result="")),
                name="closed_item_has_result",
            ),
            models.CheckConstraint(
                condition=~Q(result="tied") | Q(votes_for=models.F("votes_against"), tie_step=""),
                name="tied_item_is_even",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.application}"


class AgendaItemTransition(TransitionLog):
    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="transitions")


class Vote(models.Model):
    """A nominal vote of a seat on one file. Insert-only; cast under a shared lock of the item.

    `entered_by`: who wrote down a vote given by show of hands; null when the voter cast it from their own device.
    `proxy`: by virtue of which the bearer voted for another seat.
    """

    class Choice(models.TextChoices):
        FOR = "for", "pour"
        AGAINST = "against", "contre"
        ABSTAIN = "abstain", "abstention"

    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="votes")
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="votes")
    voter = models.ForeignKey(User, models.PROTECT, related_name="+")
    choice = models.CharField(max_length=8, choices=Choice)
    cast_at = models.DateTimeField()
    entered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    proxy = models.ForeignKey("juries.Proxy", models.PROTECT, null=True, related_name="votes")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item", "seat"], name="one_vote_per_seat", violation_error_message="Ce siège a déjà voté."
            )
        ]

    def __str__(self) -> str:
        return f"{self.seat} {self.choice}"


class RankingDeparture(models.Model):
    """Where the jury puts a file against the computed ranking, and why. `place` null: out of the ranking."""

    session = models.ForeignKey(JurySession, models.PROTECT, related_name="departures")
    application = models.ForeignKey(Application, models.PROTECT, related_name="ranking_departures")
    place = models.PositiveSmallIntegerField(null=True)
    reason = models.TextField()
    decided_at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["decided_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["session", "application"], name="departure_once"),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="departure_has_a_reason",
                violation_error_message="S’écarter du classement demande un motif écrit.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application} {self.place or 'hors classement'}"


class ProposalLine(models.Model):
    """The ranking that the jury proposes, frozen when the session closes.

    `computed_rank`: the rank that the notes alone give; `departure`: why the jury decided otherwise, "" otherwise.
    """

    class Outcome(models.TextChoices):
        SELECTED = "selected", "retenue"
        RESERVE = "reserve", "liste complémentaire"
        NOT_SELECTED = "not_selected", "non retenue"

    session = models.ForeignKey(JurySession, models.PROTECT, related_name="proposal")
    application = models.ForeignKey(Application, models.PROTECT, related_name="proposal_lines")
    rank = models.PositiveSmallIntegerField(null=True)
    score = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    knocked_out = models.BooleanField(default=False)
    ranking = models.CharField(max_length=30, blank=True, help_text="code du classement à part")
    outcome = models.CharField(max_length=15, choices=Outcome)
    reason = models.TextField(blank=True)
    computed_rank = models.PositiveSmallIntegerField(null=True)
    departure = models.TextField(blank=True)

    class Meta:
        ordering = ["rank", "pk"]
        constraints = [models.UniqueConstraint(fields=["session", "application"], name="proposal_line_once")]

    def __str__(self) -> str:
        return f"{self.rank}. {self.application}"


class SimulationVariant(models.Model):
    """Limits tried on a ranking before the meeting, kept under a name; what they give is computed when one looks."""

    call = models.ForeignKey(Call, models.PROTECT, related_name="simulations")
    name = models.CharField(max_length=80)
    ranking = models.CharField(max_length=30, blank=True, help_text="code du classement à part")
    threshold = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    places = models.PositiveSmallIntegerField(null=True)
    reserve = models.PositiveSmallIntegerField(default=0)
    envelope = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    amount_question = models.CharField(max_length=30, blank=True, help_text="question du montant demandé")
    per_territory = models.PositiveSmallIntegerField(null=True)
    territory = models.CharField(max_length=20, default="intercommunality")
    skip = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["call", "name"],
                name="simulation_name_once",
                violation_error_message="Une variante porte déjà ce nom.",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Minutes(models.Model):
    """The procès-verbal: frozen at signature; a correction is an erratum with its own number."""

    session = models.OneToOneField(JurySession, models.PROTECT, related_name="minutes")
    number = models.CharField(max_length=60, unique=True)
    document = models.ForeignKey(FrozenDocument, models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()
    signed_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return self.number


class Erratum(models.Model):
    """What is wrong in signed minutes, said by a document of its own. Insert-only."""

    minutes = models.ForeignKey(Minutes, models.PROTECT, related_name="errata")
    n = models.PositiveSmallIntegerField()
    text = models.TextField()
    document = models.ForeignKey(FrozenDocument, models.PROTECT, related_name="+")
    issued_at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["n"]
        constraints = [models.UniqueConstraint(fields=["minutes", "n"], name="erratum_number_once")]

    def __str__(self) -> str:
        return f"{self.minutes} E{self.n}"
