"""Sharing out the files of a call: by hand, in equal parts, by territory."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from calls.models import Call
from portal.accounts.models import User
from portal.core.rules import Refused

from ..models import Application, Assignment
from ..queries.assignment import unassigned, workload
from ..sharing import by_territory, evenly

HOW = Assignment.How


@transaction.atomic
def assign(*, application: Application, officer: User | None, by: User, at: datetime) -> bool:
    """Give a file to an officer of its call, or to nobody; False when nothing changes. Raises `Refused`."""
    current = Application.objects.select_for_update(of=("self",)).select_related("call", "lead").get(pk=application.pk)
    if officer is not None:
        held = next((row for row in workload(current.call, at) if row.officer == officer), None)
        if held is None:
            raise Refused("Cette personne n’instruit pas cet appel : donnez-lui d’abord le rôle.")
        if held.scope and current.lead.commune_id not in held.scope:
            raise Refused("Le territoire confié à cette personne ne comprend pas cette commune.")
    if current.officer_id == (officer.pk if officer else None):
        return False
    write([(current, officer)], HOW.HAND, by, at)
    application.officer = officer
    return True


@transaction.atomic
def share_out(*, call: Call, how: str, by: User, at: datetime) -> list[tuple[Application, User]]:
    """Give the files that nobody examines, `evenly` or by `territory`; returns what was given. Raises `Refused`."""
    Call.objects.select_for_update(no_key=True).get(pk=call.pk)
    files = list(unassigned(call).select_for_update(of=("self",)))
    if not files:
        raise Refused("Toutes les candidatures qui attendent ont déjà une personne chargée de les instruire.")
    rows = workload(call, at)
    load = {row.officer: row.total for row in rows}
    if how == HOW.TERRITORY:
        scopes = {row.officer: row.scope for row in rows if row.scope}
        shared = by_territory([(file, file.lead.commune_id or "") for file in files], scopes, load)
        if not shared:
            raise Refused("Aucun territoire confié à l’équipe ne comprend ces communes : répartissez en parts égales.")
    else:
        shared = evenly(files, {row.officer: row.total for row in rows if not row.scope})
        if not shared:
            raise Refused("Personne n’instruit tout l’appel : donnez d’abord ce rôle, ou répartissez à la main.")
    write(shared, how, by, at)
    return shared


def write(pairs: Iterable[tuple[Application, User | None]], how: str, by: User, at: datetime) -> None:
    """The files and the log of their changes of hands."""
    every = list(pairs)
    for file, officer in every:
        file.officer = officer
    Application.objects.bulk_update([file for file, _officer in every], ["officer"])
    Assignment.objects.bulk_create(
        Assignment(application=file, officer=officer, how=how, by=by, at=at) for file, officer in every
    )
