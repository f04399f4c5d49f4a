"""What the screens of the jury share: the look of the call's owner, names of files, a file as the jury reads it."""

from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from applications.models import Application, Deposit
from applications.queries.conditions import conditions_of
from applications.queries.files import answers_for_reading, latest_deposit, pieces_for_reading
from applications.services.examination import record_reading
from applications.views.staff_table import verdict_rows
from calls.models import Call
from portal.core.typography import format_number, format_quantity
from portal.territories.queries import latest_population

from ..documents.tables import applicants as names_of
from ..models import AgendaItem
from ..scoring import trimmed

__all__ = ["format_total", "item_act", "names_of", "note_the_reading", "place_line", "posted", "reading_of", "wear"]
READ = "candidature lue par le jury"


def wear(request: HttpRequest, call: Call) -> None:
    """The page takes the look of the call's owner."""
    request.institution = getattr(call.owner, "profile", None)  # type: ignore[attr-defined]


def posted(request: HttpRequest) -> Any:
    """What a form is bound to: an empty POST is a POST all the same."""
    return request.POST if request.method == "POST" else None


def reading_of(application: Application) -> dict[str, Any]:
    """The deposited answers and pieces, as the jury may see them."""
    deposit = latest_deposit(application)
    if deposit is None:
        return {"sections": [], "pieces": [], "deposit": None, "conditions": []}
    return {
        "deposit": deposit,
        "sections": answers_for_reading(deposit, for_jury=True),
        "pieces": pieces_for_reading(deposit, for_jury=True),
        "conditions": to_be_read(deposit),
    }


def to_be_read(deposit: Deposit) -> list[dict[str, Any]]:
    """The rules that the jury reads: those not plainly kept, and those that a person settled or that were explained."""
    conditions = conditions_of(deposit)
    told = [one for one in conditions if one.verdict.outcome != "pass" or one.by_a_person or one.justification]
    rows = verdict_rows(one.verdict for one in told)
    return [
        {"row": row, "condition": one, "checks": False, "answers": False} for row, one in zip(rows, told, strict=True)
    ]


def item_act(
    request: HttpRequest,
    item: AgendaItem,
    form: Any,
    *,
    title: str,
    lead: str,
    verb: str,
    back: str = "",
    undo: str = "",
) -> HttpResponse:
    """One form about one file. `undo`: the label of what may be taken back; `back`: elsewhere than the session."""
    name = names_of([item.application])[item.application_id]
    words = {"title": title, "lead": lead, "verb": verb, "back": back, "undo": undo}
    context = {"session": item.session, "call": item.session.call, "item": item, "name": name, "form": form, **words}
    return render(request, "juries/item_act.html", context)


def note_the_reading(request: HttpRequest, application: Application, at: Any) -> None:
    record_reading(user=request.user, what=READ, object_key=f"application:{application.uuid}", at=at)


def place_line(application: Application) -> str:
    """« 1 102 habitants · TPS-2026-0007 »."""
    commune = application.lead.commune
    figure = latest_population(commune) if commune else None
    people = f"{format_quantity(figure.value, 'habitant')} · " if figure else ""
    return f"{people}{application.number}"


def format_total(total: Decimal) -> str:
    """« 55 », « 67,38 »."""
    return trimmed(total) if total == total.to_integral_value() else format_number(total, decimals=2)
