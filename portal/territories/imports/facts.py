"""Attributes of communes and free groupings: two tables whose columns docs/territoires.md explains."""

import re
from collections.abc import Iterator
from pathlib import Path

from .lines import Line, Pair, Reading, WrongLine, at_most, collect, day_of, insee_code, read_table, year_of
from .lines import words as required

ATTRIBUTE_COLUMNS = ("attribut", "insee", "valeur", "annee", "source")
GROUPING_COLUMNS = ("type", "code", "nom", "insee", "annee", "source")
GROUPING_KINDS = ("canton", "arrondissement", "bassin", "massif", "circonscription", "autre")
ATTRIBUTE_SHAPE = re.compile(r"[A-Z][A-Z0-9_]{0,29}")


def read_attributes(path: Path) -> Reading:
    """Values by (commune, attribute, year). Optional columns: `etape`, `date`. Raises `UnreadableFile`."""
    return collect(read_table(path, *ATTRIBUTE_COLUMNS), attribute)


def attribute(line: Line) -> Iterator[Pair]:
    code = line["attribut"].upper()
    if not ATTRIBUTE_SHAPE.fullmatch(code):
        raise WrongLine(
            f"« {line['attribut']} » n’est pas un code d’attribut (lettres sans accent, chiffres et « _ », 30 au plus)."
        )
    yield (
        (insee_code(line["insee"]), code, year_of(line["annee"])),
        {
            "value": required(line["valeur"], "la valeur", 100),
            "source": required(line["source"], "la source", 150),
            "stage": at_most(line["etape"], "l’étape", 60),
            "dated_on": day_of(line["date"]) if line["date"] else None,
        },
    )


def read_groupings(path: Path) -> Reading:
    """What is said of a grouping, by (kind, code, commune): one line per commune. Raises `UnreadableFile`."""
    return collect(read_table(path, *GROUPING_COLUMNS), grouping)


def grouping(line: Line) -> Iterator[Pair]:
    kind = line["type"].lower()
    if kind not in GROUPING_KINDS:
        raise WrongLine(f"le type « {line['type']} » est inconnu (attendu\u00a0: {', '.join(GROUPING_KINDS)}).")
    yield (
        (kind, required(line["code"], "le code", 20), insee_code(line["insee"])),
        {
            "name": required(line["nom"], "le nom", 150),
            "year": year_of(line["annee"]),
            "source": required(line["source"], "la source", 150),
        },
    )
