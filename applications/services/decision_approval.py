"""A decision is recorded by two persons: one writes it out, another one confirms it from a mail."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from calls.models import Call
from portal.accounts.models import User
from portal.core import approvals
from portal.core.mailing import Sender
from portal.core.models import Approval
from portal.core.rules import Refused
from portal.core.typography import format_amount, format_date, format_quantity, typeset

from ..models import Application, Decision, DecisionLine
from ..rankings import Place, places_of
from .decision import Line, act_faults, in_rankings, line_faults, record_decision

ACT = "applications.decision"
_COUNTED = {
    "selected": ("retenue", "retenues"),
    "reserve": ("en liste complémentaire", "en liste complémentaire"),
    "not_selected": ("non retenue", "non retenues"),
    "inadmissible": ("non recevable", "non recevables"),
}


def summary(lines: Sequence[Line]) -> str:
    """« 4 retenues, 3 en liste complémentaire, 2 non retenues »."""
    count = Counter(line.outcome for line in lines)
    return ", ".join(format_quantity(count[code], *words) for code, words in _COUNTED.items() if count[code])


def awaited_confirmation(call: Call) -> Approval | None:
    """The decision of this call that awaits its second person."""
    found = Approval.objects.filter(act=ACT, object_key=f"call:{call.slug}", state=Approval.State.ASKED)
    return found.select_related("approver", "asked_by").first()


@transaction.atomic
def ask_decision(
    *,
    call: Call,
    body: str,
    act_kind: str,
    act_number: str,
    act_on: date,
    lines: Sequence[Line],
    asked_by: User,
    approver: User,
    reason: str,
    at: datetime,
    sender: Sender | None = None,
    told_on: date | None = None,
) -> Approval:
    """Ask another person to confirm the decision, as it is written now. Raises `Refused` with all that is wrong."""
    faults = [*act_faults(call, act_number, act_on, at, told_on), *line_faults(call, lines)]
    if faults:
        raise Refused(" ".join(faults))
    places = places_of(call)
    title = f"Enregistrer la décision « {act_kind} n° {act_number} du {format_date(act_on)} » : {summary(lines)}"
    return approvals.ask(
        act=ACT,
        object_key=f"call:{call.slug}",
        title=title,
        arguments={
            "call": call.slug,
            "body": body,
            "act_kind": act_kind,
            "act_number": act_number,
            "act_on": act_on.isoformat(),
            "told_on": told_on.isoformat() if told_on else "",
            "lines": [frozen(line) for line in lines],
            "details": [*told_words(told_on), *(in_words(line, places) for line in in_rankings(call, lines))],
        },
        asked_by=asked_by,
        approver=approver,
        reason=reason,
        at=at,
        sender=sender,
    )


def told_words(told_on: date | None) -> list[str]:
    """Said first to whoever confirms: nothing will leave."""
    said = f"Déjà notifiée hors du portail le {format_date(told_on)} : aucune lettre n’en partira." if told_on else ""
    return [typeset(said)] if said else []


def in_words(line: Line, places: Mapping[str, Place]) -> str:
    """« Commune d’Étretat (TPS-2027-0001) : retenue, rang 1. Des bénéfices nets pour les aînés. »"""
    outcome = DecisionLine.Outcome(line.outcome).label
    label = places[line.ranking].label if line.ranking in places else ""
    rank = f", rang {line.rank}" if line.rank else ""
    rank += f" ({label})" if label else ""
    amount = f", {format_amount(line.amount)}" if line.amount is not None else ""
    said = f"{line.application.lead.name} ({line.application.number}) : {outcome}{rank}{amount}."
    return f"{said} {' '.join(line.reason.split())}"


def frozen(line: Line) -> dict[str, Any]:
    """A line as plain data: what the second person confirms, to the letter."""
    return {
        "application": str(line.application.uuid),
        "outcome": line.outcome,
        "rank": line.rank,
        "score": str(line.score) if line.score is not None else None,
        "reason": line.reason,
        "amount": str(line.amount) if line.amount is not None else None,
    }


def thawed(call: Call, rows: Sequence[dict[str, Any]]) -> list[Line]:
    """The lines of a confirmed request."""
    files = {str(file.uuid): file for file in Application.objects.filter(call=call).select_related("lead")}
    return [
        Line(
            application=files[row["application"]],
            outcome=row["outcome"],
            reason=row["reason"],
            rank=row["rank"],
            score=Decimal(row["score"]) if row["score"] is not None else None,
            amount=Decimal(row["amount"]) if row.get("amount") is not None else None,
        )
        for row in rows
    ]


def run(approval: Approval, at: datetime) -> Decision:
    """What happens when the second person confirms: the decision is recorded in the name of who wrote it out."""
    values = approval.arguments
    call = Call.objects.get(slug=values["call"])
    return record_decision(
        call=call,
        body=values["body"],
        act_kind=values["act_kind"],
        act_number=values["act_number"],
        act_on=date.fromisoformat(values["act_on"]),
        told_on=date.fromisoformat(values["told_on"]) if values.get("told_on") else None,
        lines=thawed(call, values["lines"]),
        by=approval.asked_by,
        at=at,
    )
