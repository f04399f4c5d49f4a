"""The space of the call's staff: my calls, one call, publication by two persons, invitation of the town halls."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from portal.accounts.models import Organisation
from portal.core import approvals
from portal.core.clock import portal_now
from portal.core.downloads import text_response
from portal.core.rules import require

from .. import presentation, rules, states
from ..definition.dump import dump
from ..editor import screens
from ..forms import PublicationForm
from ..life import visa_words
from ..models import Call
from ..queries import active_roles, calls_staffed_by, communes_of_perimeter, scope_of, sender_of
from ..services import publication


def staffed_call(request: HttpRequest, slug: str) -> Call:
    """The call of the address, if this person holds a role in it."""
    call = get_object_or_404(calls_staffed_by(request.user, portal_now()), slug=slug)
    request.institution = getattr(call.owner, "profile", None)
    return call


@require_safe
def staff_calls(request: HttpRequest) -> HttpResponse:
    """My calls, the latest first."""
    now = portal_now()
    calls = calls_staffed_by(request.user, now).prefetch_related("windows", "milestones").order_by("-created_at", "-pk")
    page = Paginator(calls, 20).get_page(request.GET.get("page"))
    context = {"page": page, "rows": [presentation.row_of(c, now) for c in page], "now": now, "owners": owners(request)}
    return render(request, "calls/staff/list.html", context)


def owners(request: HttpRequest) -> list[Organisation]:
    """The institutions for which this person may open a call: those that they manage."""
    managed = request.user.memberships.filter(right="manager", state="confirmed").values("organisation_id")
    return list(Organisation.objects.filter(pk__in=managed, profile__isnull=False).order_by("name"))


@require_safe
def staff_call(request: HttpRequest, slug: str) -> HttpResponse:
    """One call: where it stands, what comes next."""
    call, now = staffed_call(request, slug), portal_now()
    preparing = call.state in states.PREPARATION
    invited = communes_of_perimeter(call, scope_of(request.user, call, now))
    menu = [] if preparing else presentation.menu_of(request.user, call, now)
    context = {
        "call": call,
        "preparing": preparing,
        "visa": visa_words(call),
        "may_clone": call.owner_id in {owner.pk for owner in owners(request)},
        "menu": menu,
        "chain": presentation.staff_chain(call, now, menu),
        "row": presentation.row_of(call, now),
        "team": presentation.team_of(call.roles.filter(active_roles(now)).select_related("user").order_by("pk")),
        "may_publish": rules.can_ask_publication(request.user, call, now),
        "may_invite": rules.can_invite_communes(request.user, call, now),
        "may_list_guests": rules.can_list_guests(request.user, call, now),
        "may_rehearse": rules.can_rehearse(request.user, call, now),
        "known": invited.filter(organisation__official_email__gt="").count(),
        "invited": invited.count(),
        "remaining": remaining_of(call),
        "revisions": call.revisions.order_by("-n")[:10],
        "now": now,
    }
    return render(request, "calls/staff/call.html", context)


def remaining_of(call: Call) -> dict[str, Any]:
    """What is left to write of a call in preparation, room by room."""
    return screens.rooms_page(call, dump(call)) if call.state in states.PREPARATION else {}


def owners_queryset(request: HttpRequest):
    return Organisation.objects.filter(pk__in=[owner.pk for owner in owners(request)])


@require_safe
def call_export(request: HttpRequest, slug: str) -> HttpResponse:
    """The call as one YAML file."""
    call = staffed_call(request, slug)
    return text_response(publication.export_call(call), name=f"{call.slug}.yaml", content_type="application/yaml")


def call_publish(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask another person to confirm the publication."""
    call, now = staffed_call(request, slug), portal_now()
    require(rules.can_ask_publication(request.user, call, now))
    form = PublicationForm(request.POST or None, call=call, asked_by=request.user)
    if request.method == "POST" and form.is_valid():
        approvals.ask(
            act=publication.PUBLISH_ACT,
            object_key=f"call:{call.slug}",
            title=f"Publier l’appel « {call} »",
            arguments=publication.publication_arguments(call),
            asked_by=request.user,
            approver=form.cleaned_data["approver"],
            reason=form.cleaned_data["reason"],
            at=now,
            sender=sender_of(call),
        )
        messages.success(request, "La demande est partie : l’appel sera publié dès sa confirmation.")
        return redirect("staff_call", call.slug)
    return render(request, "calls/staff/publish.html", {"form": form, "call": call, "now": now})


@require_POST
def call_invite(request: HttpRequest, slug: str) -> HttpResponse:
    """One act: write to every town hall of the perimeter."""
    call, now = staffed_call(request, slug), portal_now()
    require(rules.can_invite_communes(request.user, call, now))
    written = publication.invite_communes(call=call, at=now)
    messages.success(
        request,
        f"{written} courriels partent aux mairies." if written else "Toutes les mairies connues sont déjà invitées.",
    )
    return redirect(reverse("staff_call", args=[call.slug]))
