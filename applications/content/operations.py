"""The operations of a file, as typed: what is read of them, and what to write instead, cell by cell. Pure.

Typed, an operation is {column: text} with two lists of rows, `expenses` and `resources`. Its *value* is the same in
canonical form (see `answers`) with what follows from it: `cost`, `eligible`, `asked` (euros), `months`. A fault stands
at the name of its cell under the question: « 0-title », « 0-expenses-2-amount ».
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any, get_args

from calls.eligibility.findings import capital
from portal.core.typography import format_amount, typeset

from ..funding.own_share import GROUNDS, Owner, Waiver
from ..funding.plans import Expense, FundingPlan, Resource, ResourceState
from ..funding.verdicts import Costed, Frame
from .answers import AnswerFault, holds_something, read

MOST_OPERATIONS = 10
MOST_EUROS = Decimal(1_000_000_000)
CALL_SCHEME = "APPEL"
ITEMS = {
    "studies": "Études",
    "land": "Foncier",
    "works": "Travaux",
    "design": "Maîtrise d’œuvre",
    "amo": "Assistance à maîtrise d’ouvrage",
    "equipment": "Équipement",
    "staff": "Personnel",
    "other": "Divers et aléas",
}
NATURES = {"investment": "Investissement", "operating": "Fonctionnement"}
KINDS = {
    "call": "Aide de l’appel",
    "public": "Autre aide publique",
    "concours": "Fonds de concours",
    "private": "Financement privé",
    "own": "Fonds propres, emprunt",
}
STATES = {
    "envisaged": "Envisagée",
    "asked": "Demandée",
    "granted": "Obtenue",
    "paid": "Versée",
    "refused": "Refusée",
}
OWNERS = {"local": "Commune ou groupement", "other": "Autre organisme"}
WAIVERS = {code: typeset(capital(ground.in_words)) for code, ground in GROUNDS.items() if code}


def _column(code: str, label: str, kind: str = "text", **columns: Any) -> Any:
    """A column, with all that a question has."""
    options = [{"code": key, "label": words} for key, words in columns.pop("choices", {}).items()]
    blank = {"minimum": None, "maximum": None, "max_length": 150 if kind == "text" else None, "unit": ""}
    return SimpleNamespace(
        **{**blank, "code": code, "label": label, "kind": kind, "options": options, "required": True, **columns}
    )


COLUMNS = (
    _column("title", "Intitulé de l’opération"),
    _column("owner", "Maître d’ouvrage"),
    _column("owner_kind", "Nature du maître d’ouvrage", "single", choices=OWNERS),
    _column("start", "Début", "date"),
    _column("end", "Fin", "date"),
    _column(
        "waiver", "Exception à la part minimale de 20 %", "single", choices=WAIVERS, required=False, blank="Aucune"
    ),
)
EXPENSE_COLUMNS = (
    _column("label", "Dépense"),
    _column("item", "Poste", "single", choices=ITEMS),
    _column("nature", "Nature", "single", choices=NATURES),
    _column("amount", "Montant hors taxes", "money", minimum=Decimal("0.01"), maximum=MOST_EUROS),
    _column("vat", "TVA", "percent"),
    _column("eligible", "Éligible à l’aide", "yes_no"),
)
RESOURCE_COLUMNS = (
    _column("funder", "Financeur"),
    _column("kind", "Nature", "single", choices=KINDS),
    _column("amount", "Montant", "money", minimum=Decimal("0.01"), maximum=MOST_EUROS),
    _column("state", "État", "single", choices=STATES),
)
LISTS = {"expenses": EXPENSE_COLUMNS, "resources": RESOURCE_COLUMNS}
MOST_LINES = 30


@dataclass(frozen=True)
class Operation:
    """One operation as far as it can be read, and its rank as typed; `value` is whole when nothing is at fault."""

    rank: int
    value: dict[str, Any]
    costed: Costed


@dataclass
class OperationsReading:
    """All of them; `faults` by the name of the cell, in the order of the page."""

    operations: list[Operation] = field(default_factory=list)
    faults: dict[str, str] = field(default_factory=dict)

    @property
    def value(self) -> list[dict[str, Any]] | None:
        return [operation.value for operation in self.operations] or None


# --- read --------------------------------------------------------------------------------------------------------


def read_operations(question: Any, typed: Sequence[Mapping[str, Any]], frame: Frame) -> OperationsReading:
    """What can be read of what was typed, and every fault."""
    found = OperationsReading()
    for n, row in enumerate(typed):
        if holds_something(row):
            found.operations.append(_operation(n, row, frame, found.faults))
    count = len(found.operations)
    if count > question.max_rows:
        found.faults[""] = f"Gardez {_operations(question.max_rows)} au plus : il y en a {count}."
    elif count and count < question.min_rows:
        found.faults[""] = f"Décrivez au moins {_operations(question.min_rows)} : il y en a {count}."
    return found


def _operations(count: int) -> str:
    return f"{count} opération{'s' if count > 1 else ''}"


def _operation(n: int, typed: Mapping[str, Any], frame: Frame, faults: dict[str, str]) -> Operation:
    value: dict[str, Any] = _cells(COLUMNS, typed, f"{n}-", faults)
    for name, columns in LISTS.items():
        value[name] = _lines(columns, typed.get(name, ()), f"{n}-{name}-", faults)
        if not typed.get(name):
            faults[f"{n}-{name}"] = "Écrivez au moins une ligne."
    if value["start"] and value["end"] and value["end"] < value["start"]:
        faults[f"{n}-end"] = "La fin vient avant le début : corrigez l’une des deux dates."
    costed = _costed(value, frame)
    plan = costed.plan
    if plan.gap and not any(name.startswith(f"{n}-") for name in faults):
        side = f"Il manque {format_amount(-plan.gap)}" if plan.gap < 0 else f"Il y a {format_amount(plan.gap)} de trop"
        faults[f"{n}-resources"] = typeset(f"{side} : les ressources égalent les dépenses, au centime.")
    value["months"] = months_between(value["start"], value["end"])
    value["cost"], value["eligible"] = f"{plan.cost:f}", f"{plan.eligible(plan.tax):f}"
    value["asked"] = f"{plan.given_by(_scheme_code(frame)):f}"
    return Operation(n, value, costed)


def _cells(columns: Sequence[Any], typed: Mapping[str, Any], at: str, faults: dict[str, str]) -> dict[str, str]:
    """The canonical cells of one row, blank where it is at fault."""
    values = {}
    for column in columns:
        cell = str(typed.get(column.code, ""))
        values[column.code] = ""
        try:
            value = read(column, cell)
            if column.kind == "money" and value is not None and Decimal(value) != round(Decimal(value), 2):
                raise AnswerFault("Écrivez un montant en euros et centimes, avec deux décimales au plus.")
            if value is None and column.required:
                raise AnswerFault(_wanted(column))
            values[column.code] = value or ""
        except AnswerFault as fault:
            faults[at + column.code] = str(fault)
    return values


def _wanted(column: Any) -> str:
    """What to write in a cell left blank."""
    by_kind = {"single": "Choisissez une réponse.", "yes_no": "Répondez par oui ou par non."}
    return by_kind.get(column.kind, f"Remplissez « {column.label} ».")


def _lines(columns: Sequence[Any], rows: Any, at: str, faults: dict[str, str]) -> list[dict[str, str]]:
    return [_cells(columns, row, f"{at}{n}-", faults) for n, row in enumerate(rows) if holds_something(row)]


def months_between(start: str, end: str) -> str:
    """How many months from the first day to the last one, both included; a month begun counts."""
    if not start or not end or end < start:
        return ""
    first, after = date.fromisoformat(start), date.fromisoformat(end) + timedelta(days=1)
    whole = (after.year - first.year) * 12 + after.month - first.month
    return str(max(1, whole + (after.day > first.day)))


# --- the plan ----------------------------------------------------------------------------------------------------


def _scheme_code(frame: Frame) -> str:
    return frame.scheme.code if frame.scheme else CALL_SCHEME


def _costed(value: Mapping[str, Any], frame: Frame) -> Costed:
    """The plan of an operation: the lines whose amount and nature can be read."""
    waiver: Waiver = value["waiver"] if value["waiver"] in get_args(Waiver) else ""
    owner = Owner(value["owner_kind"] != "other", frame.department, waiver)
    return Costed(FundingPlan(tuple(_expenses(value)), tuple(_resources(value, frame)), frame.tax), owner)


def _expenses(value: Mapping[str, Any]) -> Iterator[Expense]:
    for row in value["expenses"]:
        if row["amount"]:
            yield Expense(
                label=row["label"],
                nature="operating" if row["nature"] == "operating" else "investment",
                excl_vat=Decimal(row["amount"]),
                vat_rate=Decimal(row["vat"] or 0),
                eligible=row["eligible"] != "non",
                item=row["item"],
            )


def _resources(value: Mapping[str, Any], frame: Frame) -> Iterator[Resource]:
    for row in value["resources"]:
        if row["amount"]:
            asked = row["kind"] == "call"
            state: ResourceState = row["state"] or "envisaged"
            yield Resource(
                funder=row["funder"],
                kind="public" if asked else row["kind"] or "own",
                amount=Decimal(row["amount"]),
                scheme=_scheme_code(frame) if asked else "",
                state=state,
            )


def fault_sentence(faults: Mapping[str, str]) -> str:
    """The first fault with its place as the page shows it, and how many others there are."""
    name, sentence = next(iter(faults.items()))
    place = place_of_fault(name)
    said = f"{place} : {sentence[:1].lower()}{sentence[1:]}" if place else sentence
    others = len(faults) - 1
    more = "" if not others else " Une autre ligne est à corriger." if others == 1 else f" {others} autres à corriger."
    return typeset(said + more)


def place_of_fault(name: str) -> str:
    """« Opération 1, dépense 3, « TVA » »."""
    if not name:
        return ""
    number, *rest = name.split("-")
    place = f"Opération {int(number) + 1}"
    if len(rest) == 3:
        word = {"expenses": "dépense", "resources": "ressource"}[rest[0]]
        label = next(column.label for column in LISTS[rest[0]] if column.code == rest[2])
        return f"{place}, {word} {int(rest[1]) + 1}, « {label} »"
    labels = {"expenses": "dépenses", "resources": "ressources"}
    label = labels.get(rest[0]) or next(f"« {c.label} »" for c in COLUMNS if c.code == rest[0])
    return f"{place}, {label}"
