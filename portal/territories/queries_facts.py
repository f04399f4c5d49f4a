"""What is known of communes beside their code: attributes by year, groupings. One query for one commune or for all."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from .models import Commune, CommuneAttribute, Grouping


@dataclass(frozen=True)
class AttributeValue:
    """A fact with what proves it: « oui », 2026, « ANCT, liste PVD »; for a label its stage and its date."""

    value: str
    year: int
    source: str
    stage: str = ""
    date: datetime.date | None = None


def attributes_by_commune(codes: Iterable[str] | None = None) -> dict[str, dict[str, AttributeValue]]:
    """By INSEE code then by attribute, the latest values; all communes without `codes`. One query.

    A commune without any attribute has no entry.
    """
    found: dict[str, dict[str, AttributeValue]] = {}
    for insee, code, *fields in latest(codes).values_list(
        "commune_id", "code", "value", "year", "source", "stage", "dated_on"
    ):
        found.setdefault(insee, {})[code] = AttributeValue(*fields)
    return found


def latest(codes: Iterable[str] | None = None) -> QuerySet[CommuneAttribute]:
    """One row by commune and attribute: the latest year."""
    rows = CommuneAttribute.objects.all() if codes is None else CommuneAttribute.objects.filter(commune__in=list(codes))
    return rows.order_by("commune_id", "code", "-year").distinct("commune_id", "code")


def communes_with(code: str, values: Iterable[str] = ()) -> QuerySet[Commune]:
    """Communes whose latest value of this attribute is one of `values`; without any, which have it at all."""
    newest = CommuneAttribute.objects.filter(code=code).order_by("commune_id", "-year").distinct("commune_id")
    rows = CommuneAttribute.objects.filter(pk__in=newest.values("pk")).exclude(value="non")
    wanted = list(values)
    rows = rows.filter(value__in=wanted) if wanted else rows
    return Commune.objects.filter(pk__in=rows.values("commune_id"))


def known_attributes() -> dict[str, list[str]]:
    """By code, the values met in the data, sorted: what a rule may name."""
    found: dict[str, list[str]] = {}
    rows = CommuneAttribute.objects.order_by("code", "value").values_list("code", "value").distinct()
    for code, value in rows:
        found.setdefault(code, []).append(value)
    return found


@dataclass(frozen=True)
class GroupingValue:
    """A canton, a massif…: its name, its communes (INSEE codes), and who says so."""

    name: str
    year: int
    source: str
    communes: frozenset[str]


def groupings_named(keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], GroupingValue]:
    """By (kind, code), those of `keys` that a file gave; two queries, whatever the number of communes."""
    wanted = Q(pk__in=[])
    for kind, code in keys:
        wanted |= Q(kind=kind, code=code)
    rows = Grouping.objects.filter(wanted)
    members: dict[int, set[str]] = {}
    for pk, insee in rows.order_by().values_list("pk", "communes"):
        members.setdefault(pk, set()).add(insee)
    return {
        (row.kind, row.code): GroupingValue(row.name, row.year, row.source, frozenset(members[row.pk])) for row in rows
    }


def known_groupings() -> dict[str, list[tuple[str, str]]]:
    """By kind, the code and name of each grouping that a file gave, by name: what a call may name."""
    found: dict[str, list[tuple[str, str]]] = {}
    for kind, code, name in Grouping.objects.values_list("kind", "code", "name"):
        found.setdefault(kind, []).append((code, name))
    return found
