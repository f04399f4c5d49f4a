"""What the acts of the whole chain share: the people, the call, the clock."""

from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime

from applications.models import Application
from calls.models import Call
from portal.core.clock import at_instant
from tests.factories import paris

from .walker import Person

SLUG = "territoire-promoteur-de-sante-2027"
ETRETAT, TURRETOT, TILLEUL, BENOUVILLE = "76254", "76716", "76693", "76079"


@dataclass
class Story:
    """The people by their place in the story, each with a mailbox and a browser."""

    people: dict[str, Person] = field(default_factory=dict)

    def person(self, name: str) -> Person:
        """The person of this name, met for the first time or not."""
        return self.people.setdefault(name, Person(f"{name}@exemple.fr"))

    @property
    def call(self) -> Call:
        return Call.objects.get(slug=SLUG)

    def file_of(self, insee: str) -> Application:
        return Application.objects.get(call=self.call, lead__commune__insee=insee)


def on(
    year: int, month: int, day: int, hour: int = 10, minute: int = 0, second: int = 0
) -> AbstractContextManager[None]:
    """The clock of the portal is set at this instant of Paris, and runs."""
    return at_instant(instant(year, month, day, hour, minute, second))


def instant(year: int, month: int, day: int, hour: int, minute: int, second: int) -> datetime:
    return paris(year, month, day, hour, minute, second)
