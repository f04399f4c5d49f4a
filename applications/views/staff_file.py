"""Staff: a deposited file, read as it was received, and the verdict on its admissibility."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from applications import states
from applications.forms.examination import ReversalForm, VerdictForm
from applications.models import Application
from applications.queries import answers_for_reading, latest_deposit, pieces_for_reading, staffed_applications
from applications.queries_staff import files_to_examine, line_in_force, members_of
from applications.rules_staff import can_decide, can_reverse, can_settle_admissibility
from applications.services.examination import admit, record_reading, reject, reverse
from applications.views import staff_table as shown
from applications.views.staff_letters import OUTCOMES
from calls.queries import roles_of, stage_of
from portal.core import ui
from portal.core.clock import portal_now
from portal.core.rules import require

READ = "candidature lue"
HISTORY = {
    "submit": "Candidature déposée",
    "withdraw": "Candidature retirée",
    "admit": "Déclarée recevable",
    "reject": "Déclarée non recevable",
    "reverse": "Recevabilité remise à l’examen",
    "decide": "Décision enregistrée",
}
STATES: dict[str, ui.Badge] = {
    states.SUBMITTED: ui.Badge(label="À examiner", tone="info", icon="search"),
    states.ADMISSIBLE: ui.BADGES["admissible"],
    states.INADMISSIBLE: ui.BADGES["not_admissible"],
    states.DECIDED: ui.Badge(label="Décision enregistrée", tone="quiet", icon="check-lg"),
    states.WITHDRAWN: ui.BADGES["withdrawn"],
}


def staff_file(request: HttpRequest, uuid: str) -> Application:
    """The file of the address: 404 for whoever may not read it."""
    application = get_object_or_404(staffed_applications(request.user), uuid=uuid)
    request.institution = getattr(application.call.owner, "profile", None)
    return application


@require_safe
def application(request: HttpRequest, uuid: str) -> HttpResponse:
    """The deposited version, its verdicts, its history; the reading goes to the access journal."""
    at = portal_now()
    file = staff_file(request, uuid)
    record_reading(user=request.user, what=READ, object_key=f"application:{file.uuid}", at=at)
    return show(request, file, at)


def show(request: HttpRequest, file: Application, at: datetime, form: Form | None = None) -> HttpResponse:
    """The page, with the form as it was typed when it was refused."""
    call, deposit = file.call, latest_deposit(file)
    roles = roles_of(request.user, call, at)
    verdicts = list(deposit.verdicts.all()) if deposit else []
    context: dict[str, Any] = {
        "application": file,
        "call": call,
        "deposit": deposit,
        "members": list(members_of(file)),
        "sections": answers_for_reading(deposit, for_jury=False) if deposit else [],
        "pieces": pieces_for_reading(deposit, for_jury=False) if deposit else [],
        "verdicts": shown.verdict_rows(verdicts),
        "state": STATES[file.state],
        "stages": ui.chain(stage_of(call, at), omit=() if hasattr(call, "jury_rules") else ("jury",)),
        "history": history_of(file),
        "technical_url": shown.link("technical_assessment", file.uuid),
        "line": line_in_force(file),
        "still_open": bool(call.windows.filter(closes_at__gte=at).exists()),
        "decides": bool(can_decide(roles)),
        "verdict_form": None,
        "reversal_form": None,
    }
    if can_settle_admissibility(roles, file):
        context["verdict_form"] = form or VerdictForm(application=file, verdicts=verdicts)
    elif can_reverse(roles, file):
        context["reversal_form"] = form or ReversalForm()
    context["outcome"] = OUTCOMES[context["line"].outcome] if context["line"] else None
    return render(request, "applications/staff/application.html", context)


def history_of(file: Application) -> list[dict[str, Any]]:
    """Every act on the file, the latest first."""
    rows = file.transitions.select_related("by").order_by("-happened_at", "-pk")
    return [{"title": HISTORY[row.transition], "row": row} for row in rows]


@require_POST
def verdict(request: HttpRequest, uuid: str) -> HttpResponse:
    """Declare the file admissible, or not with its reason."""
    at = portal_now()
    file = staff_file(request, uuid)
    require(can_settle_admissibility(roles_of(request.user, file.call, at), file))
    deposit = latest_deposit(file)
    form = VerdictForm(request.POST, application=file, verdicts=deposit.verdicts.all() if deposit else [])
    if not form.is_valid():
        return show(request, file, at, form)
    values = form.cleaned_data
    if values["verdict"] == "admit":
        admit(application=file, by=request.user, at=at, reason=values["text"])
        messages.success(request, f"Candidature {file.number} déclarée recevable.")
    else:
        reject(application=file, code=values.get("code"), text=values["text"], by=request.user, at=at)
        messages.success(request, f"Candidature {file.number} déclarée non recevable.")
    following = files_to_examine(file.call).first()
    if following and "suivante" in request.POST:
        return redirect("staff_application", uuid=following.uuid)
    return redirect("staff_application", uuid=file.uuid)


@require_POST
def reversal(request: HttpRequest, uuid: str) -> HttpResponse:
    """Put the verdict back to examination."""
    at = portal_now()
    file = staff_file(request, uuid)
    require(can_reverse(roles_of(request.user, file.call, at), file))
    form = ReversalForm(request.POST)
    if not form.is_valid():
        return show(request, file, at, form)
    reverse(application=file, reason=form.cleaned_data["reason"], by=request.user, at=at)
    messages.success(request, f"La recevabilité de la candidature {file.number} est de nouveau à l’examen.")
    return redirect("staff_application", uuid=file.uuid)
