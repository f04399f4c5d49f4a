"""What happened is a transition: a state changes only here, under a lock, and writes its own log row.

Each app declares a table of `Transition` in its `states.py` and one concrete, insert-only `TransitionLog` per workflow.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models, transaction

from .rules import Refused


@dataclass(frozen=True)
class Transition:
    """One act that changes a state. `label` is what the person does, in French, at the infinitive."""

    name: str
    sources: frozenset[str]
    target: str
    label: str
    needs_reason: bool = False


class TransitionRefused(Refused):
    """The act is not possible from the present state; the message is the French sentence to show."""


class TransitionLog(models.Model):
    """Abstract log row: who, on whose behalf, when, from, to, reason. Concrete tables are insert-only (trigger)."""

    happened_at = models.DateTimeField()
    transition = models.CharField(max_length=40)
    from_state = models.CharField(max_length=20)
    to_state = models.CharField(max_length=20)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    on_behalf_of = models.ForeignKey("accounts.Organisation", models.PROTECT, null=True, related_name="+")
    reason = models.TextField(blank=True)

    class Meta:
        abstract = True
        ordering = ["happened_at", "pk"]

    def __str__(self) -> str:
        return f"{self.transition} {self.from_state} → {self.to_state}"


def table(transitions: Iterable[Transition]) -> dict[str, Transition]:
    """The transitions of a workflow by name."""
    return {transition.name: transition for transition in transitions}


def possible(transition: Transition, state: str) -> bool:
    return state in transition.sources


def fire(
    instance: Any,
    transition: Transition,
    *,
    by: Any,
    at: datetime,
    reason: str = "",
    on_behalf_of: Any = None,
    stamps: dict[str, Any] | None = None,
) -> Any:
    """Lock the row, check the state read under the lock, write state, stamps and log; return the log row.

    The caller's instance is refreshed: a stale copy cannot overwrite. Raises `TransitionRefused`.
    """
    with transaction.atomic():
        current = (
            type(instance)._default_manager.select_for_update().values_list("state", flat=True).get(pk=instance.pk)
        )
        if not possible(transition, current):
            label = dict(instance._meta.get_field("state").choices).get(current, current)
            raise TransitionRefused(f"« {transition.label} » n’est plus possible : l’état est « {label} ».")
        if transition.needs_reason and not reason.strip():
            raise TransitionRefused(f"« {transition.label} » demande un motif.")
        values = {"state": transition.target, **(stamps or {})}
        type(instance)._default_manager.filter(pk=instance.pk).update(**values)
        for name, value in values.items():
            setattr(instance, name, value)
        return instance.transitions.create(
            happened_at=at,
            transition=transition.name,
            from_state=current,
            to_state=transition.target,
            by=by,
            on_behalf_of=on_behalf_of,
            reason=reason.strip(),
        )
