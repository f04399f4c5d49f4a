"""What a manager asks a second person of a call that lives: put a limit back, resume, close without action."""

from datetime import datetime
from typing import Any

from portal.accounts.models import User
from portal.core import approvals
from portal.core.models import Approval
from portal.core.rules import Refused
from portal.core.typography import format_instant, typeset

from .. import states
from ..emails import object_key
from ..holders import holders_of
from ..models import Call
from ..queries import sender_of
from .life import CANCEL_ACT, EXTEND_ACT, RESUME_ACT


def ask_extension(
    *, call: Call, limits: dict[str, datetime], reason: str, approver: User, asked_by: User, at: datetime
) -> Approval:
    """Nothing changes before the answer. Raises `Refused`."""
    if not limits:
        raise Refused("Indiquez la nouvelle limite d’une période au moins.")
    return ask(
        EXTEND_ACT, f"Prolonger l’appel « {call} »", call, limits, reason=reason, approver=approver, by=asked_by, at=at
    )


def ask_resumption(
    *, call: Call, limits: dict[str, datetime], reason: str, approver: User, asked_by: User, at: datetime
) -> Approval:
    """Receive deposits again, with or without a limit put back."""
    title = f"Reprendre l’appel « {call} »"
    return ask(RESUME_ACT, title, call, limits, reason=reason, approver=approver, by=asked_by, at=at)


def ask_cancellation(*, call: Call, reason: str, approver: User, asked_by: User, at: datetime) -> Approval:
    title = f"Classer sans suite l’appel « {call} »"
    return ask(CANCEL_ACT, title, call, {}, reason=reason, approver=approver, by=asked_by, at=at)


def ask(
    act: str,
    title: str,
    call: Call,
    limits: dict[str, datetime],
    *,
    reason: str,
    approver: User,
    by: User,
    at: datetime,
) -> Approval:
    return approvals.ask(
        act=act,
        object_key=object_key(call),
        title=typeset(title),
        arguments={
            "slug": call.slug,
            "limits": {code: limit.isoformat() for code, limit in limits.items()},
            "details": details(call, limits),
        },
        asked_by=by,
        approver=approver,
        reason=reason,
        at=at,
        sender=sender_of(call),
    )


def details(call: Call, limits: dict[str, datetime]) -> list[str]:
    """What the second person reads: each limit before and after, and how many people will be told."""
    windows = {window.code: window for window in call.windows.all()}
    lines = [
        typeset(
            f"{f'{code} : ' if len(windows) > 1 else ''}clôture le {format_instant(limit, seconds=True)}, heure de "
            f"Paris, au lieu du {format_instant(windows[code].closes_at, seconds=True)}."
        )
        for code, limit in limits.items()
    ]
    people: Any = {holder.email for holder in holders_of(call)}
    told = (
        f"{len(people)} personnes qui suivent une candidature seront prévenues."
        if len(people) > 1
        else (
            "La personne qui suit une candidature sera prévenue." if people else "Personne n’a encore de candidature."
        )
    )
    if call.state == states.SUSPENDED and not limits:
        lines.append("La clôture ne change pas.")
    return [*lines, told]
