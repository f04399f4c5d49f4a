"""What the eligibility rules of a call need to know beyond the territory: attributes of communes, earlier selections.

Read only when a rule asks for it, in a constant number of queries, for one applicant or for all the communes.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.db.models import Count, Q

from portal.territories.models import CommuneAttribute
from portal.territories.queries_facts import attributes_by_commune

from .conditions import Attribute, Facts, Selection
from .definition.eligibility import AttributeRule, SelectedBeforeRule, read_rule
from .models import Call

SELECTIONS: list[Callable[[Collection[str]], Mapping[str, tuple[Selection, ...]]]] = []
"""The upper app says which calls selected these applicants (INSEE codes and SIREN), by code; told decisions only."""

YES_OR_NO = ("oui", "non")


def rules_of(call: Call) -> list[Any]:
    """The eligibility rules of a call, in their order."""
    return [
        read_rule(
            code=row.code,
            kind=row.kind,
            label=row.label,
            effect=row.effect,
            derogable=row.derogable,
            parameters=row.parameters,
        )
        for row in call.eligibility_rules.all()
    ]


def gathered(rules: Iterable[Any], facts: Sequence[Facts]) -> list[Facts]:
    """These applicants, and the members of their files, with what the rules ask of them."""
    asked = list(rules)
    codes = {rule.attribute for rule in asked if isinstance(rule, AttributeRule)}
    known = _attributes(facts, codes) if codes else None
    selected = _selections(facts) if any(isinstance(rule, SelectedBeforeRule) for rule in asked) else None
    if known is None and selected is None:
        return list(facts)

    def filled(one: Facts) -> Facts:
        changes: dict[str, Any] = {"partners": tuple(filled(partner) for partner in one.partners)}
        if known is not None and one.insee:
            changes["attributes"] = known(one.insee)
        if selected is not None:
            changes["selections"] = selected.get(key_of(one), ())
        return replace(one, **changes)

    return [filled(one) for one in facts]


def key_of(facts: Facts) -> str:
    """What names an applicant in the selections: the code of a commune, else a SIREN."""
    return facts.insee or facts.siren


def _everyone(facts: Sequence[Facts]) -> list[Facts]:
    return [member for one in facts for member in (one, *one.partners)]


def _attributes(facts: Sequence[Facts], codes: Collection[str]) -> Callable[[str], dict[str, Attribute]]:
    """By commune. One that a list of « oui » does not name is not in it; a class that is not there is not known."""
    found = attributes_by_commune({one.insee for one in _everyone(facts) if one.insee})
    rows = CommuneAttribute.objects.filter(code__in=codes)
    classes = rows.values("code").annotate(others=Count("pk", filter=~Q(value__in=YES_OR_NO)))
    lists = {row["code"] for row in classes if not row["others"]}
    newest = rows.filter(code__in=lists).order_by("code", "-year").distinct("code")
    absent = {code: Attribute("", year, source) for code, year, source in newest.values_list("code", "year", "source")}

    def of(insee: str) -> dict[str, Attribute]:
        mine = {
            code: Attribute("" if row.value == "non" else row.value, row.year, row.source, row.stage, row.date)
            for code, row in found.get(insee, {}).items()
            if code in codes
        }
        return {**absent, **mine}

    return of


def _selections(facts: Sequence[Facts]) -> dict[str, tuple[Selection, ...]]:
    keys = {key_of(one) for one in _everyone(facts)} - {""}
    found: dict[str, tuple[Selection, ...]] = {}
    for source in SELECTIONS:
        for key, rows in source(keys).items():
            found[key] = found.get(key, ()) + rows
    return found
