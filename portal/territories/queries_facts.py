"""What is known of communes beside their code: attributes by year, groupings. One query for one commune or for all."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from .models import Commune, CommuneAttribute, Grouping


@dataclass(frozen=True)
class AttributeValue:
    """A fact with what proves it: « oui », 2026, « ANCT, liste PVD »; for a label its stage and its date."""

    value: str
    year: int
    source: str
    stage: str = ""
    date: datetime.date | None = None


def attributes_of(commune: Commune) -> dict[str, AttributeValue]:
    """By code of attribute, the value of the latest year."""
    return attributes_by_commune([commune.insee]).get(commune.insee, {})


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


def communes_with(code: str, values: Iterable[str]) -> QuerySet[Commune]:
    """Communes whose latest value of this attribute is one of `values`."""
    newest = CommuneAttribute.objects.filter(code=code).order_by("commune_id", "-year").distinct("commune_id")
    rows = CommuneAttribute.objects.filter(pk__in=newest.values("pk"), value__in=list(values))
    return Commune.objects.filter(pk__in=rows.values("commune_id"))


def known_attributes() -> dict[str, list[str]]:
    """By code, the values met in the data, sorted: what a rule may name."""
    found: dict[str, list[str]] = {}
    rows = CommuneAttribute.objects.order_by("code", "value").values_list("code", "value").distinct()
    for code, value in rows:
        found.setdefault(code, []).append(value)
    return found


def groupings_of(commune: Commune) -> list[Grouping]:
    """The canton, the massif… that hold this commune, by kind then by name."""
    return list(commune.groupings.all())


def groupings_by_commune(codes: Iterable[str] | None = None) -> dict[str, list[tuple[str, str, str]]]:
    """By INSEE code, (kind, code, name) of its groupings. One query."""
    rows = Grouping.objects.filter(communes__isnull=False)
    rows = rows if codes is None else rows.filter(communes__in=list(codes))
    found: dict[str, list[tuple[str, str, str]]] = {}
    for insee, *grouping in rows.values_list("communes", "kind", "code", "name"):
        found.setdefault(insee, []).append((grouping[0], grouping[1], grouping[2]))
    return found
