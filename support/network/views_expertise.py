"""Requests for expertise: asked in a plan, given to a body, answered from a mail, rated by the commune."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from portal.core.clock import portal_now
from portal.core.downloads import file_response
from portal.core.middleware import public
from portal.core.models import AccessRecord
from portal.core.rules import Refused, require
from portal.core.scanning import may_open
from support.plan.views import contributed_plan, plan_for, plan_room, show_form

from . import services, states
from .forms_expertise import AskForm, AssignForm, RateForm, ReasonForm, ReplyForm
from .models import ExpertiseRequest
from .queries_expertise import competent, request_of_secret, requests_visible_to
from .rules import can_assign, can_rate, can_reply


def done(request: HttpRequest, form: Form, act: Callable[[], Any]) -> bool:
    """Whether a form was sent, is right, and its act is done; what refuses the act is said in the form."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        act()
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def expertise_for(request: HttpRequest, uuid: str) -> ExpertiseRequest:
    row = get_object_or_404(requests_visible_to(request.user, portal_now()), uuid=uuid)
    request.institution = getattr(row.plan.application.call.owner, "profile", None)
    return row


@require_safe
def expertise_list(request: HttpRequest, uuid: str) -> HttpResponse:
    """What this project has asked."""
    plan = plan_for(request, uuid)
    page = Paginator(plan.expertises.select_related("body"), 20).get_page(request.GET.get("page"))
    return render(request, "support/expertises.html", {**plan_room(request, plan, "expertises"), "page": page})


def expertise_new(request: HttpRequest, uuid: str) -> HttpResponse:
    """Ask for an expertise."""
    plan = contributed_plan(request, uuid)
    form = AskForm(request.POST if request.method == "POST" else None, plan=plan)
    if done(request, form, lambda: services.ask(request=form.instance, by=request.user, at=portal_now())):
        given = form.instance.body
        messages.success(
            request, f"Votre demande est partie à : {given}." if given else "Votre référent va confier votre demande."
        )
        return redirect("expertise", form.instance.uuid)
    back = reverse("expertises", args=[uuid])
    return show_form(request, plan, form, title="Demander une expertise", verb="Envoyer la demande", back=back)


@require_safe
def expertise(request: HttpRequest, uuid: str) -> HttpResponse:
    """One request: the question, who has it, the answer."""
    row, now = expertise_for(request, uuid), portal_now()
    context = {
        "expertise": row,
        "assigns": can_assign(request.user, row, now) if row.state in states.ASSIGN.sources else False,
        "cancels": can_assign(request.user, row, now) if row.state in states.CANCEL.sources else False,
        "replies": can_reply(request.user, row),
        "rates": can_rate(request.user, row),
        "history": row.transitions.select_related("by").order_by("-happened_at", "-pk")[:20],
    }
    return render(request, "support/expertise.html", context)


def expertise_assign(request: HttpRequest, uuid: str) -> HttpResponse:
    """Give a request to a body."""
    row, now = expertise_for(request, uuid), portal_now()
    require(can_assign(request.user, row, now))
    application = row.plan.application
    found = competent(application.call, row.theme, application.lead.commune)
    form = AssignForm(request.POST if request.method == "POST" else None, request=row, competent=found)
    if done(request, form, lambda: services.assign(request=row, by=request.user, at=now, **form.cleaned_data)):
        messages.success(request, f"La demande est partie à : {row.body}.")
        return redirect("expertise", uuid)
    words = {"title": "Confier la demande", "verb": "Confier la demande", "back": reverse("expertise", args=[uuid])}
    return show_form(request, row.plan, form, lead=row.subject, **words)


def expertise_cancel(request: HttpRequest, uuid: str) -> HttpResponse:
    """Cancel a request, with its reason."""
    row, now = expertise_for(request, uuid), portal_now()
    require(can_assign(request.user, row, now))
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if done(request, form, lambda: services.cancel(request=row, by=request.user, at=now, **form.cleaned_data)):
        messages.success(request, "La demande est annulée.")
        return redirect("expertise", uuid)
    words = {"title": "Annuler la demande", "verb": "Annuler la demande", "back": reverse("expertise", args=[uuid])}
    return show_form(request, row.plan, form, lead=row.subject, **words)


def expertise_rate(request: HttpRequest, uuid: str) -> HttpResponse:
    """The commune says whether the answer is useful."""
    row = expertise_for(request, uuid)
    require(can_rate(request.user, row))
    form = RateForm(request.POST if request.method == "POST" else None)
    if done(request, form, lambda: services.rate(request=row, by=request.user, at=portal_now(), **form.cleaned_data)):
        messages.success(request, "Merci : votre avis est transmis.")
        return redirect("expertise", uuid)
    words = {"title": "La réponse vous convient-elle ?", "verb": "Envoyer mon avis"}
    return show_form(request, row.plan, form, lead=row.subject, back=reverse("expertise", args=[uuid]), **words)


@require_safe
def expertise_file(request: HttpRequest, uuid: str) -> HttpResponse:
    """The file of the answer."""
    row = expertise_for(request, uuid)
    if row.file is None:
        raise Http404
    require(may_open(row.file, own=row.file.created_by_id == request.user.pk))
    AccessRecord.objects.create(
        user=request.user, what="expertise", object_key=f"expertise:{row.uuid}", at=portal_now()
    )
    return file_response(row.file)


# --- the body answers ----------------------------------------------------------------------------------------------


def expertise_reply(request: HttpRequest, uuid: str) -> HttpResponse:
    """The body answers from its account."""
    row = expertise_for(request, uuid)
    require(can_reply(request.user, row))
    return reply_page(request, row, reverse("expertise", args=[uuid]))


@public
@require_http_methods(["GET", "POST"])
@sensitive_variables("secret")
def expertise_answer(request: HttpRequest, secret: str) -> HttpResponse:
    """The body answers from the link of its mail, which is the proof: a GET only asks to confirm."""
    row = request_of_secret(secret)
    if row is None:
        raise Http404
    request.institution = getattr(row.plan.application.call.owner, "profile", None)
    return reply_page(request, row, request.path)


def reply_page(request: HttpRequest, row: ExpertiseRequest, back: str) -> HttpResponse:
    """Accept, decline or answer: three forms on one page, the one asked for by the link first."""
    by, at, act = request.user if request.user.is_authenticated else None, portal_now(), request.POST.get("acte", "")
    sent = [request.POST, request.FILES] if request.method == "POST" else [None]
    declining = ReasonForm(sent[0] if act == "decliner" else None, prefix="refus")
    replying = ReplyForm(*(sent if act == "repondre" else [None]), prefix="reponse", by=by, at=at)
    acts: dict[str, tuple[Form, Callable[[], Any], str]] = {
        "accepter": (Form(request.POST), lambda: services.accept(request=row, by=by, at=at), "La demande est à vous."),
        "decliner": (
            declining,
            lambda: services.decline(request=row, by=by, at=at, **declining.cleaned_data),
            "C’est noté : la demande sera confiée à un autre organisme.",
        ),
        "repondre": (
            replying,
            lambda: services.give_answer(request=row, by=by, at=at, **replying.cleaned_data),
            "Votre réponse est transmise au projet. Merci.",
        ),
    }
    if act in acts and done(request, *acts[act][:2]):
        messages.success(request, acts[act][2])
        gone = act == "decliner"
        return redirect(reverse("landing") if gone else back)
    refused = acts["accepter"][0].non_field_errors() if act == "accepter" else ()
    context = {"expertise": row, "declining": declining, "replying": replying, "refused": refused}
    asked = "non" if act == "decliner" else request.GET.get("reponse", "")
    return render(request, "support/expertise_reply.html", {**context, "asked": asked})
