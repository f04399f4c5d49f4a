"""Legal populations: the file of Insee (`ensemble.zip`, its `donnees_communes.csv`) or a table of one's own.

Three figures a commune, never mixed: PMUN (municipale), PCAP (comptée à part), PTOT (totale).
"""

from collections.abc import Iterator
from pathlib import Path

from .lines import (
    Line,
    Pair,
    Reading,
    Rows,
    UnreadableFile,
    WrongLine,
    collect,
    each,
    insee_code,
    read_table,
    whole,
    year_of,
)
from .lines import words as required

MEMBER = "donnees_communes.csv"
KINDS = {"pmun": "municipale", "pcap": "a_part", "ptot": "totale"}
SHIPPED = Path(__file__).parents[1] / "data" / "populations.csv"
# The file of Insee gives the arrondissements of three cities in place of the city: (city, first code, last code).
CITIES = (("75056", 75101, 75120), ("69123", 69381, 69389), ("13055", 13201, 13216))


def read_populations(path: Path, *, year: int | None = None, source: str = "") -> Reading:
    """Figures by (commune, None, kind, year). `year` and `source` stand where the file has no such column.

    Raises `UnreadableFile`.
    """
    lines = read_table(path, member=MEMBER)
    columns = set(lines[0][1]) if lines else set()
    if not columns & set(KINDS):
        raise UnreadableFile(f"{path.name}\u00a0: aucune colonne de population (PMUN, PCAP, PTOT).")
    if year is None and "annee" not in columns:
        raise UnreadableFile(f"{path.name}\u00a0: le fichier ne dit pas l’année. Ajoutez --year ANNÉE.")
    said = source or (f"Insee, populations légales {year}" if year else "")
    reading = collect(each(lines, annee=str(year or ""), source=said), figures)
    add_cities(reading.rows)
    return reading


def figures(line: Line) -> Iterator[Pair]:
    """One row by kind of population given on the line."""
    code, year = code_of(line), year_of(line["annee"])
    source = required(line["source"], "la source", 100)
    values = {
        kind: whole(line[column], f"la population {column.upper()}") for column, kind in KINDS.items() if line[column]
    }
    if not values:
        raise WrongLine("aucune population n’est donnée.")
    if len(values) == 3 and values["municipale"] + values["a_part"] != values["totale"]:
        raise WrongLine(f"PMUN + PCAP ne font pas PTOT pour la commune {code}.")
    for kind, value in values.items():
        yield (code, None, kind, year), {"source": source, "value": value}


def code_of(line: Line) -> str:
    """A whole code (`insee`, `depcom`, `codgeo`, or `com` in five characters), else département and commune.

    Overseas the file of Insee writes the département 971 and the commune 101: the code is 97101.
    """
    for column in ("insee", "code_insee", "depcom", "codgeo"):
        if line[column]:
            return insee_code(line[column])
    if line["coddep"] and line["codcom"]:
        return insee_code(line["coddep"].zfill(2)[:2] + line["codcom"].zfill(3))
    if line["com"]:
        return insee_code(line["com"])
    raise WrongLine("le code Insee de la commune manque.")


def add_cities(rows: Rows) -> None:
    """Paris, Lyon and Marseille are the sum of their arrondissements, which are not communes."""
    for city, first, last in CITIES:
        wards = {str(code) for code in range(first, last + 1)}
        parts = [key for key in rows if key[0] in wards]
        for kind, year in {key[2:] for key in parts}:
            same = [rows[key] for key in parts if key[2:] == (kind, year)]
            if len(same) == len(wards):
                rows.setdefault(
                    (city, None, kind, year), {"source": same[0]["source"], "value": sum(row["value"] for row in same)}
                )
        for key in parts:
            del rows[key]
