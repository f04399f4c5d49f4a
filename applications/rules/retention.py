"""Whether the content of a file may be erased now, and why not."""

from datetime import datetime

from portal.core.calendar import day_of
from portal.core.rules import YES, Answer, first_refusal, no
from portal.core.typography import format_date, typeset

from ..queries.retention import Due


def may_erase(due: Due, at: datetime) -> Answer:
    """Its term has come, both notices left (when somebody may be told), and the archives gave their visa."""
    return first_refusal(
        has_come(due, at),
        noticed(due) if due.reachable else YES,
        YES if due.visa or not due.deposited else no("Le visa des archives n’est pas enregistré pour ce dossier."),
    )


def has_come(due: Due, at: datetime) -> Answer:
    if day_of(at) >= due.due_on:
        return YES
    why = f" : {due.held}" if due.held else ""
    return no(typeset(f"Gardé jusqu’au {format_date(due.due_on)}{why}."))


def noticed(due: Due) -> Answer:
    """Two notices, a month and a fortnight before."""
    if due.notices >= due.notices_due:
        return YES
    return no(
        "Les deux préavis ne sont pas partis. Reportez l’effacement d’au moins 31 jours : ils partiront d’ici là."
    )
