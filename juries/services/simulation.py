"""Variants of a simulation, kept under a name: limits, never a decision."""

from django.db import transaction

from calls.models import Call
from portal.core.rules import Refused

from ..models import SimulationVariant

MOST = 6


@transaction.atomic
def keep_variant(variant: SimulationVariant) -> SimulationVariant:
    """Keep it beside the others, six at most. Raises `Refused`."""
    Call.objects.select_for_update().get(pk=variant.call_id)
    others = SimulationVariant.objects.filter(call=variant.call_id)
    if others.filter(name=variant.name).exists():
        raise Refused("Une variante porte déjà ce nom.")
    if others.count() >= MOST:
        raise Refused(f"Gardez {MOST} variantes au plus\u00a0: retirez-en une.")
    variant.save()
    return variant
