"""Workshops in series, the scenarios that they put to debate, the roadmap that comes out of them."""

from django.db import models
from django.db.models import F, Q

from portal.accounts.models import User
from portal.core.models import FrozenDocument, StoredFile

from .actions import PlanAction
from .plan import SupportPlan


class Workshop(models.Model):
    """One workshop of a series. Facilitators and experts are named by function and house, one a line."""

    plan = models.ForeignKey(SupportPlan, models.PROTECT, related_name="workshops")
    title = models.CharField("Titre", max_length=150, help_text="Par exemple : diagnostic en marchant")
    held_on = models.DateField("Date")
    place = models.CharField("Lieu", max_length=200)
    objective = models.TextField("Ce que l’on en attend")
    contractor = models.CharField("Mandataire de l’équipe d’animation", max_length=150, blank=True)
    facilitators = models.TextField("Animation", blank=True, help_text="Une fonction ou une agence par ligne")
    experts = models.TextField("Experts invités", blank=True, help_text="Un par ligne, avec son domaine")
    outputs = models.TextField("Ce qui en est sorti", blank=True, help_text="Un résultat par ligne")
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["held_on", "pk"]

    def __str__(self) -> str:
        return self.title


class Attendance(models.Model):
    """How many people of one college were invited and came; nobody is named."""

    class College(models.TextChoices):
        ELECTED = "elected", "élus"
        STAFF = "staff", "techniciens"
        STATE = "state", "services de l’État"
        INHABITANTS = "inhabitants", "habitants"
        ACTORS = "actors", "associations, commerces, acteurs"

    workshop = models.ForeignKey(Workshop, models.PROTECT, related_name="attendances")
    college = models.CharField(max_length=12, choices=College)
    invited = models.PositiveSmallIntegerField(default=0)
    present = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workshop", "college"], name="attendance_once_a_college")]

    def __str__(self) -> str:
        return f"{self.get_college_display()} {self.present}"


class Need(models.Model):
    """What participants said that they need; linked to the action that answers it."""

    workshop = models.ForeignKey(Workshop, models.PROTECT, related_name="needs")
    text = models.CharField("Besoin exprimé", max_length=200)
    college = models.CharField("Par qui", max_length=12, choices=Attendance.College)
    action = models.ForeignKey(
        PlanAction, models.PROTECT, null=True, blank=True, related_name="needs", verbose_name="Action qui y répond"
    )

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text


class WorkshopPhoto(models.Model):
    """A photo of a workshop; kept only with the agreement of those who can be recognised."""

    workshop = models.ForeignKey(Workshop, models.PROTECT, related_name="photos")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    caption = models.CharField("Légende", max_length=150)
    consent = models.BooleanField(
        "Les personnes reconnaissables ont donné leur accord écrit, ou personne n’est reconnaissable"
    )
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=Q(consent=True), name="photo_with_consent")]

    def __str__(self) -> str:
        return self.caption


class Scenario(models.Model):
    """One way to go, compared with the others; at most one of a plan is chosen, with its day and its reason."""

    plan = models.ForeignKey(SupportPlan, models.PROTECT, related_name="scenarios")
    code = models.CharField("Lettre", max_length=3, help_text="A, B, C…")
    title = models.CharField("Titre", max_length=150)
    description = models.TextField("Description")
    strengths = models.TextField("Forces", blank=True)
    limits = models.TextField("Limites", blank=True)
    cost = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    chosen_on = models.DateField(null=True)
    chosen_reason = models.TextField(blank=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["code", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "code"],
                name="scenario_code_once",
                violation_error_message="Un scénario porte déjà cette lettre.",
            ),
            models.UniqueConstraint(fields=["plan"], condition=Q(chosen_on__isnull=False), name="scenario_one_chosen"),
            models.CheckConstraint(
                condition=Q(chosen_on__isnull=True) | ~Q(chosen_reason=""), name="scenario_chosen_has_reason"
            ),
            models.CheckConstraint(
                condition=Q(cost=None) | Q(cost__gte=0),
                name="scenario_cost_positive",
                violation_error_message="Écrivez un coût positif.",
            ),
        ]

    def __str__(self) -> str:
        return f"Scénario {self.code} : {self.title}"


class ScenarioOpinion(models.Model):
    """The position of one person on a scenario, which they may change."""

    class Position(models.TextChoices):
        FOR = "for", "favorable"
        RESERVED = "reserved", "réservé"
        AGAINST = "against", "défavorable"

    scenario = models.ForeignKey(Scenario, models.PROTECT, related_name="opinions")
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    position = models.CharField("Votre position", max_length=10, choices=Position)
    comment = models.TextField("Votre commentaire", blank=True)
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["-written_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["scenario", "author"], name="opinion_once_a_person")]

    def __str__(self) -> str:
        return self.get_position_display()


class Roadmap(models.Model):
    """One version of the roadmap, frozen; approved by an act of the council."""

    plan = models.ForeignKey(SupportPlan, models.PROTECT, related_name="roadmaps")
    version = models.PositiveSmallIntegerField()
    document = models.ForeignKey(FrozenDocument, models.PROTECT, related_name="+")
    issued_on = models.DateField()
    issued_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    act_number = models.CharField(max_length=60, blank=True)
    approved_on = models.DateField(null=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "version"], name="roadmap_version_once"),
            models.CheckConstraint(
                condition=Q(approved_on__isnull=True) | ~Q(act_number="") & Q(approved_on__gte=F("issued_on")),
                name="roadmap_approved_by_an_act",
            ),
        ]

    def __str__(self) -> str:
        return f"Feuille de route, version {self.version}"
