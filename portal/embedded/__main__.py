"""`python -m portal.embedded run | services | manage | test | throwaway | web | worker | beat | migrate | health`."""

import argparse
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack

from portal.embedded import commands
from portal.embedded.paths import ROOT, private_folder, var_folder
from portal.embedded.preparation import Stamps
from portal.embedded.run import KNOWN_FAILURES, run
from portal.embedded.services import attach, start_services, stop_services, throwaway_services
from portal.embedded.supervisor import StopRequested, fail, only_one, say, stop_signals, watch

CHECKS: dict[str, list[str]] = {
    "style du code": [sys.executable, "-m", "ruff", "check", "--quiet", "."],
    "contrôles de Django": commands.manage("check"),
    "migrations à jour": commands.manage("makemigrations", "--check", "--dry-run"),
}


def main(arguments: Sequence[str] | None = None) -> int:
    options = parser().parse_args(arguments)
    if options.action in commands.PROCESSES:
        commands.become(options.action)
    if options.action == "health":
        return 0 if commands.is_healthy() else 1
    if options.action == "run":
        return run(empty=options.empty)
    try:
        with stop_signals():
            return ACTIONS[options.action](options)
    except StopRequested:
        return 130
    except KNOWN_FAILURES as error:
        return fail(error)


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="python -m portal.embedded", description="Lance le portail et ses services.")
    actions = made.add_subparsers(dest="action", required=True)
    run_action = actions.add_parser("run", help="base, file de messages, serveur web, tâches de fond et minuterie")
    run_action.add_argument("--empty", action="store_true", help="sans territoires ni démonstration")
    actions.add_parser("services", help="base et file de messages seules ; affiche leurs adresses")
    for name, help_text in {
        "manage": "une commande manage.py sur la base de « make run », en marche ou non",
        "test": "pytest sur des services jetables",
        "throwaway": "une commande quelconque sur des services jetables et durables",
    }.items():
        action = actions.add_parser(name, help=help_text)
        if name == "test":
            action.add_argument(
                "--checks", action="store_true", help="style, contrôles de Django et migrations d’abord"
            )
        action.add_argument("words", nargs=argparse.REMAINDER)
    for name in commands.PROCESSES:
        actions.add_parser(name, help=f"le seul processus « {name} »")
    actions.add_parser("health", help="code 0 si le serveur web de cette machine répond bien")
    return made


def services(options: argparse.Namespace) -> int:
    """Keep PostgreSQL and Redis of `make run` on, for a console beside."""
    folder = private_folder(var_folder() / "dev")
    with only_one(folder):
        started = start_services(folder, durable=True)
        try:
            for service in started:
                say(f"export {service.variable}='{service.url}'")
            watch([service.child for service in started if service.child])
        finally:
            stop_services(started)
    return 0


def manage(options: argparse.Namespace) -> int:
    folder, words = private_folder(var_folder() / "dev"), words_of(options)
    with ExitStack() as stack:
        attach(stack, folder)
        try:
            return call(commands.manage(*words))
        finally:
            if words[:1] == ["restore"]:  # the database may have gone back before a migration
                Stamps(folder / "stamps.json").forget()


def test(options: argparse.Namespace) -> int:
    """The first exit code that is not zero. pytest runs in any case, last: its closing line ends the output."""
    with throwaway_services():
        codes = [check(label, words) for label, words in CHECKS.items()] if options.checks else []
        codes.append(call([sys.executable, "-m", "pytest", *words_of(options)]))
    return next((code for code in codes if code), 0)


def check(label: str, words: Sequence[str]) -> int:
    """Silent unless it fails."""
    outcome = subprocess.run(words, cwd=ROOT, check=False, capture_output=True, text=True)
    say(f"{label} : {'échec' if outcome.returncode else 'bon'}")
    if outcome.returncode:
        say(outcome.stdout + outcome.stderr)
    return outcome.returncode


def throwaway(options: argparse.Namespace) -> int:
    with throwaway_services(durable=True):
        return call(words_of(options))


def call(words: Sequence[str]) -> int:
    return subprocess.run(words, cwd=ROOT, check=False).returncode


def words_of(options: argparse.Namespace) -> list[str]:
    return options.words[1:] if options.words[:1] == ["--"] else options.words


ACTIONS: dict[str, Callable[[argparse.Namespace], int]] = {
    "services": services,
    "manage": manage,
    "test": test,
    "throwaway": throwaway,
}

if __name__ == "__main__":
    sys.exit(main())
