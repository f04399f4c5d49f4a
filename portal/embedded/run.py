"""`make run`: services, preparation, then web, worker and beat until Ctrl-C."""

import http.client
import os
import socket
import time
from pathlib import Path

from portal.embedded import commands
from portal.embedded.children import Child, Command
from portal.embedded.paths import private_folder, var_folder
from portal.embedded.postgres import PostgresFailed
from portal.embedded.preparation import Stamps, command_exists, is_empty, migrations_hash
from portal.embedded.privileges import NoUnprivilegedStart
from portal.embedded.redis_server import RedisFailed
from portal.embedded.services import start_services, stop_services
from portal.embedded.supervisor import (
    Processes,
    RunFailed,
    StopRequested,
    fail,
    only_one,
    refuse_deaths,
    run_step,
    say,
    stop_signals,
    watch,
)

READY_SECONDS = 120
KNOWN_FAILURES = (RunFailed, PostgresFailed, RedisFailed, NoUnprivilegedStart, PermissionError, ValueError)


def run(*, empty: bool = False) -> int:
    """Exit code: 0 after a stop that was asked for, 1 when something failed."""
    try:
        with stop_signals():
            _run(private_folder(var_folder() / "dev"), empty=empty)
    except StopRequested:
        say("\nPortail arrêté.")
        return 0
    except KNOWN_FAILURES as error:
        return fail(error)
    return 0


def _run(folder: Path, *, empty: bool) -> None:
    refuse_taken_port(commands.port())
    logs = private_folder(folder / "log")
    with only_one(folder):
        say("Démarrage de la base de données et de la file de messages…")
        services = start_services(folder, durable=True)
        try:
            stamps = Stamps(folder / "stamps.json")
            migrate(stamps, logs, own_database=any(service.variable == "DATABASE_URL" for service in services))
            if not empty:
                fill(stamps, logs)
            serve(logs, [service.child for service in services if service.child])
        finally:
            stop_services(services)


def refuse_taken_port(port: int) -> None:
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((os.environ.get("BIND_HOST") or "127.0.0.1", port))
        except OSError:
            raise RunFailed(
                f"Le port {port} est déjà pris. Choisissez-en un autre, par exemple : PORT={port + 1} make run"
            ) from None


def migrate(stamps: Stamps, logs: Path, *, own_database: bool) -> None:
    """Migrate if a migration changed since the last run; always, in a database that others may change."""
    wanted = migrations_hash(os.environ["DATABASE_URL"])
    if own_database and stamps.holds("migrations", wanted):
        return
    say("Mise à jour de la base de données…")
    run_step(Command("mise à jour de la base de données", commands.migrate(), log=logs / "migrate.log"))
    stamps.set("migrations", wanted)


def fill(stamps: Stamps, logs: Path) -> None:
    """Import the territories and play the demo where there is nothing yet."""
    url = os.environ["DATABASE_URL"]
    if stamps.holds("demo", url):
        raise RunFailed(
            "La préparation de la démonstration s’était interrompue. Pour la recommencer, supprimez le dossier "
            f"{stamps.file.parent}\u202f; pour vous en passer\u00a0: make run ARGS=--empty"
        )
    if command_exists("import_territories") and is_empty(url, "territories_commune"):
        say("Import des communes et des intercommunalités…")
        words = commands.manage("import_territories", "--apply")
        run_step(Command("import des territoires", words, log=logs / "territories.log"))
    if command_exists("demo") and is_empty(url, "accounts_organisation"):
        say("Préparation de la démonstration…")
        stamps.set("demo", url)
        run_step(Command("démonstration", commands.manage("demo"), log=logs / "demo.log"))
        stamps.set("demo", "")


def serve(logs: Path, services: list[Child]) -> None:
    """Start the three processes, the web first, announce the address, and watch them for ever."""
    with Processes() as processes:

        def start(name: str, label: str) -> None:
            processes.start(Command(label, commands.PROCESSES[name](), log=logs / f"{name}.log"))

        start("web", "serveur web")
        wait_for_web(commands.port(), [*services, *processes.children])
        start("worker", "tâches de fond")
        start("beat", "minuterie")
        say(f"\nPortail prêt : http://127.0.0.1:{commands.port()}")
        if command_exists("demo"):
            run_step(Command("comptes de démonstration", commands.manage("demo", "--accounts")))
        say("Ctrl-C pour arrêter.")
        watch([*services, *processes.children])


def wait_for_web(port: int, children: list[Child]) -> None:
    """Return when `/sante/` answers, whatever it says; raise `RunFailed` if a process dies or the time is over."""
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        refuse_deaths(children)
        if _answers(port):
            return
        time.sleep(0.1)
    raise RunFailed(f"Le serveur web ne répond pas après {READY_SECONDS} secondes.")


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/sante/")
        return connection.getresponse().status > 0
    except OSError:
        return False
    finally:
        connection.close()
