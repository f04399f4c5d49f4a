"""What a commune fills in: sections, questions, pieces, undertakings."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from .schedule import CallPart


class Section(CallPart):
    title = models.CharField(max_length=150)
    lead = models.CharField(max_length=300, blank=True)

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

    section = models.ForeignKey(Section, models.CASCADE, related_name="questions")
    kind = models.CharField(max_length=10, choices=Kind)
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
    condition = models.JSONField(null=True)
    accepted = ArrayField(models.CharField(max_length=10))
    max_megabytes = models.PositiveSmallIntegerField(default=10)
    min_count = models.PositiveSmallIntegerField(default=1)
    max_count = models.PositiveSmallIntegerField(default=1)
    promised_until = models.DateField(null=True, help_text="peut être promise jusqu’à cette date")
    visible_to_jury = models.BooleanField(default=True)

    class Meta(CallPart.Meta):
        constraints = [models.UniqueConstraint(fields=["call", "code"], name="piece_code_once")]


class Undertaking(CallPart):
    """What the commune commits to; ticked by the signatory, never pre-ticked."""

    label = models.CharField(max_length=300)

    class Meta(CallPart.Meta):
        constraints = [models.UniqueConstraint(fields=["call", "code"], name="undertaking_code_once")]
