"""Starts steps and processes one after the other and stops all of them, whatever ends first."""

import contextlib
import fcntl
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import FrameType

from portal.embedded.children import Child, Command, stop_all

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StopRequested(BaseException):
    """Ctrl-C, or a stop signal."""


class RunFailed(RuntimeError):
    """The portal cannot start, or one of its processes died; the message is for the person at the terminal."""


class AlreadyRunning(RunFailed):
    """Another run holds the folder."""


@contextlib.contextmanager
def stop_signals() -> Iterator[None]:
    """Stop signals raise `StopRequested`, once: while everything stops, further ones are ignored."""

    def on_signal(number: int, frame: FrameType | None) -> None:
        for other in STOP_SIGNALS:
            signal.signal(other, signal.SIG_IGN)
        raise StopRequested

    previous = {number: signal.signal(number, on_signal) for number in STOP_SIGNALS}
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


@contextlib.contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Refuse a second run on the same folder."""
    with open(folder / "lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning(
                "Le portail est déjà en marche dans ce dossier. Arrêtez-le d’abord par Ctrl-C."
            ) from None
        yield


def say(message: str) -> None:
    print(message, flush=True)


def run_step(command: Command) -> None:
    """Run a command to its end; raise `RunFailed` with its last lines if it fails."""
    child = Child(command)
    try:
        code = child.process.wait()
    finally:
        child.stop()
    if code != 0:
        raise RunFailed(f"L’étape « {command.name} » a échoué.{last_lines(command.log)}")


class Processes:
    """The processes of one run; leaving the block stops them all."""

    def __init__(self) -> None:
        self.children: list[Child] = []

    def __enter__(self) -> "Processes":
        return self

    def __exit__(self, *exception: object) -> None:
        stop_all(self.children)

    def start(self, command: Command) -> Child:
        child = Child(command)
        self.children.append(child)
        return child


def watch(children: Sequence[Child]) -> None:
    """Wait for ever; raise `RunFailed` when one of them dies."""
    while True:
        refuse_deaths(children)
        time.sleep(0.3)


def refuse_deaths(children: Sequence[Child]) -> None:
    for child in children:
        if (code := child.exit_code()) is not None:
            raise RunFailed(
                f"Le processus « {child.name} » s’est arrêté (code {code}) : le portail s’arrête avec lui."
                f"{last_lines(child.command.log)}"
            )


def last_lines(log: Path | None, count: int = 15) -> str:
    """The end of a log, introduced by its path; empty when there is none."""
    if log is None or not log.exists():
        return ""
    lines = log.read_text(errors="replace").splitlines()[-count:]
    return "\n".join([f"\nFin de {log} :", *(f"  {line}" for line in lines)])


def fail(error: Exception) -> int:
    print(f"\n{error}", file=sys.stderr, flush=True)
    return 1
