"""The agreement (convention): one may cover several applications, with as many parties as needed."""

import uuid

from django.db import models
from django.db.models import F, Q

from applications.models import DecisionLine
from calls.models import Call
from portal.accounts.models import Organisation, User
from portal.core.models import FrozenDocument, StoredFile
from portal.core.workflow import TransitionLog

from . import states


class Agreement(models.Model):
    """A convention, what follows it (framework), what is linked to it, or an amendment of it.

    An amendment states the whole of what it changes: the new duration from the first day, the new amount, all the
    beneficiaries, all the parties. Once sent to signature the database keeps everything but its state and its dates.
    """

    class Kind(models.TextChoices):
        SUPPORT = "support", "convention de l’appel"
        FRAMEWORK = "framework", "convention-cadre"
        LINKED = "linked", "convention liée"
        AMENDMENT = "amendment", "avenant"

    class Change(models.TextChoices):
        DURATION = "duration", "durée"
        AMOUNT = "amount", "montant"
        PERIMETER = "perimeter", "périmètre"
        PARTIES = "parties", "parties"
        MERGER = "merger", "fusion de communes"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    call = models.ForeignKey(Call, models.PROTECT, related_name="agreements")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.SUPPORT)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="sequels")
    change = models.CharField(max_length=10, choices=Change, blank=True)
    number = models.CharField(max_length=60, unique=True)
    title = models.CharField(max_length=200)
    heading = models.CharField(max_length=150, default="Convention d’accompagnement", help_text="nom du document")
    beneficiaries = models.ManyToManyField(DecisionLine, related_name="agreements")
    state = models.CharField(max_length=12, choices=states.CHOICES, default=states.DRAFTING)
    document = models.ForeignKey(FrozenDocument, models.PROTECT, null=True, related_name="+")
    articles = models.JSONField(default=list, help_text="texte propre [{title, paragraphs}] ; vide : trame de l’appel")
    starts_on = models.DateField(help_text="début prévu de l’accompagnement")
    months = models.PositiveSmallIntegerField(help_text="durée")
    amount = models.DecimalField(max_digits=12, decimal_places=2, null=True, help_text="aide en numéraire, euros")
    in_force_from = models.DateField(null=True, help_text="pas avant cette date, même signée plus tôt")
    ordered = models.BooleanField(default=False, help_text="les parties signent l’une après l’autre")
    sign_by = models.DateField(null=True, help_text="date limite des signatures ; au-delà, caducité")
    follow_on_months = models.PositiveSmallIntegerField(null=True, help_text="délai de la convention-cadre")
    needs_visa = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    effective_on = models.DateField(null=True, help_text="entrée en vigueur")
    ended_on = models.DateField(null=True, help_text="résiliation ou caducité")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["in_force", "terminated"]) | Q(effective_on__isnull=False),
                name="agreement_in_force_is_dated",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["drafting", "abandoned"]) | Q(document__isnull=False),
                name="agreement_sent_has_document",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["terminated", "lapsed"]) | Q(ended_on__isnull=False),
                name="agreement_ended_is_dated",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["support", "linked"], parent__isnull=True)
                | Q(kind__in=["framework", "amendment"], parent__isnull=False),
                name="agreement_sequel_has_parent",
            ),
            models.CheckConstraint(
                condition=Q(kind="amendment") & ~Q(change="") | ~Q(kind="amendment") & Q(change=""),
                name="agreement_amendment_says_what_changes",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class AgreementTransition(TransitionLog):
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="transitions")


class SigningEvent(models.Model):
    """The meeting where parties sign: day, place, and who stands by. Insert-only."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="events")
    held_on = models.DateField()
    place = models.CharField(max_length=200)
    witnesses = models.TextField(blank=True, help_text="en présence de, une personne par ligne, par sa fonction")
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.place}, {self.held_on}"


class Party(models.Model):
    """One party: representative in quality, authorising act, delegation, signature."""

    class Side(models.TextChoices):
        OWNER = "owner", "organisateur"
        PARTNER = "partner", "partenaire ou financeur"
        BENEFICIARY = "beneficiary", "bénéficiaire"
        WITNESS = "witness", "en présence de"

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="parties")
    position = models.PositiveSmallIntegerField()
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    side = models.CharField(max_length=12, choices=Side)
    representative_title = models.CharField(max_length=150)
    representative_name = models.CharField(max_length=150, blank=True)
    act_kind = models.CharField(max_length=60, default="délibération")
    act_body = models.CharField(max_length=150, blank=True)
    act_number = models.CharField(max_length=60, blank=True)
    act_on = models.DateField(null=True)
    delegation = models.CharField(max_length=150, blank=True, help_text="acte de délégation de signature")
    delegated_on = models.DateField(null=True)
    signed_on = models.DateField(null=True)
    event = models.ForeignKey(SigningEvent, models.PROTECT, null=True, related_name="signatures")
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "organisation"], name="party_once"),
            models.CheckConstraint(
                condition=Q(signed_on__isnull=True) | Q(act_on__isnull=True) | Q(act_on__lte=F("signed_on")),
                name="party_act_before_signature",
                violation_error_message="L’acte qui autorise doit précéder la signature.",
            ),
            models.CheckConstraint(
                condition=Q(signed_on__isnull=True)
                | Q(delegated_on__isnull=True)
                | Q(delegated_on__lte=F("signed_on")),
                name="party_delegation_before_signature",
                violation_error_message="La délégation de signature doit précéder la signature.",
            ),
            models.CheckConstraint(
                condition=Q(delegation="", delegated_on__isnull=True)
                | ~Q(delegation="") & Q(delegated_on__isnull=False),
                name="party_delegation_is_dated",
                violation_error_message="Indiquez l’acte de délégation et sa date, ou ni l’un ni l’autre.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.organisation)


class Annex(models.Model):
    """A file joined to the agreement; the document prints its title and its SHA-256."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="annexes")
    title = models.CharField(max_length=150)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.title


class Visa(models.Model):
    """The internal visa of a text: given or refused by another person, for that very text. Insert-only."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="visas")
    given = models.BooleanField()
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 du texte visé")
    comment = models.TextField(blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(given=True) | ~Q(comment=""), name="visa_refused_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.agreement} {'visée' if self.given else 'à reprendre'}"


class SignedCopy(models.Model):
    """What came back signed by hand or by another tool: of a party, or whole. Insert-only: a new one stands beside."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="copies")
    party = models.ForeignKey(Party, models.PROTECT, null=True, related_name="copies")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.agreement}, exemplaire signé {self.pk}"
