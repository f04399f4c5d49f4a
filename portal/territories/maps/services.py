"""Bring the outlines up to date with a file: what would change, then the change itself; nothing is deleted."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.db import transaction

from portal.core.typography import format_number

from .geojson import Feature
from .models import Outline
from .simplify import within_bytes

FIELDS = ("rings", "longitude", "latitude", "source", "year")


@dataclass(frozen=True)
class Changes:
    """Rows to write, and how many of the file are already so."""

    created: list[Outline]
    changed: list[Outline]
    unchanged: int

    @property
    def sentence(self) -> str:
        counts = (len(self.created), len(self.changed), self.unchanged)
        created, changed, same = (format_number(n) for n in counts)
        return f"Contours et centres : {created} à créer, {changed} à modifier, {same} à jour."


def compare(features: Mapping[str, Feature], *, kind: str, source: str, year: int, most: int) -> Changes:
    """What the file would change, its outlines made light enough: at most `most` bytes each."""
    known = {row.code: row for row in Outline.objects.filter(kind=kind, code__in=features)}
    created, changed, unchanged = [], [], 0
    for row in _rows(features, kind=kind, source=source, year=year, most=most):
        before = known.get(row.code)
        if before is None:
            created.append(row)
        elif before.rings and not row.rings:  # a centre never takes the place of an outline
            unchanged += 1
        elif any(getattr(before, name) != getattr(row, name) for name in FIELDS):
            row.pk = before.pk
            changed.append(row)
        else:
            unchanged += 1
    return Changes(created, changed, unchanged)


def _rows(features: Mapping[str, Feature], *, kind: str, source: str, year: int, most: int) -> Iterator[Outline]:
    shapes = within_bytes({code: found.rings for code, found in features.items() if found.rings}, most)
    for code, found in features.items():
        rings = [[list(point) for point in ring] for ring in shapes.get(code, ())]
        longitude, latitude = found.middle
        yield Outline(
            kind=kind, code=code, rings=rings, longitude=longitude, latitude=latitude, source=source, year=year
        )


@transaction.atomic
def apply_changes(changes: Changes) -> None:
    Outline.objects.bulk_create(changes.created, batch_size=500)
    Outline.objects.bulk_update(changes.changed, FIELDS, batch_size=500)
