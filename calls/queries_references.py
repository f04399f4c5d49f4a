"""Calls that name a commune whose code became another: in their perimeter, in a rule."""

from collections.abc import Iterator
from typing import Any

from portal.territories.history import History
from portal.territories.models import Commune

from .models import Call, EligibilityRule


def former_codes(past: History) -> list[str]:
    """One sentence by call and by former code. The call is corrected by its manager: a published one says so to all."""
    current = set(Commune.objects.filter(inhabited=True).values_list("insee", flat=True))
    found = []
    for call in Call.objects.filter(perimeter_kind=Call.PerimeterKind.COMMUNES).order_by("slug"):
        found += [
            f"{words_of(call)}, périmètre\u00a0: {change}" for change in changes(call.perimeter_codes, past, current)
        ]
    for rule in EligibilityRule.objects.filter(kind="place").select_related("call").order_by("call__slug", "code"):
        place: dict[str, Any] = rule.parameters.get("place", {})
        if place.get("kind") == Call.PerimeterKind.COMMUNES:
            told = changes(place.get("codes", []), past, current)
            found += [f"{words_of(rule.call)}, règle {rule.code}\u00a0: {change}" for change in told]
    return found


def words_of(call: Call) -> str:
    return f"appel « {call.title} » {call.edition}".strip()


def changes(codes: list[str], past: History, current: set[str]) -> Iterator[str]:
    """« 14513 est devenue 50592 » for each code that no longer is a commune's."""
    for code in sorted(set(codes) - current):
        after = [new for new in past.successors(code) if new != code]
        if after:
            yield f"{code} est devenue {' et '.join(after)}"
