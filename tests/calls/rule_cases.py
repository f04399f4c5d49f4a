"""One case of each kind of eligibility rule: its parameters, and facts that keep it, break it, or leave it unknown."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from calls.conditions import Attribute, Facts, Figure, Selection
from calls.definition.eligibility import read_rule
from calls.definition.identity import Perimeter
from calls.eligibility import Verdict, evaluate
from tests.calls.documents import ordinary

LHSM = Perimeter(kind="intercommunality", codes=("200084952",), label="Le Havre Seine Métropole")


def commune(name: str = "Étretat", population: int | None = 1102, **changes: Any) -> Facts:
    facts: dict[str, Any] = {
        "name": name,
        "insee": {"Étretat": "76254", "Harfleur": "76341"}.get(name, name),
        "intercommunality_siren": "200084952",
        "intercommunality_name": "Le Havre Seine Métropole",
        "department": "76",
        "region": "28",
        "code_year": 2026,
        "populations": {} if population is None else {("municipale", 2023): Figure(population, "Insee")},
    }
    return Facts(**{**facts, **changes})


CAEN = {"intercommunality_siren": "200065597", "intercommunality_name": "Caen la Mer", "department": "14"}
HARFLEUR = commune("Harfleur", 8289)


def rule(kind: str, effect: str = "blocking", **parameters: Any) -> Any:
    columns = {"code": "R1", "label": "Terrain communal", "effect": effect, "derogable": True}
    return read_rule(kind=kind, parameters={"sentence": "Le terrain appartient à la commune.", **parameters}, **columns)


def verdict_of(subject: Any, facts: Facts, perimeter: Perimeter | None = LHSM) -> Verdict:
    (found,) = evaluate([subject], facts, perimeter=perimeter)
    return found


def said(subject: Any, facts: Facts, perimeter: Perimeter | None = LHSM) -> tuple[str, str]:
    """The outcome and the sentence, with ordinary spaces."""
    found = verdict_of(subject, facts, perimeter)
    return found.outcome, ordinary(found.sentence)


@dataclass(frozen=True)
class Case:
    """`kept`, `broken`, `unknown`: facts; None when the kind has no such case."""

    kind: str
    parameters: dict[str, Any]
    kept: Facts | None
    broken: Facts | None
    unknown: Facts | None

    @property
    def rule(self) -> Any:
        return rule(self.kind, **self.parameters)


def answered(**answers: Any) -> Facts:
    return commune(answers=answers)


def listed(value: str) -> Facts:
    return commune(attributes={"ACV": Attribute(value, 2024, "ANCT", "convention signée" if value else "")})


SELECTED = Selection("places-2025", "DPV", "2025", "A", "Des places à vivre, édition 2025")
EXPENSES = [{"quoi": "Étude", "le": "2027-03-02"}, {"quoi": "Travaux", "le": "2027-02-01"}]
COSTS = [{"cout": "40000"}, {"cout": "60000.50"}]

CASES = [
    Case("perimeter", {}, commune(), commune(**CAEN), Facts(name="Étretat")),
    Case(
        "place",
        {"place": {"kind": "department", "codes": ["76"], "label": "Seine-Maritime"}},
        commune(),
        commune(**CAEN),
        Facts(name="Étretat"),
    ),
    Case("excluded", {"intercommunalities": ["200065597"]}, commune(), commune(**CAEN), Facts(name="Étretat")),
    Case(
        "attribute",
        {"attribute": "ACV", "name": "Action cœur de ville", "wanted": False},
        listed(""),
        listed("oui"),
        commune(),
    ),
    Case(
        "same_intercommunality",
        {},
        commune(partners=(HARFLEUR,)),
        commune(partners=(commune("Caen", **CAEN),)),
        commune(),
    ),
    Case(
        "population",
        {"population_kind": "municipale", "year": "2023", "below": "5000"},
        commune(),
        commune(population=5000),
        commune(population=None),
    ),
    Case("applicant_kind", {"kinds": ["commune"]}, commune(), commune(applicant_kind="region"), None),
    Case("members", {"at_least": "2", "at_most": "3"}, commune(partners=(HARFLEUR,)), commune(in_file=True), commune()),
    Case("joint", {"joint": "needed"}, commune(partners=(HARFLEUR,)), commune(in_file=True), commune()),
    Case("max_applications", {}, commune(), commune(other_files=("DPV-2027-0007",)), commune(other_files=None)),
    Case("selected_before", {"programme": "DPV"}, commune(selections=()), commune(selections=(SELECTED,)), commune()),
    Case("answer", {"question": "etat", "equals": "idee"}, answered(etat="idee"), answered(etat="travaux"), commune()),
    Case(
        "start",
        {"question": "depenses", "column": "le", "not_before": "2027-02-15"},
        answered(depenses=EXPENSES[:1]),
        answered(depenses=EXPENSES),
        answered(depenses=[{"le": ""}]),
    ),
    Case(
        "cost",
        {"question": "depenses", "column": "cout", "at_most": "100000"},
        answered(depenses=COSTS[:1]),
        answered(depenses=COSTS),
        answered(depenses=[*COSTS[:1], {"cout": ""}]),
    ),
    Case("duration", {"question": "mois", "at_most": "36"}, answered(mois="36"), answered(mois="40"), commune()),
    Case("declaration", {"question": "libre"}, None, answered(libre=False), answered(libre=True)),
    Case("judgement", {}, None, None, commune()),
]
BY_KIND = {case.kind: case for case in CASES}
DAY = date(2027, 3, 1)
