"""The mandate by which an organisation writes the files of another one, and what was written under it."""

import uuid

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Coalesce

from calls.models import Call
from portal.accounts.models import Organisation, User
from portal.core.workflow import TransitionLog

from .. import states_mandate as states
from .application import Application


class Mandate(models.Model):
    """Given by who signs for the `principal`; from the first day to the last, both included (Paris).

    `call` empty: every call. The `mandatary` reads and writes the files that the principal leads; it never has them
    signed, never deposits.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    principal = models.ForeignKey(Organisation, models.PROTECT, related_name="mandates_given")
    mandatary = models.ForeignKey(Organisation, models.PROTECT, related_name="mandates_held")
    call = models.ForeignKey(Call, models.PROTECT, null=True, related_name="mandates", help_text="vide : tous")
    from_on = models.DateField()
    until_on = models.DateField()
    state = models.CharField(max_length=10, choices=states.CHOICES, default=states.PREPARED)
    given_at = models.DateTimeField(null=True)
    given_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on__gte=F("from_on")),
                name="mandate_days_in_order",
                violation_error_message="Le dernier jour suit le premier.",
            ),
            models.CheckConstraint(
                condition=~Q(principal=F("mandatary")),
                name="mandate_to_another",
                violation_error_message="Un organisme ne se donne pas mandat à lui-même.",
            ),
            models.CheckConstraint(
                condition=Q(state=states.PREPARED) | Q(given_at__isnull=False, given_by__isnull=False),
                name="mandate_given_is_signed",
            ),
            models.CheckConstraint(
                condition=~Q(state=states.REVOKED) | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="mandate_revoked_is_signed",
            ),
            ExclusionConstraint(
                name="mandate_once_at_a_time",
                expressions=[
                    ("principal", RangeOperators.EQUAL),
                    ("mandatary", RangeOperators.EQUAL),
                    (Coalesce("call", Value(0)), RangeOperators.EQUAL),
                    (Func(F("from_on"), F("until_on"), Value("[]"), function="daterange"), RangeOperators.OVERLAPS),
                ],
                condition=Q(state=states.GIVEN),
                violation_error_message="Un mandat est déjà donné à cet organisme pour une partie de ces jours.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.principal} → {self.mandatary}"


class MandateTransition(TransitionLog):
    mandate = models.ForeignKey(Mandate, models.PROTECT, related_name="transitions")


class MandateWriting(models.Model):
    """Who wrote what in a file under a mandate, from the first time to the last: the file says it to its readers.

    `what`: "section:<code>", "piece:<code>", "condition:<code>", or "begin".
    """

    mandate = models.ForeignKey(Mandate, models.PROTECT, related_name="writings")
    application = models.ForeignKey(Application, models.PROTECT, related_name="mandate_writings")
    what = models.CharField(max_length=45)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mandate", "application", "what", "by"], name="mandate_writing_once"),
            models.CheckConstraint(condition=Q(last_at__gte=F("first_at")), name="mandate_writing_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.application} {self.what}"
