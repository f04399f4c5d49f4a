"""How files are judged: eligibility, grid, jury, reasons, indicators."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from .call import Call
from .schedule import CallPart


class EligibilityRule(CallPart):
    class Effect(models.TextChoices):
        BLOCKING = "blocking", "bloquante"
        JUSTIFY = "justify", "à justifier"
        WARNING = "warning", "signalée"
        INFORMATIVE = "informative", "pour information"

    call = models.ForeignKey(Call, models.CASCADE, related_name="eligibility_rules")
    kind = models.CharField(max_length=30)
    label = models.CharField(max_length=200)
    parameters = models.JSONField(default=dict)
    effect = models.CharField(max_length=12, choices=Effect)
    derogable = models.BooleanField(default=False)

    class Meta(CallPart.Meta):
        constraints = [models.UniqueConstraint(fields=["call", "code"], name="eligibility_code_once")]


class Grid(models.Model):
    """The scoring rules of the call. Notes go from 0 to `scale_max`; points are out of `total` (100)."""

    call = models.OneToOneField(Call, models.CASCADE, primary_key=True, related_name="grid")
    mode = models.CharField(max_length=12, default="numeric")
    scale_max = models.PositiveSmallIntegerField(default=5)
    scale_labels = models.JSONField(default=dict)
    total = models.PositiveSmallIntegerField(default=100)
    threshold = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    max_selected = models.PositiveSmallIntegerField(null=True)
    reserve_size = models.PositiveSmallIntegerField(default=0)
    tie_break = ArrayField(models.CharField(max_length=30), default=list, help_text="codes, dans l’ordre")
    technical_visible_to_jury = models.BooleanField(default=True)
    aggregate = models.CharField(max_length=10, default="mean", help_text="mean ou median")
    abstention = models.BooleanField(default=False, help_text="on peut ne pas se prononcer sur un critère")
    unjudged = models.CharField(max_length=10, default="zero", help_text="critère sans aucune note : zero ou set_aside")
    comment = models.CharField(max_length=10, default="optional", help_text="commentaire général : optional, required")

    def __str__(self) -> str:
        return f"grille {self.call_id}"


class Criterion(CallPart):
    """One criterion; `points` is its weight, `knockout` the least points under which the file is out."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="criteria")
    label = models.CharField(max_length=150)
    part_of = models.CharField(max_length=150, blank=True, default="", help_text="le critère que celui-ci détaille")
    description = models.CharField(max_length=400, blank=True)
    points = models.PositiveSmallIntegerField()
    knockout = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    section_codes = models.JSONField(default=list)
    informational = models.BooleanField(default=False, help_text="noté et montré, jamais compté")
    descriptors = models.JSONField(default=dict, help_text="ce que veut dire chaque note, ou chaque niveau")
    comment_required = models.BooleanField(default=False)
    condition = models.JSONField(null=True)

    class Meta(CallPart.Meta):
        constraints = [models.UniqueConstraint(fields=["call", "code"], name="criterion_code_once")]


class Ranking(CallPart):
    """A ranking apart, for the files whose condition holds; what is null is that of the grid."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="rankings")
    label = models.CharField(max_length=150)
    condition = models.JSONField()
    threshold = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    max_selected = models.PositiveSmallIntegerField(null=True)
    reserve_size = models.PositiveSmallIntegerField(null=True)

    class Meta(CallPart.Meta):
        constraints = [models.UniqueConstraint(fields=["call", "code"], name="ranking_code_once")]


class Bonus(CallPart):
    call = models.ForeignKey(Call, models.CASCADE, related_name="bonuses")
    label = models.CharField(max_length=200)
    points = models.SmallIntegerField()
    condition = models.JSONField()


class JuryRules(models.Model):
    """Quorum, majority, ballot: rules of the call, not of the law."""

    call = models.OneToOneField(Call, models.CASCADE, primary_key=True, related_name="jury_rules")
    quorum = models.PositiveSmallIntegerField()
    majority = models.CharField(max_length=20, default="simple", help_text="majorité des suffrages exprimés")
    ballot = models.CharField(max_length=10, default="nominal")
    casting_vote = models.BooleanField(default=True, help_text="voix prépondérante de la présidence")
    hearing_minutes = models.PositiveSmallIntegerField(null=True)
    hearing_threshold = models.DecimalField(max_digits=6, decimal_places=2, null=True)

    def __str__(self) -> str:
        return f"jury {self.call_id}"


class SeatTemplate(CallPart):
    """A seat of the jury as the call describes it; `juries.Seat` is made from it."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="seat_templates")
    label = models.CharField(max_length=150)
    college = models.CharField(max_length=80, blank=True)
    voting = models.BooleanField(default=True)
    president = models.BooleanField(default=False)
    co_chair = models.BooleanField(default=False)
    observer = models.BooleanField(default=False)
    voice = models.CharField(max_length=12, default="institution", help_text="institution ou person")
    by_department = models.BooleanField(default=False)
    drawn = models.BooleanField(default=False)
    rule = models.CharField(max_length=200, blank=True)


class ReasonCode(CallPart):
    call = models.ForeignKey(Call, models.CASCADE, related_name="reason_codes")
    outcome = models.CharField(max_length=20)
    label = models.CharField(max_length=300)


class Indicator(CallPart):
    label = models.CharField(max_length=200)
    unit = models.CharField(max_length=40, blank=True)
    kind = models.CharField(max_length=20, blank=True)
    objective = models.CharField(max_length=30, blank=True)
    target = models.CharField(max_length=120, blank=True)
