"""The file of an organisation, from its first word to its decision."""

import uuid

from django.db import models
from django.db.models import Q

from calls.models import Call, Track, Window
from portal.accounts.models import Organisation, User
from portal.core.workflow import TransitionLog

from .. import states


class Application(models.Model):
    """It belongs to its lead organisation (see `ApplicationMember`), never to the person who typed.

    `stratum` is computed while the file is a draft and frozen by its first deposit. In a call of two stages, the letter
    of intent that was kept is the `previous` of the file that it opened.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    call = models.ForeignKey(Call, models.PROTECT, related_name="applications")
    window = models.ForeignKey(Window, models.PROTECT, related_name="applications")
    stage = models.CharField(max_length=6, choices=states.STAGES, default=states.FILE)
    track = models.ForeignKey(Track, models.PROTECT, null=True, related_name="applications")
    stratum = models.CharField(max_length=30, blank=True, help_text="code, figé au dépôt")
    previous = models.OneToOneField("self", models.PROTECT, null=True, related_name="following")
    lead = models.ForeignKey(Organisation, models.PROTECT, related_name="applications_led")
    number = models.CharField(max_length=30, unique=True, null=True, help_text="donné au premier dépôt")
    title = models.CharField(max_length=200, blank=True, help_text="intitulé du projet, repris des réponses")
    state = models.CharField(max_length=20, choices=states.CHOICES, default=states.DRAFT)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    last_activity_at = models.DateTimeField()
    officer = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", help_text="qui l’instruit, de `Assignment`"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["draft", "abandoned"]) | Q(number__isnull=False),
                name="application_deposited_has_number",
            ),
            models.CheckConstraint(
                condition=~Q(state="abandoned") | Q(number__isnull=True),
                name="application_deposited_is_kept",
                violation_error_message="Une candidature déposée ne se supprime pas.",
            ),
            models.CheckConstraint(
                condition=Q(previous__isnull=True) | Q(stage=states.FILE), name="application_follows_an_intent"
            ),
            models.CheckConstraint(
                condition=Q(stage=states.INTENT, state__in=states.OF_INTENT)
                | Q(stage=states.FILE) & ~Q(state__in=[states.KEPT, states.NOT_KEPT]),
                name="application_state_of_its_stage",
                violation_error_message="Une lettre d’intention se retient ou non ; un dossier est recevable ou non.",
            ),
        ]
        indexes = [models.Index(fields=["call", "state"], name="application_call_state")]

    def __str__(self) -> str:
        return self.number or f"brouillon {self.uuid}"


class ApplicationTransition(TransitionLog):
    application = models.ForeignKey(Application, models.PROTECT, related_name="transitions")


class ApplicationMember(models.Model):
    """An organisation of the file, once it has confirmed it; invited before that (`confirmed_at` empty), it counts
    nowhere. `call` and `stage` are repeated: the database keeps one file per commune and stage.

    `current` is false for a letter of intent once it has opened the file that lists show.
    """

    class Role(models.TextChoices):
        LEAD = "lead", "porteuse"
        MEMBER = "member", "co-candidate"
        MANDATARY = "mandatary", "aide à la rédaction"

    application = models.ForeignKey(Application, models.PROTECT, related_name="members")
    call = models.ForeignKey(Call, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="application_members")
    stage = models.CharField(max_length=6, choices=states.STAGES, default=states.FILE)
    current = models.BooleanField(default=True)
    role = models.CharField(max_length=10, choices=Role)
    share = models.DecimalField(max_digits=5, decimal_places=2, null=True, help_text="pourcentage")
    invited_at = models.DateTimeField(null=True)
    invited_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    left_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["call", "organisation", "stage"],
                condition=Q(role__in=["lead", "member"], confirmed_at__isnull=False, left_at__isnull=True),
                name="one_file_per_organisation_and_call",
                violation_error_message="Votre commune a déjà une candidature à cet appel.",
            ),
            models.UniqueConstraint(
                fields=["call", "organisation"],
                condition=Q(
                    role__in=["lead", "member"], confirmed_at__isnull=False, left_at__isnull=True, current=True
                ),
                name="one_current_file_per_organisation",
                violation_error_message="Votre commune a déjà une candidature à cet appel.",
            ),
            models.UniqueConstraint(
                fields=["application"], condition=Q(role="lead", left_at__isnull=True), name="one_lead_per_application"
            ),
            models.UniqueConstraint(
                fields=["application", "organisation"],
                condition=Q(left_at__isnull=True),
                name="organisation_once_in_application",
                violation_error_message="Cet organisme est déjà dans la candidature.",
            ),
            models.CheckConstraint(
                condition=Q(share__isnull=True) | Q(share__gte=0, share__lte=100),
                name="member_share_is_a_percentage",
                violation_error_message="La part est un pourcentage, de 0 à 100.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} ({self.role})"


class SectionAnswers(models.Model):
    """The answers of one section: the unit of autosave and of conflict. `version` grows at each save."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="sections")
    section_code = models.CharField(max_length=30)
    values = models.JSONField(default=dict, help_text="réponses par code de question")
    version = models.PositiveIntegerField(default=1)
    answered = models.PositiveSmallIntegerField(default=0)
    awaited = models.PositiveSmallIntegerField(default=0)
    updated_at = models.DateTimeField()
    updated_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["application", "section_code"], name="section_answers_once")]

    def __str__(self) -> str:
        return f"{self.section_code} v{self.version}"


class SignatureRequest(models.Model):
    """The signatory is asked to read and deposit, by a personal link; they deposit, or decline with a reason."""

    class State(models.TextChoices):
        ASKED = "asked", "demandée"
        DECLINED = "declined", "refusée"
        DONE = "done", "faite"

    uuid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(Application, models.PROTECT, related_name="signature_requests")
    signatory = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    settled_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application"], condition=Q(state="asked"), name="one_open_signature_request"
            ),
            models.CheckConstraint(
                condition=Q(state="asked") | Q(settled_at__isnull=False), name="signature_settled_is_dated"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application} → {self.signatory}"
