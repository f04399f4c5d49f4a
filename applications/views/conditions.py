"""The eligibility rules of a file, for those who write it: what each says, explanations, derogations."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from calls.eligibility import Verdict
from portal.core.clock import portal_now
from portal.core.rules import require

from ..content.progress import FileProgress
from ..forms.conditions import DerogationForm, ExplanationForm
from ..models import Application
from ..queries.conditions import conditions_of, ruled, texts_of, verdicts_of
from ..queries.files import facts_of_file, latest_deposit, progress_of
from ..rules.conditions import can_ask_derogation
from ..rules.files import can_edit
from ..services.conditions import ask_derogation, explain
from .shared import own_application, writing_context
from .staff_table import verdict_rows


def verdicts_now(request: HttpRequest, file: Application, progress: FileProgress, at: datetime) -> list[Verdict]:
    """What the rules say of the draft as it stands, other files named for whom may see them; of what no longer changes,
    what its deposit froze.
    """
    deposit = None if can_edit(request.user, file, at) else latest_deposit(file)
    if deposit is not None:
        return [condition.verdict for condition in conditions_of(deposit)]
    facts = facts_of_file(file, progress.values)
    return ruled(file, verdicts_of(file, facts, at, request.user))


@require_http_methods(["GET", "HEAD", "POST"])
def conditions(request: HttpRequest, uuid: Any) -> HttpResponse:
    """Every rule with its verdict; POST keeps the explanations."""
    application, at = own_application(request, uuid), portal_now()
    progress = progress_of(application, at)
    verdicts = verdicts_now(request, application, progress, at)
    form = ExplanationForm(verdicts, texts_of(application), request.POST or None)
    if request.method == "POST":
        require(can_edit(request.user, application, at))
        if form.is_valid():
            explain(application=application, texts=form.texts, by=request.user, at=at)
            messages.success(request, "Vos explications sont enregistrées.")
            return redirect("application_conditions", application.uuid)
    context = {
        **writing_context(request, application, progress, at, "conditions"),
        "verdicts": [
            {"row": row, "verdict": verdict, "may_ask": can_ask_derogation(request.user, application, verdict, at)}
            for verdict, row in zip(verdicts, verdict_rows(verdicts), strict=True)
        ],
        "form": form,
        "can_write": can_edit(request.user, application, at),
    }
    return render(request, "applications/conditions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def derogation(request: HttpRequest, uuid: Any, code: str) -> HttpResponse:
    """Ask to derogate from one rule."""
    application, at = own_application(request, uuid), portal_now()
    progress = progress_of(application, at)
    found = [v for v in verdicts_now(request, application, progress, at) if v.code == code]
    if not found:
        raise Http404
    require(can_ask_derogation(request.user, application, found[0], at))
    form = DerogationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        ask_derogation(application=application, code=code, reason=reason, by=request.user, at=at)
        messages.success(request, "La dérogation est demandée. Vous pouvez déposer : le service y répondra.")
        return redirect("application_conditions", application.uuid)
    context = {**writing_context(request, application, progress, at, "conditions"), "verdict": found[0], "form": form}
    return render(request, "applications/derogation.html", context)
