"""Notices before an account that nobody uses is closed."""

from collections.abc import Iterator
from datetime import datetime

from portal.core.due import DueFact
from portal.core.typography import format_date, typeset

from .queries_idle import RULE, Idle, idle_accounts


def due_facts(at: datetime) -> Iterator[DueFact]:
    """Two per account near its term; two queries, whatever their number."""
    for idle in idle_accounts(at):
        yield from (fact_of(idle, due_at) for due_at in idle.instants)


def fact_of(idle: Idle, due_at: datetime) -> DueFact:
    closes_on = format_date(idle.closes_on, weekday=True)
    return DueFact(
        rule=RULE,
        object_key=idle.object_key,
        call_key="",
        recipient=idle.user.email,
        due_at=due_at,
        subject=typeset(f"Votre compte sera fermé le {format_date(idle.closes_on)}"),
        body=typeset(
            f"Votre compte n’a pas servi depuis le {format_date(idle.seen_on)}. Il sera fermé le {closes_on} : votre "
            "nom et votre adresse seront effacés. Les candidatures et les actes restent à votre organisme. Pour garder "
            "votre compte, il suffit d’entrer une fois d’ici là."
        ),
        action_url="/mes-actions/",
    )
