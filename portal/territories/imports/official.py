"""The official files of the npm package `@etalab/decoupage-administratif`, read into plain rows.

Its two files are two vintages: `communes.json` bears the municipal population of one year, `epci.json` the
municipal and total populations of the year before. Each figure keeps its kind, year and source; they are never mixed.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..spelling import plain
from .lines import Pair, Rows

FOLDER = Path("@etalab/decoupage-administratif/data")
COMMUNES_SOURCE = "Insee"
EPCI_SOURCE = "Insee, fichier des intercommunalités"
HISTORY_SOURCE = "Insee, code officiel géographique"


@dataclass(frozen=True)
class Territories:
    """Rows by key: code → fields; figures by (commune, intercommunality, kind, year).

    `movements`: former codes and names, without a date, by (None, "former", code before, code after).
    """

    regions: Rows
    departments: Rows
    intercommunalities: Rows
    communes: Rows
    figures: Rows
    movements: Rows = field(default_factory=dict)


class SourceMissing(Exception):
    """The package is not installed or a file is unreadable; the message says what to do."""


def read_territories(node_modules: Path, *, commune_year: int, epci_year: int) -> Territories:
    """Everything the files say of the code in force. Raises `SourceMissing`."""
    regions, departments, communes, epci = (
        load(node_modules / FOLDER / f"{name}.json") for name in ("regions", "departements", "communes", "epci")
    )
    current = [entry for entry in communes if entry["type"] == "commune-actuelle"]
    member_of = {member["code"]: entry["code"] for entry in epci for member in entry["membres"]}
    figures = [*commune_figures(current, commune_year), *epci_figures(epci, epci_year)]
    return Territories(
        regions={e["code"]: {"name": typographic(e["nom"])} for e in regions},
        departments={e["code"]: {"name": typographic(e["nom"]), "region_id": e["region"]} for e in departments},
        intercommunalities={e["code"]: {"name": without_sigle(typographic(e["nom"])), "kind": e["type"]} for e in epci},
        communes={e["code"]: commune_row(e, member_of.get(e["code"])) for e in current},
        figures=dict(figures),
        movements=dict(former_codes(communes)),
    )


def load(path: Path) -> list[dict[str, Any]]:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SourceMissing(
            f"Le fichier {path.name} du découpage administratif est introuvable ou illisible. Lancez « npm ci »."
        ) from error


def commune_row(entry: dict[str, Any], intercommunality: str | None) -> dict[str, Any]:
    """Without SIREN or without anyone, a commune is neither searchable nor eligible."""
    name = typographic(entry["nom"])
    return {
        "siren": entry.get("siren"),
        "name": name,
        "article": entry.get("typeLiaison", 0),
        "department_id": entry["departement"],
        "intercommunality_id": intercommunality,
        "postal_codes": sorted(entry.get("codesPostaux", [])),
        "inhabited": bool(entry.get("siren") and entry.get("population")),
        "search_name": plain(name),
    }


def former_codes(communes: list[dict[str, Any]]) -> Iterator[Pair]:
    """What became part of each commune: its former codes, and the names of its associated and delegated communes."""
    parts = {e["code"]: e for e in communes if e["type"] in ("commune-deleguee", "commune-associee")}
    for entry in communes:
        if entry["type"] != "commune-actuelle":
            continue
        name = typographic(entry["nom"])
        for code in entry.get("anciensCodes", []):
            before = typographic(parts[code]["nom"]) if code in parts else ""
            yield (None, "former", code, entry["code"]), movement_row(before, name)
        own = parts.get(entry["code"])
        if own and own["chefLieu"] == entry["code"] and typographic(own["nom"]) != name:
            yield (None, "former", entry["code"], entry["code"]), movement_row(typographic(own["nom"]), name)


def movement_row(before: str, after: str) -> dict[str, Any]:
    return {"name_before": before, "name_after": after, "source": HISTORY_SOURCE}


def commune_figures(communes: list[dict[str, Any]], year: int) -> Iterator[Pair]:
    for entry in communes:
        if "population" in entry:
            key = (entry["code"], None, "municipale", year)
            yield key, {"source": COMMUNES_SOURCE, "value": entry["population"]}


def epci_figures(epci: list[dict[str, Any]], year: int) -> Iterator[Pair]:
    """Those of each intercommunality and of its members, both kinds, of the file's own year."""
    for entry in epci:
        yield from both_kinds(None, entry["code"], year, entry)
        for member in entry["membres"]:
            yield from both_kinds(member["code"], None, year, member)


def both_kinds(commune: str | None, intercommunality: str | None, year: int, entry: dict[str, Any]) -> Iterator[Pair]:
    for kind, name in (("municipale", "populationMunicipale"), ("totale", "populationTotale")):
        yield (commune, intercommunality, kind, year), {"source": EPCI_SOURCE, "value": entry[name]}


def typographic(name: str) -> str:
    """The curly apostrophe that French typography wants."""
    return name.replace("'", "’")


def without_sigle(name: str) -> str:
    """« CU Le Havre Seine Métropole » → « Le Havre Seine Métropole »."""
    head, _, rest = name.partition(" ")
    return rest if head in {"CC", "CA", "CU"} else name
