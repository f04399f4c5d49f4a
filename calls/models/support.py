"""What follows the decision: phases of support and the outline of the agreement."""

from django.db import models

from .call import Call
from .schedule import CallPart


class SupportPhase(CallPart):
    """Months count from the start of the support, both included (1 = first month)."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="support_phases")
    title = models.CharField(max_length=150)
    first_month = models.PositiveSmallIntegerField()
    last_month = models.PositiveSmallIntegerField()
    deliverable = models.CharField(max_length=200, blank=True)


class AgreementArticle(CallPart):
    """One article; paragraphs hold merge fields such as `{commune}` from a closed list."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="agreement_articles")
    title = models.CharField(max_length=150)
    paragraphs = models.JSONField(default=list)
    condition = models.JSONField(null=True)
