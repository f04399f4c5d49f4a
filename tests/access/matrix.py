"""docs/droits.md read by machine: its rows, what each cell expects, what an answer means."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.access.stages import MOMENTS, ORDER

TABLE = Path(__file__).parents[2] / "docs" / "droits.md"
ROLES = ("AN", "AC", "CO", "PR", "SI", "JU", "PJ", "JR", "GX", "GE", "OF", "LA", "SE", "RA", "AD")
SIGNS = "O·tceipvkawsd"
# The moments at which a sign opens; the others open at every moment of their row.
WINDOWS: dict[str, frozenset[str]] = {
    "t": frozenset({"ouvert", "déposé"}),
    "c": frozenset(m for m in MOMENTS if ORDER[m] >= ORDER["clos"]),
    "e": frozenset(m for m in MOMENTS if ORDER[m] >= ORDER["notation"]),
    "k": frozenset(m for m in MOMENTS if ORDER[m] >= ORDER["délibéré"]),
    "w": frozenset(m for m in MOMENTS if ORDER[m] >= ORDER["notifié"]),
    "·": frozenset(),
    "i": frozenset(),
}
SCREEN = re.compile(r"`(GET|POST) ([a-z_]+)(:[a-z]+)?`")


@dataclass(frozen=True)
class Screen:
    """One address of a row: method, URL name, and which of its uses when it has several."""

    method: str
    name: str
    use: str = ""

    @property
    def key(self) -> str:
        return f"{self.name}:{self.use}" if self.use else self.name

    def __str__(self) -> str:
        return f"{self.method} {self.key}"


@dataclass(frozen=True)
class Row:
    """One line of the table. `moments` are tried; the act is possible at `possible` only."""

    action: str
    cells: dict[str, str]
    moments: tuple[str, ...]
    possible: frozenset[str]
    screens: tuple[Screen, ...]

    def allows(self, role: str, moment: str) -> bool:
        windows = (WINDOWS.get(sign, frozenset(MOMENTS)) for sign in self.cells[role])
        return moment in self.possible and all(moment in window for window in windows)

    def asks_for_code(self, role: str) -> bool:
        return "s" in self.cells[role]


def read_rows(text: str | None = None) -> list[Row]:
    """The rows of the table, in order."""
    return list(_rows(text if text is not None else TABLE.read_text(encoding="utf-8")))


def _rows(text: str) -> Iterator[Row]:
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if len(cells) == len(ROLES) + 3 and SCREEN.search(cells[-1]):
            yield _row(cells)


def _row(cells: list[str]) -> Row:
    moments = [word.strip() for word in cells[-2].split(",")]
    bold = frozenset(word.strip("*") for word in moments if word.startswith("**"))
    plain = tuple(word.strip("*") for word in moments)
    screens = tuple(Screen(m[1], m[2], (m[3] or "").lstrip(":")) for m in SCREEN.finditer(cells[-1]))
    return Row(cells[0], dict(zip(ROLES, cells[1:-2], strict=True)), plain, bold or frozenset(plain), screens)


# --- what an answer means ----------------------------------------------------------------------------------------

# Evidence of what was tried is written even for a refusal.
EVIDENCE = frozenset({"django_session", "core_accessrecord", "applications_depositattempt"})


@dataclass(frozen=True)
class Outcome:
    """allowed, refused (403, 404, or an act that wrote nothing), login, code, error."""

    kind: str
    status: int
    body: str
    written: frozenset[str]

    def __str__(self) -> str:
        return f"{self.kind} ({self.status})"


def outcome_of(response: Any, method: str, written: set[str], *, writes: bool = True) -> Outcome:
    """What the answer says. A refusal may be told on the page (200) or by a way back (302, 409), and writes nothing.

    `writes`: an act of this address shows in the database.
    """
    body = b"".join(response) if response.streaming else response.content
    done = frozenset(written - EVIDENCE)
    kind = _kind(response, method, bool(done) or not writes)
    return Outcome(kind, response.status_code, body.decode(errors="replace"), done)


def _kind(response: Any, method: str, acted: bool) -> str:
    status, where = response.status_code, response.headers.get("Location", "")
    if status >= 500 or status in (400, 405):
        return "error"
    if where.startswith("/compte/login/"):
        return "login"
    if where.startswith("/confirmer-identite/"):
        return "code"
    if status in (403, 404):
        return "refused"
    if method == "GET":
        return "allowed" if status in (200, 302) else "error"
    return "allowed" if acted and status in (200, 302) else "refused"
