"""What a database needs before the portal serves: migrations, territories, demo; what was done is stamped."""

import hashlib
import json
from pathlib import Path

import psycopg
from psycopg import sql

from portal.embedded.paths import ROOT

SOURCES = ("portal", "calls", "applications", "juries", "support")


class Stamps:
    """Hashes of what was done last, by step, in a JSON file."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def _read(self) -> dict[str, str]:
        return json.loads(self.file.read_text()) if self.file.exists() else {}

    def holds(self, step: str, value: str) -> bool:
        return self._read().get(step) == value

    def set(self, step: str, value: str) -> None:
        self.file.write_text(json.dumps({**self._read(), step: value}, indent=1))

    def forget(self) -> None:
        self.file.unlink(missing_ok=True)


def migrations_hash(database_url: str) -> str:
    """Changes with any migration, with the locked libraries (they bring theirs) and with the database."""
    digest = hashlib.sha256(database_url.encode())
    files = [path for name in SOURCES for path in (ROOT / name).rglob("migrations/*.py")]
    for path in sorted([*files, *ROOT.glob("requirements*.lock")]):
        digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return digest.hexdigest()


def command_exists(name: str) -> bool:
    """True when one of our apps has this management command."""
    return any(next((ROOT / source).glob(f"**/management/commands/{name}.py"), None) for source in SOURCES)


def is_empty(database_url: str, table: str) -> bool:
    """True when the table exists and holds no row."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        if connection.execute("SELECT to_regclass(%s)", [table]).fetchone() == (None,):
            return False
        query = sql.SQL("SELECT NOT EXISTS (SELECT FROM {})").format(sql.Identifier(table))
        return connection.execute(query).fetchone() == (True,)
