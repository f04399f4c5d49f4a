"""Read a table (CSV, or a CSV inside a ZIP) line by line: what is right is kept, each wrong line says why."""

import csv
import hashlib
import io
import re
import unicodedata
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

Rows = dict[Any, dict[str, Any]]
Pair = tuple[Any, dict[str, Any]]
INSEE_SHAPE = re.compile(r"(\d{2}|2A|2B)\d{3}")
FIRST_YEAR, LAST_YEAR = 1943, 2100


class UnreadableFile(Exception):
    """The file is not a table that we can read; the message says what to do."""


class WrongLine(Exception):
    """One line cannot be used; the message says what it holds and what was expected."""


@dataclass(frozen=True)
class BadLine:
    """A line left aside, its number as a spreadsheet shows it."""

    number: int
    sentence: str

    def __str__(self) -> str:
        return f"Ligne {self.number}\u00a0: {self.sentence}"


@dataclass
class Reading:
    """What a file says: rows by key, the line of each, and the lines left aside."""

    rows: Rows = field(default_factory=dict)
    line_of: dict[Any, int] = field(default_factory=dict)
    bad: list[BadLine] = field(default_factory=list)


class Line(dict[str, str]):
    """A line by plain column name; absent columns are empty."""

    def __missing__(self, key: str) -> str:
        return ""


def read_table(path: Path, *columns: str, member: str = "") -> list[tuple[int, Line]]:
    """Every line but empty ones, with its number. `columns` must all be there; `member`: the file wanted in a ZIP.

    Column names are compared without case nor accent. Raises `UnreadableFile`.
    """
    text = decoded(content_of(path, member))
    first = text.split("\n", 1)[0]
    delimiter = max(";,\t", key=first.count)
    reader = csv.reader(io.StringIO(text), delimiter=delimiter)
    header = [plain_column(cell) for cell in next(reader, [])]
    if missing := [column for column in columns if column not in header]:
        raise UnreadableFile(
            f"{path.name}\u00a0: il manque {listed(missing)}. Colonnes trouvées\u00a0: {', '.join(header) or 'aucune'}."
        )
    lines = ((reader.line_num, [cell.strip() for cell in row]) for row in reader)
    return [(number, Line(zip(header, row, strict=False))) for number, row in lines if any(row)]


def content_of(path: Path, member: str) -> bytes:
    try:
        if not zipfile.is_zipfile(path):
            return path.read_bytes()
        with zipfile.ZipFile(path) as archive:
            found = [name for name in archive.namelist() if Path(name).name.lower() == member.lower()]
            if not found:
                raise UnreadableFile(f"L’archive {path.name} ne contient pas le fichier « {member} ».")
            return archive.read(found[0])
    except (OSError, zipfile.BadZipFile) as error:
        raise UnreadableFile(f"Le fichier {path} est introuvable ou illisible.") from error


def decoded(content: bytes) -> str:
    """UTF-8, else what Excel writes in French."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def plain_column(name: str) -> str:
    """« Étape » → "etape"."""
    bare = unicodedata.normalize("NFD", name.strip().lower())
    return "".join(c for c in bare if not unicodedata.combining(c)).replace(" ", "_")


def listed(columns: Iterable[str]) -> str:
    names = [f"« {column} »" for column in columns]
    return f"la colonne {names[0]}" if len(names) == 1 else f"les colonnes {', '.join(names)}"


def collect(lines: Iterable[tuple[int, Line]], parse: Callable[[Line], Iterable[Pair]]) -> Reading:
    """The rows of each line. The same row twice counts once; a key that comes back with other values is left aside."""
    reading = Reading()
    for number, line in lines:
        try:
            pairs = list(parse(line))
        except WrongLine as wrong:
            reading.bad.append(BadLine(number, str(wrong)))
            continue
        for key, row in pairs:
            if reading.rows.setdefault(key, row) != row:
                first = reading.line_of[key]
                reading.bad.append(BadLine(number, f"déjà donnée à la ligne {first}, avec d’autres valeurs."))
                break
            reading.line_of.setdefault(key, number)
    return reading


def insee_code(text: str) -> str:
    """Five characters; a zero eaten by a spreadsheet is given back."""
    code = text.strip().upper()
    code = code.zfill(5) if len(code) == 4 and code.isdecimal() else code
    if not INSEE_SHAPE.fullmatch(code):
        raise WrongLine(f"« {text} » n’est pas un code Insee de commune (cinq caractères, par exemple 76254).")
    return code


def whole(text: str, what: str) -> int:
    """« 1 102 » → 1102."""
    digits = re.sub(r"[\s\u00a0\u202f]", "", text)
    if not (digits.isascii() and digits.isdecimal()):
        raise WrongLine(f"{what} « {text} » n’est pas un nombre entier.")
    return int(digits)


def year_of(text: str) -> int:
    if not text:
        raise WrongLine("l’année manque.")
    value = whole(text, "l’année")
    if not FIRST_YEAR <= value <= LAST_YEAR:
        raise WrongLine(f"l’année {value} n’est pas plausible.")
    return value


def day_of(text: str) -> date:
    """« 2018-01-01 » or « 01/01/2018 »."""
    french = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", text)
    try:
        return date(int(french[3]), int(french[2]), int(french[1])) if french else date.fromisoformat(text)
    except ValueError as error:
        raise WrongLine(f"la date « {text} » ne se lit pas (attendu\u00a0: 2018-01-01 ou 01/01/2018).") from error


def words(text: str, what: str, longest: int) -> str:
    if not text:
        raise WrongLine(f"{what} manque.")
    return at_most(text, what, longest)


def at_most(text: str, what: str, longest: int) -> str:
    if len(text) > longest:
        raise WrongLine(f"{what} compte {len(text)} caractères, {longest} au plus.")
    return text.replace("'", "’")


def fingerprint(path: Path) -> str:
    """SHA-256 of the file, to know again what was imported."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def each(lines: Iterable[tuple[int, Line]], **filled: str) -> Iterator[tuple[int, Line]]:
    """The same lines, their empty cells filled: the year or the source said once for the whole file."""
    for number, line in lines:
        for column, value in filled.items():
            if value and not line[column]:
                line[column] = value
        yield number, line
