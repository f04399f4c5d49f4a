"""Read a file of invitations line by line: what is right is kept, each wrong line says why. Pure but for the forms."""

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass

from ..models import Membership

MAX_LINES = 500
COLUMNS = ("adresse", "nom", "fonction", "droit")
RIGHTS = {
    "lecture": Membership.Right.READER,
    "rédaction": Membership.Right.EDITOR,
    "redaction": Membership.Right.EDITOR,
    "signature": Membership.Right.SIGNATORY,
    "gestion": Membership.Right.MANAGER,
}
MODEL = "\ufeffadresse;nom;fonction;droit\r\nagent@exemple.fr;Prénom Nom;secrétaire de mairie;rédaction\r\n"


class UnreadableFile(Exception):
    """The file is not a table that we can read; the message says what to do."""


@dataclass(frozen=True)
class Line:
    """One line of the file, its number as a spreadsheet shows it."""

    number: int
    email: str
    full_name: str
    role_title: str
    right: str

    @property
    def data(self) -> dict[str, str]:
        """As posted to `InvitationForm`."""
        return {
            "email": self.email,
            "full_name": self.full_name,
            "role_title": self.role_title,
            "right": RIGHTS.get(self.right.strip().lower(), self.right),
        }


@dataclass(frozen=True)
class Outcome:
    """What became of a line."""

    number: int
    email: str
    done: bool
    sentence: str


def read_lines(content: bytes) -> list[Line]:
    """The lines after the header. Raises `UnreadableFile`."""
    reader = csv.reader(io.StringIO(decoded(content)), delimiter=delimiter_of(content))
    rows = [(number, [cell.strip() for cell in row]) for number, row in enumerate(reader, start=1)]
    rows = [(number, row) for number, row in rows if any(row)]
    if not rows or tuple(cell.lower() for cell in rows[0][1][: len(COLUMNS)]) != COLUMNS:
        raise UnreadableFile("La première ligne doit porter les colonnes : adresse, nom, fonction, droit.")
    if len(rows) > MAX_LINES + 1:
        raise UnreadableFile(f"Ce fichier compte {len(rows) - 1} lignes. La limite est de {MAX_LINES}.")
    return [Line(number, *(*row, "", "", "", "")[: len(COLUMNS)]) for number, row in rows[1:]]


def decoded(content: bytes) -> str:
    """UTF-8, else what Excel writes in French."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def delimiter_of(content: bytes) -> str:
    first = content.split(b"\n", 1)[0]
    return ";" if first.count(b";") >= first.count(b",") else ","


def outcomes(lines: list[Line], act: Callable[[Line], Outcome]) -> list[Outcome]:
    """Treat each address once; a repeated one is named."""
    seen: dict[str, int] = {}
    report = []
    for line in lines:
        first = seen.setdefault(line.email.lower(), line.number)
        repeated = f"Adresse déjà présente à la ligne {first}."
        report.append(act(line) if first == line.number else Outcome(line.number, line.email, False, repeated))
    return report
