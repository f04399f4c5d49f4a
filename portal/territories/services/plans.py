"""What a reference file would change: rows to write, lines left aside, one plan by kind of file."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from portal.core.typography import format_quantity

from ..imports.lines import BadLine, Reading
from ..models import Commune, Grouping
from ..queries_history import history
from .differences import Difference, attributes, figures, movements
from .writing import apply_differences


@dataclass
class Plan:
    """Nothing is written until `apply`."""

    differences: list[Difference] = field(default_factory=list)
    groupings: list["GroupingChange"] = field(default_factory=list)
    bad: list[BadLine] = field(default_factory=list)

    @property
    def changes(self) -> bool:
        return any(d.created or d.changed for d in self.differences) or any(g.changes for g in self.groupings)

    @property
    def lines(self) -> list[str]:
        """The report, in French: what changes, then each line left aside."""
        report: list[str] = []
        for difference in self.differences:
            report += [difference.sentence, *difference.examples]
        report += [change.sentence for change in self.groupings if change.changes]
        if self.groupings:
            same = sum(not change.changes for change in self.groupings)
            report.append(f"Regroupements à jour\u00a0: {same}.")
        if self.bad:
            report.append(f"{format_quantity(len(self.bad), 'ligne laissée', 'lignes laissées')} de côté\u00a0:")
        return report + [f"  {line}" for line in sorted(self.bad, key=lambda line: line.number)]

    @transaction.atomic
    def apply(self) -> None:
        apply_differences(self.differences)
        for change in self.groupings:
            change.apply()


@dataclass(frozen=True)
class GroupingChange:
    """One grouping as the file gives it whole: its name, and the communes that join or leave."""

    kind: str
    code: str
    values: dict[str, Any]
    renamed: bool
    joining: frozenset[str]
    leaving: frozenset[str]

    @property
    def changes(self) -> bool:
        return self.renamed or bool(self.joining or self.leaving)

    @property
    def sentence(self) -> str:
        moves = [f"+ {', '.join(sorted(self.joining))}"] if self.joining else []
        moves += [f"− {', '.join(sorted(self.leaving))}"] if self.leaving else []
        return f"{self.kind} {self.code}, {self.values['name']}\u00a0: {' ; '.join(moves) or 'nom, année ou source'}."

    def apply(self) -> None:
        row, _ = Grouping.objects.update_or_create(kind=self.kind, code=self.code, defaults=self.values)
        row.communes.add(*self.joining)
        row.communes.remove(*self.leaving)


def population_plan(reading: Reading) -> Plan:
    bad = drop_unknown(reading)
    return Plan([figures(reading.rows)], bad=bad)


def attribute_plan(reading: Reading) -> Plan:
    bad = drop_unknown(reading)
    return Plan([attributes(reading.rows)], bad=bad)


def movement_plan(reading: Reading) -> Plan:
    return Plan([movements(reading.rows)], bad=reading.bad)


def grouping_plan(reading: Reading) -> Plan:
    """Each grouping of the file is whole: a commune that the file no longer gives leaves it, and the report says so."""
    bad = drop_unknown(reading, place=2)
    wanted: dict[tuple[str, str], set[str]] = {}
    said: dict[tuple[str, str], dict[str, Any]] = {}
    for (kind, code, insee), row in reading.rows.items():
        if said.setdefault((kind, code), row) != row:
            line = reading.line_of[kind, code, insee]
            bad.append(
                BadLine(line, f"le regroupement {code} a déjà un autre nom, une autre année ou une autre source.")
            )
            continue
        wanted.setdefault((kind, code), set()).add(insee)
    known = {(g.kind, g.code): g for g in Grouping.objects.prefetch_related("communes")}
    return Plan(groupings=[change_of(key, said[key], wanted[key], known.get(key)) for key in sorted(wanted)], bad=bad)


def change_of(key: tuple[str, str], said: dict[str, Any], wanted: set[str], known: Grouping | None) -> GroupingChange:
    present = {commune.insee for commune in known.communes.all()} if known else set()
    renamed = known is None or any(getattr(known, name) != value for name, value in said.items())
    return GroupingChange(*key, said, renamed, frozenset(wanted - present), frozenset(present - wanted))


def drop_unknown(reading: Reading, place: int = 0) -> list[BadLine]:
    """Take out the rows of codes that are not communes of today; the lines left aside, each with what it should be."""
    known = dict(Commune.objects.values_list("insee", "inhabited"))
    past = history()
    bad = {line.number: line for line in reading.bad}
    for key in list(reading.rows):
        if known.get(key[place]):
            continue
        after = [code for code in past.successors(key[place]) if code != key[place]]
        if key[place] in known and not after:
            continue
        del reading.rows[key]
        number = reading.line_of.get(key, 0)
        bad.setdefault(number, BadLine(number, unknown(key[place], after)))
    return list(bad.values())


def unknown(code: str, after: Iterable[str]) -> str:
    names = Commune.objects.filter(insee__in=list(after)).order_by("insee").values_list("name", "insee")
    if names:
        became = ", ".join(f"{name} ({insee})" for name, insee in names)
        return f"{code} n’est plus le code d’une commune\u00a0: elle est devenue {became}."
    return f"aucune commune n’a le code {code}."
