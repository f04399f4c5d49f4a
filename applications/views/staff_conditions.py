"""Staff: settle one rule of a deposited file, with a reason: a derogation, or what a person alone can tell."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from portal.core.clock import portal_now
from portal.core.rules import require

from ..forms.conditions import RulingForm
from ..models import Application
from ..queries.conditions import Condition, conditions_of
from ..queries.files import latest_deposit
from ..rules.conditions import can_answer_derogation, can_check
from ..services.conditions import answer_derogation, check
from .staff_file import roles_on, staff_file


def staff_condition(request: HttpRequest, uuid: str, code: str) -> tuple[Application, Condition]:
    """The file and the rule of the address: 404 for whoever may not read it."""
    file = staff_file(request, uuid)
    deposit = latest_deposit(file)
    found = [condition for condition in conditions_of(deposit) if condition.code == code] if deposit else []
    if not found:
        raise Http404
    return file, found[0]


@require_http_methods(["GET", "HEAD", "POST"])
def staff_check(request: HttpRequest, uuid: str, code: str) -> HttpResponse:
    """Is the rule kept? The officer's yes or no, and why."""
    at = portal_now()
    file, condition = staff_condition(request, uuid, code)
    roles = roles_on(request, file, at)
    require(can_check(roles, file, condition.rule))
    form = RulingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        met, reason = form.cleaned_data["act"] == "oui", form.cleaned_data["reason"]
        check(application=file, code=code, met=met, reason=reason, by=request.user, roles=roles, at=at)
        messages.success(request, "La condition est tranchée. Le jury et la commune en lisent le motif.")
        return redirect("staff_application", uuid=file.uuid)
    return show(request, file, condition, form, [("oui", "Respectée"), ("non", "Non respectée")], "Vérifier")


@require_http_methods(["GET", "HEAD", "POST"])
def staff_derogation(request: HttpRequest, uuid: str, code: str) -> HttpResponse:
    """Grant a derogation or refuse it, by name and with a reason."""
    at = portal_now()
    file, condition = staff_condition(request, uuid, code)
    roles = roles_on(request, file, at)
    require(can_answer_derogation(roles, file, condition.verdict))
    form = RulingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        granted, reason = form.cleaned_data["act"] == "accorder", form.cleaned_data["reason"]
        told = {"application": file, "code": code, "granted": granted, "reason": reason}
        answer_derogation(**told, by=request.user, roles=roles, at=at)
        messages.success(request, "La réponse est enregistrée, avec votre nom et votre motif.")
        return redirect("staff_application", uuid=file.uuid)
    acts = [("accorder", "Accorder la dérogation"), ("refuser", "Refuser la dérogation")]
    return show(request, file, condition, form, acts, "Répondre à la demande de dérogation")


def show(
    request: HttpRequest,
    file: Application,
    condition: Condition,
    form: RulingForm,
    acts: list[tuple[str, str]],
    title: str,
) -> HttpResponse:
    context = {"application": file, "call": file.call, "condition": condition, "form": form, "acts": acts}
    return render(request, "applications/staff/condition.html", {**context, "title": title})
