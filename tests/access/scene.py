"""What a right request is made of, and the registry of those of docs/droits.md."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse

from portal.accounts.models import User
from portal.core.calendar import day_of
from portal.core.clock import portal_now
from tests.access.world import Stage, Tenant, World


@dataclass
class Ask:
    """Keywords of the address, body, and whether an act done shows in the database (the session alone does not)."""

    kwargs: dict[str, Any] = field(default_factory=dict)
    data: dict[str, Any] = field(default_factory=dict)
    writes: bool = True


@dataclass(frozen=True)
class Scene:
    """Who asks (None: nobody signed in), in which role, about which call of which tenant."""

    world: World
    tenant: Tenant
    stage: Stage
    role: str
    user: User | None
    method: str

    @property
    def call(self) -> dict[str, Any]:
        return {"slug": self.stage.call.slug}

    @property
    def file(self) -> dict[str, Any]:
        return {"uuid": self.stage.file.uuid}

    @property
    def session(self) -> dict[str, Any]:
        return {"uuid": self.stage.session.uuid}

    @property
    def today(self) -> str:
        return day_of(portal_now()).isoformat()

    def before(self, *moments: str) -> bool:
        return self.stage.moment in moments

    @property
    def holder(self) -> Any:
        """The seat of the person who asks, if they hold one in this jury."""
        return self.stage.holders.get(self.role) if self.user == self.tenant.people.get(self.role) else None


ASKS: dict[str, Callable[[Scene], Ask]] = {}


def ask(*keys: str) -> Callable[[Callable[[Scene], Ask]], Callable[[Scene], Ask]]:
    def register(function: Callable[[Scene], Ask]) -> Callable[[Scene], Ask]:
        ASKS.update(dict.fromkeys(keys, function))
        return function

    return register


def address(scene: Scene, name: str, asked: Ask) -> str:
    return reverse(name, kwargs=asked.kwargs)
