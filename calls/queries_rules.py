"""What the eligibility rules of a call need to know beyond the territory: attributes of communes, earlier selections.

Read only when a rule asks for it, in a constant number of queries, for one applicant or for all the communes.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count, Q

from portal.territories.models import CommuneAttribute
from portal.territories.queries_facts import GroupingValue, attributes_by_commune, groupings_named

from .conditions import Attribute, Facts, GroupingFact, Selection
from .definition.eligibility import AttributeRule, PlaceRule, SelectedBeforeRule, read_rule
from .definition.identity import GROUPINGS
from .models import Call, Stratum

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


def gathered(
    call: Call, facts: Iterable[Facts], rules: Iterable[Any] = (), strata: Collection[Stratum] = ()
) -> Iterable[Facts]:
    """These applicants, and the members of their files, with what the call, these rules and strata ask of them.

    Read only when something asks for it, in as many queries for one applicant as for all.
    """
    asked = list(rules)
    codes = {rule.attribute for rule in asked if isinstance(rule, AttributeRule)}
    codes |= {stratum.attribute for stratum in strata if stratum.attribute}
    places = _places(call, strata, asked)
    before = any(isinstance(rule, SelectedBeforeRule) for rule in asked)
    if not codes and not places and not before:
        return facts
    everyone = list(facts)
    more = Asked(
        _attributes(everyone, codes) if codes else None,
        _groupings(places),
        _selections(everyone) if before else None,
    )
    return (more.added_to(one) for one in everyone)


@dataclass(frozen=True)
class Asked:
    """What was read because something asks for it; None when nothing did."""

    attributes: Callable[[str], dict[str, Attribute]] | None
    groupings: Mapping[tuple[str, str], GroupingValue]
    selections: Mapping[str, tuple[Selection, ...]] | None

    def added_to(self, one: Facts) -> Facts:
        changes: dict[str, Any] = {"partners": tuple(self.added_to(partner) for partner in one.partners)}
        if self.attributes is not None and one.insee:
            changes["attributes"] = self.attributes(one.insee)
        if self.groupings and one.insee:
            changes["groupings"] = {
                key: GroupingFact(one.insee in row.communes, row.year, row.source)
                for key, row in self.groupings.items()
            }
        if self.selections is not None:
            changes["selections"] = self.selections.get(key_of(one), ())
        return replace(one, **changes)


def _places(call: Call, strata: Iterable[Stratum], rules: Iterable[Any]) -> set[tuple[str, str]]:
    """Kind and code of every canton, massif… that a call names: its perimeter, those of its strata and its rules."""
    rows = [(call.perimeter_kind, call.perimeter_codes)]
    rows += [(stratum.perimeter_kind, stratum.codes) for stratum in strata if stratum.perimeter_kind]
    rows += [(rule.place.kind, rule.place.codes) for rule in rules if isinstance(rule, PlaceRule)]
    return {(kind, code) for kind, codes in rows if kind in GROUPINGS for code in codes}


def _groupings(places: Collection[tuple[str, str]]) -> dict[tuple[str, str], GroupingValue]:
    """Those of these places that a file gave."""
    found = groupings_named((GROUPINGS[kind], code) for kind, code in places) if places else {}
    return {(kind, code): found[GROUPINGS[kind], code] for kind, code in places if (GROUPINGS[kind], code) in found}


def key_of(facts: Facts) -> str:
    """What names an applicant in the selections: the code of a commune, else a SIREN."""
    return facts.insee or facts.siren


def _everyone(facts: Iterable[Facts]) -> list[Facts]:
    return [member for one in facts for member in (one, *one.partners)]


def _attributes(facts: Iterable[Facts], codes: Collection[str]) -> Callable[[str], dict[str, Attribute]]:
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


def _selections(facts: Iterable[Facts]) -> dict[str, tuple[Selection, ...]]:
    keys = {key_of(one) for one in _everyone(facts)} - {""}
    found: dict[str, tuple[Selection, ...]] = {}
    for source in SELECTIONS:
        for key, rows in source(keys).items():
            found[key] = found.get(key, ()) + rows
    return found
