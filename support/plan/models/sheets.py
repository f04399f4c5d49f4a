"""The tables of a plan beside its actions: team, documents, reports, land, consultations, initiatives, diagnosis."""

from django.db import models
from django.db.models import F, Q

from portal.accounts.models import Organisation, User
from portal.core.models import StoredFile

from .actions import PlanAction
from .plan import LogEntry, SupportPlan


class PlanRow(models.Model):
    """What every table of a plan shares."""

    plan = models.ForeignKey(SupportPlan, models.PROTECT, related_name="%(class)s_rows")
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        abstract = True


class TeamMember(PlanRow):
    """Who does what around the project, named by function; a name is never asked."""

    class Role(models.TextChoices):
        ELECTED = "elected", "élu référent"
        TECHNICAL = "technical", "référent technique de la commune"
        MANAGER = "manager", "chef de projet"
        ADVISER = "adviser", "équipe d’accompagnement"
        PARTNER = "partner", "partenaire"
        EXPERT = "expert", "expert ou prestataire"

    role = models.CharField("Rôle", max_length=12, choices=Role)
    title = models.CharField("Fonction", max_length=150, help_text="Par exemple : adjointe à l’urbanisme")
    body = models.CharField("Organisme", max_length=150)
    email = models.EmailField("Adresse électronique", blank=True)
    phone = models.CharField("Téléphone", max_length=20, blank=True)
    until = models.DateField("Jusqu’au", null=True, blank=True, help_text="Quand la personne passe la main")

    class Meta:
        ordering = ["role", "pk"]

    def __str__(self) -> str:
        return self.title


class PlanDocument(PlanRow):
    """A file of the project, shared with the communes or kept by the service."""

    title = models.CharField("Titre", max_length=150)
    action = models.ForeignKey(
        PlanAction, models.PROTECT, null=True, blank=True, related_name="documents", verbose_name="Action"
    )
    visibility = models.CharField(
        "Qui le lit ?", max_length=10, choices=LogEntry.Visibility, default=LogEntry.Visibility.SHARED
    )
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["-added_at", "-pk"]

    def __str__(self) -> str:
        return self.title


class Report(PlanRow):
    """A report that the communes owe at a date; given once it has its text."""

    title = models.CharField("Titre", max_length=150)
    due_on = models.DateField("Attendu le")
    text = models.TextField("Ce qui a avancé, ce qui bloque, ce qui vient", blank=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    given_on = models.DateField(null=True)
    given_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(given_on=None) | ~Q(text=""), name="report_given_has_text"),
            models.UniqueConstraint(
                fields=["plan", "due_on"],
                name="report_once_a_day",
                violation_error_message="Un rapport est déjà attendu ce jour-là.",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Parcel(PlanRow):
    """One parcel of the land of the project. Areas in square metres."""

    class Control(models.TextChoices):
        OWNED = "owned", "maîtrisée par la commune"
        PROMISE = "promise", "promesse de vente"
        TALKS = "talks", "négociation en cours"
        PORTAGE = "portage", "portée par un établissement foncier"
        LEASE = "lease", "bail ou convention d’usage"
        NONE = "none", "à maîtriser"

    reference = models.CharField("Parcelle", max_length=40, help_text="Section et numéro, par exemple AB 112")
    area = models.PositiveIntegerField("Surface, en m²")
    owner = models.CharField("Propriétaire", max_length=150, help_text="Une qualité suffit : un particulier, l’État…")
    control = models.CharField("Maîtrise foncière", max_length=10, choices=Control)
    note = models.CharField("Remarque", max_length=200, blank=True)

    class Meta:
        ordering = ["reference", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "reference"],
                name="parcel_once",
                violation_error_message="Cette parcelle est déjà dans le tableau.",
            )
        ]

    def __str__(self) -> str:
        return self.reference


class Consultation(PlanRow):
    """A consultation to choose a provider: specification, publication, bids, choice, deliverable. Euros without VAT."""

    title = models.CharField("Objet", max_length=150, help_text="Par exemple : maîtrise d’œuvre de la place")
    action = models.ForeignKey(
        PlanAction, models.PROTECT, null=True, blank=True, related_name="consultations", verbose_name="Action ou étude"
    )
    specification = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    published_on = models.DateField("Publiée le", null=True, blank=True)
    bids_due_on = models.DateField("Offres attendues le", null=True, blank=True)
    bids = models.PositiveSmallIntegerField("Nombre d’offres reçues", null=True, blank=True)
    provider_name = models.CharField("Prestataire retenu", max_length=150, blank=True)
    provider = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="consultations_won")
    amount = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    deliverable = models.CharField("Livrable", max_length=150, blank=True)
    due_on = models.DateField("Livrable attendu le", null=True, blank=True)
    delivered_on = models.DateField("Livrable remis le", null=True, blank=True)
    deliverable_file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(published_on=None) | Q(bids_due_on=None) | Q(bids_due_on__gte=F("published_on")),
                name="bids_after_publication",
                violation_error_message="Les offres ne peuvent pas être attendues avant la publication.",
            ),
            models.CheckConstraint(
                condition=Q(delivered_on=None) | ~Q(provider_name=""),
                name="delivered_by_someone",
                violation_error_message="Dites quel prestataire a remis le livrable.",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Initiative(PlanRow):
    """An initiative that already exists on the territory."""

    title = models.CharField("Initiative", max_length=150)
    bearer = models.CharField("Qui la porte", max_length=150)
    theme = models.CharField("Thème", max_length=100, blank=True)
    since = models.CharField("Depuis", max_length=40, blank=True, help_text="Une année suffit")
    note = models.TextField("Ce qu’elle apporte au projet", blank=True)

    class Meta:
        ordering = ["theme", "title"]

    def __str__(self) -> str:
        return self.title


class DiagnosisNote(PlanRow):
    """The reading of one discipline in the diagnosis."""

    discipline = models.CharField("Discipline", max_length=100, help_text="Par exemple : paysage, mobilités, santé")
    strengths = models.TextField("Atouts", blank=True)
    weaknesses = models.TextField("Fragilités", blank=True)
    stakes = models.TextField("Enjeux")
    author = models.CharField("Par qui", max_length=150)
    written_on = models.DateField("Date")

    class Meta:
        ordering = ["discipline", "pk"]

    def __str__(self) -> str:
        return self.discipline
