"""Staff: ask other services for their opinion on a file, follow it, read it; the experts of a call."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from calls.examination import examination_of
from calls.queries import held_in
from portal.core.calendar import day_of
from portal.core.clock import portal_now
from portal.core.downloads import file_response
from portal.core.rules import Refused, require
from portal.core.scanning import may_open, scan_words

from .. import states
from ..forms.opinion import ExpertForm, OpinionAskForm, PostponeForm, RevocationForm
from ..models import Application, Expert, OpinionRequest
from ..queries.opinion import attached_to, covers, experts_of, opinion_file, opinions_for_staff
from ..rules.opinion import can_ask_opinion, can_change_opinion, can_revoke, is_overdue
from ..rules.staff import can_examine
from ..services.examination import record_reading
from ..services.opinions import (
    add_expert,
    ask_opinions,
    postpone_opinion,
    remind_opinion,
    remove_expert,
    revoke_opinion,
)
from .opinion_badges import badge_of_opinion
from .staff import staffed_call
from .staff_file import roles_on, staff_file

READ = "avis lu"
PAGE = 30


@require_http_methods(["GET", "HEAD", "POST"])
def staff_opinion_new(request: HttpRequest, uuid: str) -> HttpResponse:
    """Whom to ask, what, until when."""
    at, file = portal_now(), staff_file(request, uuid)
    require(can_ask_opinion(roles_on(request, file, at), file))
    days = examination_of(file.call).opinion_days
    form = OpinionAskForm(experts_near(file), request.POST or None, today=day_of(at), days=days)
    if request.method == "POST" and form.is_valid():
        told = {name: form.cleaned_data[name] for name in ("question", "due_on", "personal")}
        try:
            made = ask_opinions(application=file, people=form.people, by=request.user, at=at, **told)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Demande envoyée." if len(made) == 1 else f"{len(made)} demandes envoyées.")
            return redirect("staff_application", uuid=file.uuid)
    return render(request, "applications/opinion/ask.html", {"application": file, "call": file.call, "form": form})


def experts_near(file: Application) -> list[tuple[Expert, bool]]:
    """The experts of the call, those whose territory has the commune first."""
    rows = [(expert, covers(expert, file.lead.commune)) for expert in experts_of(file.call)]
    return sorted(rows, key=lambda row: not row[1])


def staff_request(request: HttpRequest, key: Any) -> OpinionRequest:
    """The request of the address: 404 for whoever may not read its file."""
    found = get_object_or_404(opinions_for_staff(request.user), uuid=key)
    request.institution = getattr(found.application.call.owner, "profile", None)
    return found


@require_safe
def staff_opinion(request: HttpRequest, key: Any) -> HttpResponse:
    """What was asked and what was answered; what is being written is the other person's. Goes to the access journal."""
    at, found = portal_now(), staff_request(request, key)
    record_reading(user=request.user, what=READ, object_key=f"application:{found.application.uuid}", at=at)
    return show(request, found, at)


def show(request: HttpRequest, found: OpinionRequest, at: datetime, *typed: Form) -> HttpResponse:
    """The page, with the form as it was typed when it was refused."""
    file, roles = found.application, roles_on(request, found.application, at)
    forms: dict[str, Form] = {
        "postpone": PostponeForm(after=max(day_of(at), day_of(found.due_at))),
        "revocation": RevocationForm(),
    }
    forms |= {"postpone" if isinstance(form, PostponeForm) else "revocation": form for form in typed}
    given = found.given_at is not None
    context = {
        "opinion": found,
        "application": file,
        "call": file.call,
        "now": at,
        "badge": badge_of_opinion(found, at),
        "late": is_overdue(found, at),
        "given": given,
        "files": [{"row": row, "scan": scan_words(row.file)} for row in attached_to(found)] if given else [],
        "may_change": can_change_opinion(roles, found),
        "may_revoke": can_revoke(roles, found),
        "history": found.transitions.select_related("by"),
        **{f"{name}_form": form for name, form in forms.items()},
    }
    return render(request, "applications/opinion/staff.html", context)


@require_POST
def staff_opinion_remind(request: HttpRequest, key: Any) -> HttpResponse:
    """Write again, once a day at most."""
    at, found = portal_now(), staff_request(request, key)
    require(can_change_opinion(roles_on(request, found.application, at), found))
    remind_opinion(opinion=found, at=at)
    messages.success(request, "Rappel envoyé. Un seul part par jour.")
    return redirect("staff_opinion", key=found.uuid)


@require_POST
def staff_opinion_postpone(request: HttpRequest, key: Any) -> HttpResponse:
    at, found = portal_now(), staff_request(request, key)
    require(can_change_opinion(roles_on(request, found.application, at), found))
    form = PostponeForm(request.POST, after=max(day_of(at), day_of(found.due_at)))
    if not form.is_valid():
        return show(request, found, at, form)
    postpone_opinion(opinion=found, by=request.user, at=at, **form.cleaned_data)
    messages.success(request, "L’échéance est reportée : le service est prévenu par courriel.")
    return redirect("staff_opinion", key=found.uuid)


@require_POST
def staff_opinion_revoke(request: HttpRequest, key: Any) -> HttpResponse:
    at, found = portal_now(), staff_request(request, key)
    require(can_revoke(roles_on(request, found.application, at), found))
    form = RevocationForm(request.POST)
    if not form.is_valid():
        return show(request, found, at, form)
    revoke_opinion(opinion=found, by=request.user, at=at, **form.cleaned_data)
    messages.success(request, "La demande est retirée : la personne ne lit plus le dossier.")
    return redirect("staff_opinion", key=found.uuid)


@require_safe
def staff_opinion_file(request: HttpRequest, key: Any, file: Any) -> HttpResponse:
    """A file of an opinion that was given."""
    found = staff_request(request, key)
    stored = opinion_file(found, file) if found.state == states.GIVEN else None
    if stored is None:
        raise Http404
    require(may_open(stored, own=False))
    record_reading(user=request.user, what=READ, object_key=f"application:{found.application.uuid}", at=portal_now())
    return file_response(stored)


# --- the experts of a call ---------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def experts(request: HttpRequest, slug: str) -> HttpResponse:
    """Whom the examination may ask, on what and where; POST adds one."""
    at = portal_now()
    call = staffed_call(request, slug, at)
    require(can_examine(held_in(request.user, call, at).over()))
    form = ExpertForm(call, request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        told = {"themes": data.get("themes", []), "territory": data["territory"]}
        try:
            add_expert(call=call, person=form.person, by=request.user, at=at, **told)
        except Refused as refusal:
            form.add_error("email", str(refusal))
        else:
            messages.success(request, f"{data['email']} peut être consulté. Rien ne lui est encore demandé.")
            return redirect("experts", slug=slug)
    page = Paginator(experts_of(call), PAGE).get_page(request.GET.get("page"))
    return render(request, "applications/opinion/experts.html", {"call": call, "form": form, "page": page})


@require_POST
def expert_remove(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Out of the list."""
    at = portal_now()
    call = staffed_call(request, slug, at)
    require(can_examine(held_in(request.user, call, at).over()))
    remove_expert(expert=get_object_or_404(experts_of(call), pk=pk), at=at)
    messages.success(request, "Cette personne n’est plus dans la liste.")
    return redirect("experts", slug=slug)
