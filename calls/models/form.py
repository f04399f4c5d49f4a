"""What a commune fills in: sections, questions, pieces, undertakings."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from portal.core.models import StoredFile

from .schedule import CallPart


class AskedAt(models.TextChoices):
    """In a call of two stages, what a section or a piece is asked for."""

    BOTH = "both", "aux deux étapes"
    INTENT = "intent", "à la lettre d’intention"
    FILE = "file", "au dossier"


class Section(CallPart):
    title = models.CharField(max_length=150)
    lead = models.CharField(max_length=300, blank=True)
    stage = models.CharField(max_length=6, choices=AskedAt, default=AskedAt.FILE)
    condition = models.JSONField(null=True)

    class Meta(CallPart.Meta):
        constraints = [models.UniqueConstraint(fields=["call", "code"], name="section_code_once")]


class Question(CallPart):
    class Kind(models.TextChoices):
        TEXT = "text", "texte court"
        LONG_TEXT = "long_text", "texte long"
        NUMBER = "number", "nombre"
        PERCENT = "percent", "pourcentage"
        MONEY = "money", "montant en euros"
        DATE = "date", "date"
        SINGLE = "single", "un choix"
        MULTIPLE = "multiple", "plusieurs choix"
        YES_NO = "yes_no", "oui ou non"
        EMAIL = "email", "courriel"
        PHONE = "phone", "téléphone"
        COMMUNE = "commune", "commune"
        INTERCOMMUNALITY = "intercommunality", "intercommunalité"
        ORGANISATION = "organisation", "organisme, par son SIRET"
        TABLE = "table", "tableau"
        OPERATIONS = "operations", "opérations, avec leur plan de financement"
        SITE = "site", "site du projet, sur une carte"
        FILE = "file", "fichier"
        UNDERTAKING = "undertaking", "engagement à cocher"

    section = models.ForeignKey(Section, models.CASCADE, related_name="questions")
    kind = models.CharField(max_length=16, choices=Kind)
    label = models.CharField(max_length=250)
    hint = models.CharField(max_length=400, blank=True)
    required = models.BooleanField(default=True)
    max_length = models.PositiveIntegerField(null=True, help_text="caractères")
    minimum = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    maximum = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    unit = models.CharField(max_length=20, blank=True)
    options = models.JSONField(default=list, help_text="liste de {code, label}")
    condition = models.JSONField(null=True)
    visible_to_jury = models.BooleanField(default=True)
    is_fact = models.BooleanField(default=False, help_text="devient une donnée typée au dépôt")
    is_project_title = models.BooleanField(default=False)
    prefill = models.CharField(max_length=40, blank=True)
    optional_until = models.DateField(null=True, help_text="facultative jusqu’à ce jour compris")
    columns = models.JSONField(default=list, help_text="colonnes d’un tableau")
    min_rows = models.PositiveSmallIntegerField(default=0)
    max_rows = models.PositiveSmallIntegerField(default=20)
    piece_code = models.CharField(max_length=30, blank=True, help_text="pièce montrée à la place de la réponse")

    class Meta(CallPart.Meta):
        constraints = [models.UniqueConstraint(fields=["call", "code"], name="question_code_once")]


class PieceType(CallPart):
    class Need(models.TextChoices):
        REQUIRED = "required", "demandée"
        CONDITIONAL = "conditional", "demandée dans certains cas"
        OPTIONAL = "optional", "facultative"

    call = models.ForeignKey("calls.Call", models.CASCADE, related_name="piece_types")
    label = models.CharField(max_length=150)
    hint = models.CharField(max_length=400, blank=True)
    need = models.CharField(max_length=12, choices=Need)
    stage = models.CharField(max_length=6, choices=AskedAt, default=AskedAt.FILE)
    condition = models.JSONField(null=True)
    accepted = ArrayField(models.CharField(max_length=10))
    max_megabytes = models.PositiveSmallIntegerField(default=10)
    min_count = models.PositiveSmallIntegerField(default=1)
    max_count = models.PositiveSmallIntegerField(default=1)
    promised_until = models.DateField(null=True, help_text="peut être promise jusqu’à cette date")
    resolution = models.BooleanField(db_default=False, default=False, help_text="acte d’une assemblée, daté")
    visible_to_jury = models.BooleanField(default=True)

    class Meta(CallPart.Meta):
        constraints = [models.UniqueConstraint(fields=["call", "code"], name="piece_code_once")]


class Undertaking(CallPart):
    """What the commune commits to; ticked by the signatory, never pre-ticked."""

    label = models.CharField(max_length=300)
    condition = models.JSONField(null=True)

    class Meta(CallPart.Meta):
        constraints = [models.UniqueConstraint(fields=["call", "code"], name="undertaking_code_once")]


class DownloadFile(models.Model):
    """The bytes of a document to download; `code` names the document in the call, which tells all the rest."""

    call = models.ForeignKey("calls.Call", models.CASCADE, related_name="downloads")
    code = models.CharField(max_length=30)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    kept_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["call", "code"], name="download_code_once")]

    def __str__(self) -> str:
        return self.code
