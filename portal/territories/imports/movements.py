"""The movements of communes, as Insee publishes them (`v_mvt_commune_AAAA.csv`)."""

from collections.abc import Iterator
from pathlib import Path

from .lines import Line, Pair, Reading, WrongLine, at_most, collect, day_of, each, insee_code, read_table
from .lines import words as required

COLUMNS = ("mod", "date_eff", "typecom_av", "com_av", "libelle_av", "typecom_ap", "com_ap", "libelle_ap")
KINDS = {
    "10": "rename",
    "20": "creation",
    "21": "recreation",
    "30": "suppression",
    "31": "merger",
    "32": "new_commune",
    "33": "association",
    "34": "end_associated",
    "35": "end_delegated",
    "41": "department",
    "50": "seat",
    "70": "delegated",
}
COMMUNE = "COM"
SOURCE = "Insee, mouvements des communes"
SHIPPED = Path(__file__).parents[1] / "data" / "mouvements.csv"


def read_movements(path: Path, *, source: str = SOURCE) -> Reading:
    """Movements by (date, kind, code before, code after), from commune to commune; the rest is about their parts.

    Raises `UnreadableFile`.
    """
    lines = read_table(path, *COLUMNS)
    between = [(n, line) for n, line in lines if line["typecom_av"] == line["typecom_ap"] == COMMUNE]
    return collect(each(between, source=source), movement)


def movement(line: Line) -> Iterator[Pair]:
    kind = KINDS.get(line["mod"])
    if kind is None:
        raise WrongLine(f"le type d’événement « {line['mod']} » est inconnu.")
    key = (day_of(line["date_eff"]), kind, insee_code(line["com_av"]), insee_code(line["com_ap"]))
    yield (
        key,
        {
            "name_before": at_most(line["libelle_av"], "le nom avant", 100),
            "name_after": required(line["libelle_ap"], "le nom après", 100),
            "source": line["source"],
        },
    )
