"""Communes that deposit over HTTP: their files, their forms, and what each was answered."""

import http.client
import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Barrier

from applications.models import Application
from calls.models import Call
from portal.accounts.models import User
from tests.applications.files import make_ready, make_town
from tests.harness.server import Answer, Visitor, session_of


@dataclass
class Commune:
    """A complete file, the session of its mayor, and the one form that the mayor was shown."""

    application: Application
    mayor: User
    session: str
    key: str = field(default_factory=lambda: str(uuid.uuid4()))

    @property
    def form(self) -> dict[str, str]:
        return {"key": self.key, "confirm": "on", "undertaking_U1": "on"}

    @property
    def path(self) -> str:
        return f"/candidatures/{self.application.uuid}/"

    def deposit(self, port: int, *, through: int = 0) -> Answer:
        return Visitor(port, self.session, through=through).post(f"{self.path}deposer/", self.form)

    def is_told(self, answer: Answer) -> bool:
        """The browser is sent to the receipt."""
        return (answer.status, answer.location) == (302, f"{self.path}recepisse/")


def make_communes(call: Call, count: int, *, first: int = 40_000) -> list[Commune]:
    found = []
    for n in range(first, first + count):
        application, _, mayor = make_ready(call, make_town((f"{n}", f"{n:09d}", f"Commune {n}", 0, 100)))
        found.append(Commune(application, mayor, session_of(mayor)))
    return found


def all_at_once(acts: Sequence[Callable[[], Answer]]) -> list[Answer | Exception]:
    """Every act begun at the same moment, each on its own line."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], Answer]) -> Answer | Exception:
        barrier.wait()
        try:
            return act()
        except (OSError, http.client.HTTPException) as error:
            return error

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))
