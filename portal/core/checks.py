"""What forbids to start: a clock that may shift, a database that forgets, a default secret, in production."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, register
from django.db import connections

DURABLE = {"synchronous_commit": {"on", "remote_apply", "remote_write"}, "fsync": {"on"}}


@register(Tags.security, deploy=True)
def clock_never_shifts(app_configs: Any, **kwargs: Any) -> list[Error]:
    """The shifted clock serves tests and the demonstration only."""
    if settings.CLOCK_MAY_SHIFT:
        return [Error("CLOCK_MAY_SHIFT est actif : l’heure des dépôts pourrait être décalée.", id="portal.E001")]
    return []


@register(Tags.security, deploy=True)
def development_pages_are_off(app_configs: Any, **kwargs: Any) -> list[Error]:
    """One click must never open a real account."""
    if settings.DEVELOPMENT_PAGES:
        return [Error("DEVELOPMENT_PAGES est actif : on entrerait sans preuve d’identité.", id="portal.E002")]
    return []


@register(Tags.database)
def receipts_survive_a_crash(app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any) -> list[Error]:
    """A receipt is shown after COMMIT: PostgreSQL must then hold it (production only; tests run without fsync)."""
    if settings.CLOCK_MAY_SHIFT:
        return []
    faults = []
    for alias in databases or []:
        with connections[alias].cursor() as cursor:
            for name, wanted in DURABLE.items():
                cursor.execute("SELECT current_setting(%s)", [name])
                found = cursor.fetchone()[0]
                if found not in wanted:
                    message = (
                        f"PostgreSQL : {name} = {found}. Un dépôt confirmé pourrait être perdu ; réglez-le sur on."
                    )
                    faults.append(Error(message, id="portal.E003"))
    return faults
