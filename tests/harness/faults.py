"""Faults seen while a test runs, whichever thread saw them (the live server answers in its own)."""

import threading
from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    kind: str
    detail: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.detail}"


class FaultLog:
    """Thread-safe list of the faults of the test at hand. A repeated fault is kept once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: list[Fault] = []

    def record(self, kind: str, detail: str) -> None:
        fault = Fault(kind, detail)
        with self._lock:
            if fault not in self._faults:
                self._faults.append(fault)

    def take(self) -> list[Fault]:
        """Return the faults recorded so far and forget them."""
        with self._lock:
            taken, self._faults = self._faults, []
        return taken


LOG = FaultLog()
