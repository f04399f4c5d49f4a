"""Staff: a deposited file, read as it was received, and the verdict on its admissibility."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from applications import states
from applications.forms.examination import AdmitForm, DismissForm, RejectForm, ReversalForm
from applications.models import Application, Deposit
from applications.queries.admissibility import Point, pending_reservations, points_of
from applications.queries.conditions import Condition, conditions_of
from applications.queries.files import answers_for_reading, latest_deposit, pieces_for_reading, staffed_applications
from applications.queries.mandates import help_received
from applications.queries.staff import files_to_examine, line_in_force
from applications.rankings import has_grid
from applications.rules.conditions import acts_on
from applications.rules.staff import (
    can_answer_intent,
    can_decide,
    can_keep_intent,
    can_reverse,
    can_settle_admissibility,
    is_whole_file,
)
from applications.services.examination import admit, record_reading, reject, reverse
from applications.views import staff_table as shown
from applications.views.staff_letters import outcome_badge
from applications.views.staff_panels import (
    admissibility_panel,
    assignment_panel,
    completion_panel,
    opinion_panel,
    talk_panel,
)
from calls.eligibility import Verdict
from calls.queries import held_in, stage_of
from portal.core import ui
from portal.core.clock import portal_now
from portal.core.downloads import document_response
from portal.core.rules import require

READ = "candidature lue"
RECEIPT_READ = "récépissé lu"
HISTORY = {
    "abandon": "Brouillon supprimé",
    "restore": "Brouillon récupéré",
    "submit": "Candidature déposée",
    "withdraw": "Candidature retirée",
    "admit": "Déclarée recevable",
    "reject": "Déclarée non recevable",
    "reverse": "Recevabilité remise à l’examen",
    "decide": "Décision enregistrée",
    "keep": "Lettre d’intention retenue",
    "dismiss": "Lettre d’intention non retenue",
    "complete": "Compléments transmis",
    "complete_admitted": "Compléments transmis",
    "undecide": "Décision notifiée remise à l’examen",
}
STATES: dict[str, ui.Badge] = {
    states.SUBMITTED: ui.Badge(label="À examiner", tone="info", icon="search"),
    states.ADMISSIBLE: ui.BADGES["admissible"],
    states.INADMISSIBLE: ui.BADGES["not_admissible"],
    states.DECIDED: ui.Badge(label="Décision enregistrée", tone="quiet", icon="check-lg"),
    states.WITHDRAWN: ui.BADGES["withdrawn"],
    states.KEPT: ui.Badge(label="Lettre d’intention retenue", tone="ok", icon="check-lg"),
    states.NOT_KEPT: ui.Badge(label="Lettre d’intention non retenue", tone="quiet", icon="x-circle"),
}


def staff_file(request: HttpRequest, uuid: str) -> Application:
    """The file of the address: 404 for whoever may not read it."""
    application = get_object_or_404(staffed_applications(request.user), uuid=uuid)
    request.institution = getattr(application.call.owner, "profile", None)
    return application


def roles_on(request: HttpRequest, file: Application, at: datetime) -> frozenset[str]:
    """The roles of this person that cover the commune of the file."""
    return held_in(request.user, file.call, at).over(file.lead.commune_id)


@require_safe
def application(request: HttpRequest, uuid: str) -> HttpResponse:
    """The deposited version, its verdicts, its history; the reading goes to the access journal."""
    at = portal_now()
    file = staff_file(request, uuid)
    record_reading(user=request.user, what=READ, object_key=f"application:{file.uuid}", at=at)
    return show(request, file, at)


def show(request: HttpRequest, file: Application, at: datetime, *typed: Form) -> HttpResponse:
    """The page, with the form as it was typed when it was refused."""
    call, deposit = file.call, latest_deposit(file)
    held, line = held_in(request.user, call, at), line_in_force(file)
    roles = held.over(file.lead.commune_id)
    conditions = conditions_of(deposit) if deposit else []
    verdicts = [condition.verdict for condition in conditions]
    points = points_of(file, deposit.n if deposit else 0)
    context: dict[str, Any] = {
        "application": file,
        "call": call,
        "deposit": deposit,
        "earlier": file.deposits.exclude(pk=deposit.pk).order_by("-n") if deposit else [],
        "sections": answers_for_reading(deposit, for_jury=False) if deposit else [],
        "pieces": pieces_for_reading(deposit, for_jury=False) if deposit else [],
        "conditions": condition_rows(file, roles, conditions),
        "state": state_badge(file),
        "stages": ui.chain(stage_of(call, at), omit=() if hasattr(call, "jury_rules") else ("jury",)),
        "history": history_of(file),
        "help": help_received(file),
        "technical_url": (
            shown.link("technical_assessment", file.uuid) if is_whole_file(file) and has_grid(call) else ""
        ),
        "outcome": outcome_badge(file.call, line.outcome) if line and file.state == states.DECIDED else None,
        "still_open": call.windows.filter(closes_at__gte=at).exists(),
        "manages": bool(can_decide(roles)),
        "decides": bool(can_decide(held.over())),
        "place": place_told(deposit) if deposit else [],
        "keeps_intent": can_keep_intent(roles, file),
        "following": files_to_examine(held, call).exclude(pk=file.pk).first(),
        "completion": completion_panel(file, roles, at),
        "opinions": opinion_panel(file, roles, at),
        "talk": talk_panel(file, roles),
        "assignment": assignment_panel(file, roles, at),
        "admissibility": admissibility_panel(file, roles, points, at),
        **possible_forms(file, roles, verdicts, points, typed),
    }
    return render(request, "applications/staff/application.html", context)


def state_badge(file: Application) -> ui.Badge:
    """Its state in words; admissible « sous réserve » while one is pending."""
    if file.state == states.ADMISSIBLE and pending_reservations(file).exists():
        return ui.Badge(label="Recevable sous réserve", tone="warn", icon="exclamation-triangle")
    return STATES[file.state]


def condition_rows(file: Application, roles: frozenset[str], conditions: list[Condition]) -> list[dict[str, Any]]:
    """The rules as rows, with what these roles may do of each now."""
    rows = shown.verdict_rows(condition.verdict for condition in conditions)
    acts = [acts_on(roles, file, condition) for condition in conditions]
    return [
        {"row": row, "condition": condition, "checks": checks, "answers": answers}
        for row, condition, (checks, answers) in zip(rows, conditions, acts, strict=True)
    ]


def place_told(deposit: Deposit) -> list[dict[str, str]]:
    """Stage, track, stratum and wave, as the receipt says them; receipts made before say nothing of it."""
    return deposit.receipt.snapshot.get("application", {}).get("place", [])


@require_safe
def receipt(request: HttpRequest, uuid: str, n: int) -> HttpResponse:
    """The frozen bytes of the receipt of one version; the reading goes to the access journal."""
    file = staff_file(request, uuid)
    deposit = get_object_or_404(file.deposits.select_related("receipt__file"), n=n)
    response = document_response(deposit.receipt)
    record_reading(user=request.user, what=RECEIPT_READ, object_key=f"application:{file.uuid}", at=portal_now())
    return response


def possible_forms(
    file: Application,
    roles: frozenset[str],
    verdicts: list[Verdict],
    points: list[Point],
    typed: tuple[Form, ...],
) -> dict[str, Form | None]:
    """What may be done now: give a verdict, or go back on it; a form that was refused stays as it was typed."""
    admit_form = reject_form = reversal_form = dismiss_form = None
    if can_answer_intent(roles, file):
        dismiss_form = DismissForm()
    elif can_settle_admissibility(roles, file):
        admit_form, reject_form = AdmitForm(verdicts=verdicts, points=points), RejectForm(application=file)
    elif can_reverse(roles, file):
        reversal_form = ReversalForm()
    found: dict[str, Form | None] = {
        "admit": admit_form, "reject": reject_form, "reversal": reversal_form, "dismiss": dismiss_form,
    }  # fmt: skip
    names = {AdmitForm: "admit", RejectForm: "reject", ReversalForm: "reversal", DismissForm: "dismiss"}
    for form in typed:
        found[names[type(form)]] = form
    return {f"{name}_form": form for name, form in found.items()}


def history_of(file: Application) -> list[dict[str, Any]]:
    """Every act on the file, the latest first."""
    rows = file.transitions.select_related("by").order_by("-happened_at", "-pk")
    return [{"title": HISTORY[row.transition], "row": row} for row in rows]


@require_POST
def admission(request: HttpRequest, uuid: str) -> HttpResponse:
    """Declare the file admissible."""
    at = portal_now()
    file = staff_file(request, uuid)
    require(can_settle_admissibility(roles_on(request, file, at), file))
    deposit = latest_deposit(file)
    verdicts = [condition.verdict for condition in conditions_of(deposit)] if deposit else []
    form = AdmitForm(request.POST, verdicts=verdicts, points=points_of(file, deposit.n if deposit else 0))
    if not form.is_valid():
        return show(request, file, at, form)
    told = {name: form.cleaned_data[name] for name in ("reservations", "due_on")}
    admit(application=file, by=request.user, at=at, reason=form.cleaned_data.get("text", ""), **told)
    messages.success(request, f"Candidature {file.number} déclarée recevable.")
    return redirect("staff_application", uuid=file.uuid)


@require_POST
def rejection(request: HttpRequest, uuid: str) -> HttpResponse:
    """Declare the file not admissible, with its reason."""
    at = portal_now()
    file = staff_file(request, uuid)
    require(can_settle_admissibility(roles_on(request, file, at), file))
    form = RejectForm(request.POST, application=file)
    if not form.is_valid():
        return show(request, file, at, form)
    values = form.cleaned_data
    reject(application=file, code=values.get("code"), text=values["text"], by=request.user, at=at)
    messages.success(request, f"Candidature {file.number} déclarée non recevable.")
    return redirect("staff_application", uuid=file.uuid)


@require_POST
def reversal(request: HttpRequest, uuid: str) -> HttpResponse:
    """Put the verdict back to examination."""
    at = portal_now()
    file = staff_file(request, uuid)
    require(can_reverse(roles_on(request, file, at), file))
    form = ReversalForm(request.POST)
    if not form.is_valid():
        return show(request, file, at, form)
    reverse(application=file, reason=form.cleaned_data["reason"], by=request.user, at=at)
    messages.success(request, f"La recevabilité de la candidature {file.number} est de nouveau à l’examen.")
    return redirect("staff_application", uuid=file.uuid)
