"""Child processes that never outlive this one."""

import contextlib
import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True)
class Command:
    """How to start one child, and how to ask it to stop."""

    name: str
    words: Sequence[str]
    stop_signal: signal.Signals = signal.SIGTERM
    grace_s: float = 15.0
    env: Mapping[str, str] = field(default_factory=dict)
    log: Path | None = None
    umask: int = -1


class Child:
    """A started command, leader of its own group so that Ctrl-C reaches it through the supervisor only."""

    def __init__(self, command: Command) -> None:
        self.command = command
        parent, stop_signal = os.getpid(), command.stop_signal
        output = open(command.log, "ab") if command.log else None  # noqa: SIM115 (given to the child, closed below)

        def die_with_parent() -> None:
            _libc.prctl(_PR_SET_PDEATHSIG, int(stop_signal), 0, 0, 0)
            if os.getppid() != parent:
                os._exit(1)

        try:
            self.process = subprocess.Popen(
                command.words,
                env={**os.environ, **command.env},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT if output else None,
                start_new_session=True,
                umask=command.umask,
                preexec_fn=die_with_parent,
            )
        finally:
            if output:
                output.close()

    @property
    def name(self) -> str:
        return self.command.name

    def exit_code(self) -> int | None:
        """None while the child runs."""
        return self.process.poll()

    def stop(self) -> None:
        """Ask, wait `grace_s`, then kill; whatever remains of the group is killed too."""
        self.ask_to_stop()
        self.finish()

    def ask_to_stop(self) -> None:
        if self.exit_code() is None:
            self.process.send_signal(self.command.stop_signal)

    def finish(self) -> None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(self.command.grace_s)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def stop_all(children: Sequence[Child]) -> None:
    """Ask all of them at once, then wait for each, the last started first."""
    for child in children:
        child.ask_to_stop()
    for child in reversed(children):
        child.finish()


def wait_until(is_ready, *, child: Child, seconds: float) -> bool:
    """Poll `is_ready()` until it is true, the child dies or the time is over."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and child.exit_code() is None:
        if is_ready():
            return True
        time.sleep(0.02)
    return False
