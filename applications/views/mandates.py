"""Mandates: those of one's organisations, the form to give one, its page, its revocation."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from calls.models import Call
from calls.queries import calls_to_come
from portal.accounts.models import Membership, Organisation, User
from portal.accounts.queries import WRITING_RIGHTS, memberships_of, organisations_visible_to
from portal.accounts.stepup import step_up_required
from portal.core.calendar import day_of
from portal.core.clock import portal_now
from portal.core.rules import Refused, require

from ..forms.mandates import MandateForm, RevocationForm
from ..models import Application, Mandate
from ..queries.files import own_applications
from ..queries.mandates import held_by, mandates_of
from ..queries.partners import found_bodies, organisation_chosen
from ..rules.mandates import MANDATARIES, can_give, can_revoke, standing
from ..services.mandates import give_mandate, revoke_mandate

PER_PAGE = 20


@require_safe
def mandates(request: HttpRequest) -> HttpResponse:
    """Given and received, the latest first; and for whom one may give another."""
    at = portal_now()
    page = Paginator(mandates_of(request.user).order_by("-given_at", "pk"), PER_PAGE).get_page(request.GET.get("page"))
    signs = memberships_of(request.user).filter(state=Membership.State.CONFIRMED, right=Membership.Right.SIGNATORY)
    context = {
        "page": page,
        "rows": [(mandate, standing(mandate, at)) for mandate in page],
        "givers": [membership.organisation for membership in signs],
    }
    return render(request, "applications/mandates.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@step_up_required
def mandate_new(request: HttpRequest, uuid: Any) -> HttpResponse:
    """Search the body, choose the call and the days."""
    principal, at = get_object_or_404(organisations_visible_to(request.user), uuid=uuid), portal_now()
    require(can_give(request.user, principal))
    posted = request.POST if request.method == "POST" else None
    text = (posted or request.GET).get("q", "")
    form = MandateForm(
        choices_for(principal, text), calls_to_come(at), posted,
        initial={"from_on": day_of(at), "call": request.GET.get("appel", "")},
    )  # fmt: skip
    if posted is not None and form.is_valid() and given(request, principal, form):
        return redirect("mandates")
    context = {"principal": principal, "form": form, "q": text, "call": request.GET.get("appel", "")}
    return render(request, "applications/mandate_new.html", context)


def choices_for(principal: Organisation, text: str) -> list[tuple[str, str]]:
    """Its own intercommunality until one searches."""
    commune = principal.commune
    own = commune.intercommunality if commune else None
    return found_bodies(text.strip() or own.name if own else text, MANDATARIES) if text.strip() or own else []


def given(request: HttpRequest, principal: Organisation, form: MandateForm) -> bool:
    """Give it; a refusal goes to the form."""
    values = form.cleaned_data
    mandatary = organisation_chosen(values["who"])
    try:
        give_mandate(
            principal=principal, mandatary=mandatary, call=form.chosen_call, from_on=values["from_on"],
            until_on=values["until_on"], by=request.user, at=portal_now(),
        )  # fmt: skip
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, f"Le mandat est donné à {mandatary}. Les deux organismes sont prévenus par courriel.")
    return True


@require_safe
def mandate(request: HttpRequest, uuid: Any) -> HttpResponse:
    """What it allows, to whom, until when; its history; the button that ends it."""
    return show(request, mandate_or_404(request, uuid), RevocationForm())


@require_POST
def mandate_revoke(request: HttpRequest, uuid: Any) -> HttpResponse:
    found, at = mandate_or_404(request, uuid), portal_now()
    require(can_revoke(request.user, found, at))
    form = RevocationForm(request.POST)
    if not form.is_valid():
        return show(request, found, form)
    revoke_mandate(mandate=found, reason=form.cleaned_data["reason"], by=request.user, at=at)
    messages.success(request, f"Le mandat de {found.mandatary} est révoqué. Les deux organismes sont prévenus.")
    return redirect("mandate", found.uuid)


def mandate_or_404(request: HttpRequest, uuid: Any) -> Mandate:
    return get_object_or_404(mandates_of(request.user), uuid=uuid)


def show(request: HttpRequest, found: Mandate, form: RevocationForm) -> HttpResponse:
    at = portal_now()
    context = {
        "mandate": found,
        "standing": standing(found, at),
        "may_revoke": can_revoke(request.user, found, at),
        "form": form,
        "files": files_under(request.user, found),
        "calls": calls_to_begin(request.user, found, at),
        "history": found.transitions.select_related("by", "on_behalf_of"),
    }
    return render(request, "applications/mandate.html", context)


def files_under(user: User, found: Mandate) -> QuerySet[Application]:
    """The files of the principal that this person reads, in the call of the mandate."""
    files = own_applications(user).filter(lead=found.principal)
    return (files.filter(call=found.call) if found.call else files).order_by("-last_activity_at", "-pk")[:PER_PAGE]


def calls_to_begin(user: User, found: Mandate, at: datetime) -> list[Call]:
    """The calls in which this person may begin a file for the principal, none being held."""
    writes = held_by(user, WRITING_RIGHTS).filter(pk=found.pk).exists()
    calls = [call for call in calls_to_come(at) if found.call in (None, call)] if writes else []
    held = {file.call_id for file in files_under(user, found)}
    return [call for call in calls if call.pk not in held]
