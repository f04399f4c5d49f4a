"""Staff: the decision of the competent authority, written out by one person and confirmed by another."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from applications.forms.decision import ActForm, LineForm, act_initial, line_forms
from applications.queries.staff import approvers_of, decisions_of, files_to_decide
from applications.rankings import places_of, ranking_codes
from applications.rules.staff import READING, can_decide
from applications.services.decision import Line, act_faults, line_faults, not_ready, proposal_for, starting_lines
from applications.services.decision_approval import ask_decision, awaited_confirmation
from applications.views.staff import staffed_call
from applications.views.staff_letters import overview
from calls.models import Call
from calls.queries import roles_over, sender_of
from portal.core.calendar import day_of
from portal.core.clock import portal_now
from portal.core.rules import no, require

BY_HAND_KEY = "sans-proposition"
BY_HAND = "Sans proposition du jury, la décision s’écrit à la main, dossier par dossier."
NO_JURY = (
    "L’instruction prépare la proposition, l’autorité compétente décide : écrivez sa décision, dossier par dossier."
)
FROM_EXAMINATION = (
    "Les décisions et les rangs sont ceux que donnent les avis techniques, tous validés. Écrivez les motifs ; vous "
    "pouvez tout corriger."
)
FROM_JURY = "Les décisions, les rangs et les motifs sont ceux de la proposition du jury ; vous pouvez les corriger."


@require_http_methods(["GET", "HEAD", "POST"])
def decision(request: HttpRequest, slug: str) -> HttpResponse:
    """What is decided, what awaits its confirmation, and the form when files await a decision."""
    at = portal_now()
    call = staffed_call(request, slug, at)
    roles = roles_over(request.user, call, at)
    if not READING & roles:
        require(no("La décision se lit une fois notifiée. Adressez-vous à la gestion de l’appel."))
    awaited = awaited_confirmation(call)
    context: dict[str, Any] = {
        "call": call,
        "now": at,
        "decisions": [overview(decision) for decision in decisions_of(call)],
        "awaited": awaited,
        "not_ready": not_ready(call),
        "decides": can_decide(roles),
        "has_jury": has_jury(call),
    }
    if request.method == "POST":
        require(can_decide(roles))
    if not context["decides"] or context["not_ready"] or (awaited and request.method != "POST"):
        return render(request, "applications/staff/decision.html", context)
    if waits_for_jury(call) and request.method != "POST" and BY_HAND_KEY not in request.GET:
        return render(request, "applications/staff/decision.html", {**context, "jury_awaited": True})
    return answer_form(request, call, context)


def waits_for_jury(call: Call) -> bool:
    """Whether the call has a jury that has not closed its proposal."""
    return has_jury(call) and not proposal_for(call)


def answer_form(request: HttpRequest, call: Call, context: dict[str, Any]) -> HttpResponse:
    """Show the form, or ask for the confirmation of what it says."""
    at, data = context["now"], request.POST if request.method == "POST" else None
    proposed = proposal_for(call)
    note = note_about(call, proposed)
    initial = act_initial(call.extras, day_of(at), "Merci de relire la décision et de la confirmer.")
    act = ActForm(data, initial=initial, approvers=approvers_of(call, request.user, at))
    files = list(files_to_decide(call))
    lines = line_forms(files, starting_lines(files, proposed), data, ranking_codes(call, files))
    if data and all([act.is_valid(), *(form.is_valid() for form in lines)]):
        values = {name: act.cleaned_data[name] for name in ("body", "act_kind", "act_number", "act_on", "told_on")}
        decided = [form.line() for form in lines]
        faults = [
            *act_faults(call, values["act_number"], values["act_on"], at, values["told_on"]),
            *line_faults(call, decided),
        ]
        if not faults:
            return ask(request, call, act, values, decided, at)
        act.add_error(None, faults)
    shown = {"act": act, "lines": lines, "groups": by_ranking(call, lines), "note": note, "errors": [act, *lines]}
    shown["no_approver"] = not act.fields["approver"].queryset.exists()
    return render(request, "applications/staff/decision.html", {**context, **shown})


def note_about(call: Call, proposed: dict[int, Line]) -> str:
    """Where the form starts from."""
    if has_jury(call):
        return FROM_JURY if proposed else BY_HAND
    return FROM_EXAMINATION if proposed else NO_JURY


def has_jury(call: Call) -> bool:
    return hasattr(call, "jury_rules")


def by_ranking(call: Call, lines: Sequence[LineForm]) -> list[dict[str, Any]]:
    """The forms of each ranking that has some, with what it offers."""
    found = [(place, [form for form in lines if form.ranking == code]) for code, place in places_of(call).items()]
    return [{"place": place, "forms": forms} for place, forms in found if forms]


def ask(request: HttpRequest, call: Call, act: ActForm, values: Any, lines: Any, at: Any) -> HttpResponse:
    """Send the request of confirmation."""
    approver = act.cleaned_data["approver"]
    ask_decision(
        call=call,
        **values,
        lines=lines,
        asked_by=request.user,
        approver=approver,
        reason=act.cleaned_data["message"],
        sender=sender_of(call),
        at=at,
    )
    messages.success(request, f"Demande envoyée à {approver}. La décision sera enregistrée à sa confirmation.")
    return redirect("decision", slug=call.slug)
