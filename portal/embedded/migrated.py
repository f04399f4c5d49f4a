"""A migrated cluster kept beside the test runs: a run begins with a copy of it instead of playing every migration."""

import fcntl
import os
import shutil
import subprocess
from pathlib import Path

from portal.embedded import commands
from portal.embedded.paths import private_folder, var_folder
from portal.embedded.postgres import DATABASE, EmbeddedPostgres
from portal.embedded.preparation import Stamps, migrations_hash

# Django creates the test database from the database named here (`portal/settings/test.py`).
VARIABLE = "TEST_DATABASE_TEMPLATE"


def begin_from_copy(folder: Path) -> None:
    """Put the migrated cluster in `folder`, where no cluster is yet; it is made anew when a migration has changed."""
    kept = private_folder(var_folder() / "test-template")
    with open(kept / "lock", "w") as lock:  # two runs may begin at once
        fcntl.flock(lock, fcntl.LOCK_EX)
        stamps, wanted = Stamps(kept / "stamps.json"), migrations_hash("")
        if not stamps.holds("migrated", wanted):
            stamps.forget()
            _make(kept / "cluster")
            stamps.set("migrated", wanted)
        shutil.copytree(kept / "cluster" / "pg", private_folder(folder) / "pg", symlinks=True)
    os.environ[VARIABLE] = DATABASE


def _make(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    server = EmbeddedPostgres(folder, durable=False)
    server.start()
    try:
        told = {**os.environ, "DJANGO_SETTINGS_MODULE": "portal.settings.test", server.variable: server.url}
        subprocess.run(commands.manage("migrate", "--verbosity", "0"), env=told, check=True)
    finally:
        server.stop()
