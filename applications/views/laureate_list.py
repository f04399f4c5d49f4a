"""Staff: the list of laureates as it stands, its history, and what changes it."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Page
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from applications.forms.laureates import DepartureForm, LeavingForm, PromotionForm, SettleForm
from applications.models import DecisionLine, MemberDeparture
from applications.queries.laureates import history_of, lines_in_force, members_of_laureates
from applications.rules.staff import READING, can_decide
from applications.services.laureates import promote, record_departure, record_leaving, settle_departure
from applications.views.staff import staffed_call
from applications.views.staff_letters import letter_rows
from calls.models import Call
from calls.queries import roles_over
from portal.accounts.stepup import step_up_required
from portal.core.calendar import day_of
from portal.core.clock import portal_now
from portal.core.paging import page_of, same_page
from portal.core.rules import Refused, no, require

Outcome = DecisionLine.Outcome
LISTED = 50


@require_safe
def laureate_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Selected, waiting, and every change since the first decision."""
    call = staffed_call(request, slug, portal_now())
    roles = roles_over(request.user, call, portal_now())
    if not READING & roles:
        require(no("La liste se lit une fois publique. Adressez-vous à la gestion de l’appel."))
    lines = lines_in_force(call)
    context = {
        "call": call,
        "selected": letters_page(request, lines.filter(outcome=Outcome.SELECTED), "page"),
        "reserve": letters_page(request, lines.filter(outcome=Outcome.RESERVE), "reserve"),
        "history": letters_page(request, history_of(call), "historique"),
        "groups": page_of(request, departures_of(call).filter(settled_at=None), LISTED, "groupes"),
        "settled": page_of(request, departures_of(call).exclude(settled_at=None), LISTED, "departs"),
        "decides": can_decide(roles),
    }
    return render(request, "applications/staff/laureate_list.html", context)


def letters_page(request: HttpRequest, lines: QuerySet[DecisionLine], param: str) -> Page:
    found = page_of(request, lines, LISTED, param)
    return same_page(found, letter_rows(list(found)))


def departures_of(call: Call) -> QuerySet[MemberDeparture]:
    rows = MemberDeparture.objects.filter(application__call=call)
    return rows.select_related("organisation", "application__lead", "settled_by").order_by("-pk")


def deciding_call(request: HttpRequest, slug: str) -> Call:
    call = staffed_call(request, slug, portal_now())
    require(can_decide(roles_over(request.user, call, portal_now())))
    return call


@require_http_methods(["GET", "HEAD", "POST"])
@step_up_required
def laureate_leave(request: HttpRequest, slug: str) -> HttpResponse:
    """A selected or waiting file leaves the list."""
    call = deciding_call(request, slug)
    lines = lines_in_force(call).filter(outcome__in=[Outcome.SELECTED, Outcome.RESERVE])
    form = LeavingForm(request.POST or None, lines=lines, initial={"act_on": day_of(portal_now())})

    def leave(values: dict[str, Any]) -> str:
        line = values.pop("line")
        record_leaving(call=call, application=line.application, by=request.user, at=portal_now(), **values)
        return f"Le départ de {line.application.lead} est enregistré."

    return answered(request, call, form, leave, "act_number", "Constater un départ")


@require_http_methods(["GET", "HEAD", "POST"])
@step_up_required
def laureate_promote(request: HttpRequest, slug: str) -> HttpResponse:
    """The next of the reserve list takes a free place; its letter is then to be prepared."""
    call = deciding_call(request, slug)
    lines = lines_in_force(call).filter(outcome=Outcome.RESERVE)
    form = PromotionForm(request.POST or None, lines=lines, initial={"act_on": day_of(portal_now())})

    def call_next(values: dict[str, Any]) -> str:
        line = values.pop("line")
        promote(call=call, application=line.application, by=request.user, at=portal_now(), **values)
        return f"{line.application.lead} est appelée. Préparez maintenant sa lettre."

    return answered(request, call, form, call_next, "line", "Appeler la liste complémentaire")


@require_http_methods(["GET", "HEAD", "POST"])
def group_leave(request: HttpRequest, slug: str) -> HttpResponse:
    """A member leaves a selected group: the rules are replayed."""
    call = deciding_call(request, slug)
    form = DepartureForm(
        request.POST or None, members=members_of_laureates(call), initial={"left_on": day_of(portal_now())}
    )

    def leave(values: dict[str, Any]) -> str:
        departure = record_departure(by=request.user, at=portal_now(), **values)
        rules = "Des règles ne sont plus respectées" if departure.faults else "Les règles restent respectées"
        return f"Le départ est enregistré. {rules}."

    return answered(request, call, form, leave, "member", "Constater qu’un membre quitte un groupe")


@require_http_methods(["GET", "HEAD", "POST"])
@step_up_required
def group_settle(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The reasoned decision on a group that has lost a member."""
    call = deciding_call(request, slug)
    departure = get_object_or_404(MemberDeparture.objects.filter(application__call=call), pk=pk)
    form = SettleForm(request.POST or None)

    def settle(values: dict[str, Any]) -> str:
        kept = values["kept"] == "oui"
        settle_departure(departure=departure, kept=kept, reason=values["reason"], by=request.user, at=portal_now())
        return (
            "La décision est enregistrée." if kept else "La décision est enregistrée. Constatez maintenant le départ."
        )

    return answered(request, call, form, settle, "reason", "Décider de la suite", departure=departure)


def answered(
    request: HttpRequest, call: Call, form: Form, act: Any, where: str, title: str, **more: Any
) -> HttpResponse:
    """Show the form, or do what it says; a refusal stands beside the field that it is about."""
    if request.method == "POST" and form.is_valid():
        try:
            said = act(dict(form.cleaned_data))
        except Refused as refusal:
            form.add_error(where, str(refusal))
        else:
            messages.success(request, said)
            return redirect("laureate_list", slug=call.slug)
    return render(request, "applications/staff/laureate_act.html", {"call": call, "form": form, "title": title, **more})
