"""Staff: the texts of the letters of a call, written with typed fields, and seen on real files before they are kept."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from applications.documents.notices import notice_snapshot
from applications.forms.letters import LetterTextForm
from applications.letter_texts import DEFAULTS, KINDS, fields_for
from applications.queries.letters import lines_to_show
from applications.rules.staff import READING, can_decide
from applications.services.letters import write_text
from applications.services.notices import round_of, score_sheet
from applications.views.staff import staffed_call
from applications.views.staff_letters import outcome_badge
from calls.models import Call
from calls.queries import roles_over
from portal.core.clock import portal_now
from portal.core.rules import Refused, no, require


@require_safe
def letter_texts(request: HttpRequest, slug: str) -> HttpResponse:
    """The four letters: whose text, and who has a copy."""
    at = portal_now()
    call = staffed_call(request, slug, at)
    require_reading(request, call)
    kept = {text.outcome: text for text in call.letter_texts.select_related("updated_by")}
    rows = [{"code": code, "badge": outcome_badge(call, code), "text": kept.get(code)} for code in DEFAULTS]
    return render(request, "applications/staff/letter_texts.html", {"call": call, "rows": rows})


def require_reading(request: HttpRequest, call: Call) -> None:
    if not READING & roles_over(request.user, call, portal_now()):
        require(no("Les lettres se lisent une fois envoyées. Adressez-vous à la gestion de l’appel."))


@require_http_methods(["GET", "HEAD", "POST"])
def letter_text(request: HttpRequest, slug: str, outcome: str) -> HttpResponse:
    """Write the text of an outcome, see it on a real file, then keep it."""
    at = portal_now()
    call = staffed_call(request, slug, at)
    require_reading(request, call)
    if outcome not in DEFAULTS:
        raise Http404
    if request.method == "POST":
        require(can_decide(roles_over(request.user, call, at)))
    kept = call.letter_texts.filter(outcome=outcome).first()
    form = LetterTextForm(request.POST or None, outcome=outcome, initial=starting(request, kept, outcome))
    if request.method == "POST" and form.is_valid() and "apercu" not in request.POST:
        write_text(call=call, outcome=outcome, by=request.user, at=at, **form.cleaned_data)
        messages.success(request, "Le texte est enregistré. Les lettres déjà préparées gardent le leur.")
        return redirect("letter_texts", slug=call.slug)
    typed = form.cleaned_data.get("body", "") if form.is_bound and form.is_valid() else (kept.body if kept else "")
    context = {
        "call": call,
        "form": form,
        "outcome": outcome_badge(call, outcome),
        "code": outcome,
        "fields": [(f"{{{name}}}", KINDS[field.kind], field.meaning) for name, field in fields_for(outcome).items()],
        "decides": can_decide(roles_over(request.user, call, at)),
        "from_default": not (kept and kept.body) and "modele" not in request.GET,
        **preview(request, call, outcome, typed),
    }
    return render(request, "applications/staff/letter_text.html", context)


def starting(request: HttpRequest, kept: Any, outcome: str) -> dict[str, str]:
    """The text kept; the portal's own in the same terms, when one asks to start from it."""
    if "modele" in request.GET:
        return {"body": DEFAULTS[outcome], "copies": kept.copies if kept else ""}
    return {"body": kept.body, "copies": kept.copies} if kept else {}


def preview(request: HttpRequest, call: Call, outcome: str, body: str) -> dict[str, Any]:
    """The letter of a real file as this text makes it; nothing is rendered nor kept."""
    lines = list(lines_to_show(call, outcome))
    asked = request.POST.get("dossier") or request.GET.get("dossier") or ""
    line = next((line for line in lines if line.application.number == asked), lines[0] if lines else None)
    if line is None:
        return {"lines": [], "letter": None, "fault": ""}
    try:
        told = round_of(line.decision)
        letter = notice_snapshot(line, told, scores=score_sheet(line.application), at=portal_now(), text=body)
    except Refused as refusal:
        return {"lines": lines, "letter": None, "fault": str(refusal), "shown": line}
    return {"lines": lines, "letter": letter, "fault": "", "shown": line}
