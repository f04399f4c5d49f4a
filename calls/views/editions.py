"""A new call from an existing one: edition, catalogue file, national template; and what a template brings."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from portal.accounts.models import Organisation
from portal.core.calendar import PARIS
from portal.core.clock import portal_now
from portal.core.rules import require

from .. import rules
from ..definition.diff import place_named
from ..definition.schema import CallDocument
from ..forms_life import EditionForm, OfferForm
from ..models import Call
from ..queries import calls_staffed_by, national_templates
from ..services import editions
from ..services.offers import answer_offer
from ..services.publication import document_now
from ..services.templates import changes_offered, document_of, last_revision, template_named
from .staff import owners, owners_queryset, staffed_call

PER_SOURCE = 20


@require_safe
def call_new(request: HttpRequest, organisation: str) -> HttpResponse:
    """Where one may start from: one's own calls, the national templates, the catalogue, a file."""
    owner, now = get_object_or_404(owners_queryset(request), uuid=organisation), portal_now()
    mine = calls_staffed_by(request.user, now).filter(owner=owner).order_by("-created_at", "-pk")[:PER_SOURCE]
    context = {
        "owner": owner,
        "mine": mine,
        "templates": national_templates()[:PER_SOURCE],
        "catalogue": editions.catalogue().items(),
    }
    return render(request, "calls/staff/new.html", context)


def call_clone(request: HttpRequest, slug: str) -> HttpResponse:
    """« Repartir de cet appel »: its next edition, for the same organiser."""
    call = staffed_call(request, slug)
    owner = next((one for one in owners(request) if one.pk == call.owner_id), None)
    if owner is None:
        raise Http404
    return edition(request, document_now(call), owner)


def call_from_catalogue(request: HttpRequest, organisation: str, name: str) -> HttpResponse:
    """A call of the catalogue made one's own."""
    owner = get_object_or_404(owners_queryset(request), uuid=organisation)
    document = editions.catalogue().get(name)
    if document is None:
        raise Http404
    return edition(request, document, owner)


def edition(request: HttpRequest, document: CallDocument, owner: Organisation) -> HttpResponse:
    """Edition, closing, address and prefix: proposed, then the call in preparation with its advice."""
    form = EditionForm(request.POST or None, initial=initial_of(document))
    if request.method == "POST" and form.is_valid():
        call = editions.open_edition(document=document, owner=owner, by=request.user, at=portal_now(), **form.told)
        return opened(request, call)
    return render(request, "calls/staff/edition.html", {"form": form, "document": document, "owner": owner})


def call_from_template(request: HttpRequest, organisation: str, name: str) -> HttpResponse:
    """A local instance of a national template."""
    owner = get_object_or_404(owners_queryset(request), uuid=organisation)
    template = template_named(name)
    if template is None:
        raise Http404
    document = document_of(last_revision(template))
    form = EditionForm(request.POST or None, initial=initial_of(document))
    if request.method == "POST" and form.is_valid():
        call = editions.open_instance(template=name, owner=owner, by=request.user, at=portal_now(), **form.told)
        return opened(request, call)
    context = {"form": form, "document": document, "owner": owner, "template": template}
    return render(request, "calls/staff/edition.html", context)


def initial_of(document: CallDocument) -> dict[str, Any]:
    proposal = editions.proposal_for(document)
    local = proposal.closes_at.astimezone(PARIS)
    told = {"edition": proposal.edition, "slug": proposal.slug, "prefix": proposal.prefix}
    return {**told, "day": local.date(), "hour": local.time()}


def opened(request: HttpRequest, call: Call) -> HttpResponse:
    messages.success(request, "Le nouvel appel est en préparation. Voici ce qui mérite d’être relu.")
    return redirect("call_advice", call.slug)


def call_template(request: HttpRequest, slug: str) -> HttpResponse:
    """What the national template brings since: accepted or declined, place by place."""
    call, now = staffed_call(request, slug), portal_now()
    if call.template_id is None:
        raise Http404
    changes, document = changes_offered(call), document_now(call)
    sent = request.POST if request.method == "POST" else None
    form = OfferForm(sent, paths=[change.path for change in changes])
    if request.method == "POST" and form.is_valid():
        require(rules.can_manage(request.user, call, now))
        answer_offer(call=call, accepted=form.cleaned_data["accepted"], by=request.user, at=now)
        messages.success(request, "Vos réponses aux changements du modèle sont enregistrées.")
        return redirect("call_template", slug)
    context = {
        "call": call,
        "changes": changes,
        "overrides": [(row, place_named(document, row.path)) for row in call.overrides.all()[:200]],
        "may_manage": rules.can_manage(request.user, call, now),
    }
    return render(request, "calls/staff/template.html", context)
