"""The signatory: asked by a colleague, reads (page 1), then deposits (page 2) or says why not."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from portal.accounts.models import User
from portal.accounts.queries import signatories_to_be, signature_awaited
from portal.accounts.rules import awaited_words, names_signatories
from portal.core.clock import portal_now
from portal.core.rules import Refused, require
from portal.core.typography import masked

from ..content.reading import sections_of
from ..forms.signature import InviteForm, ReasonForm, SignatoryForm
from ..models import Application, SignatureRequest
from ..queries.files import draft_pieces_for_reading, progress_of
from ..rules.files import can_ask_signature, can_submit_application, is_complete
from ..services.signature import ask_signature, decline_signature, designate_signatory
from .shared import file_context, own_application, summary_of, writing_context


def signature_ask(request: HttpRequest, uuid: Any) -> HttpResponse:
    """Who signs? A known signatory, or a person invited by mail."""
    application, now = own_application(request, uuid), portal_now()
    require(can_ask_signature(request.user, application, now))
    progress = progress_of(application)
    inviting = "email" in request.POST
    known = SignatoryForm(signatories_for(request, application), None if inviting else request.POST or None)
    invite = InviteForm(request.POST if inviting else None)
    form = invite if inviting else known
    if request.method == "POST" and form.is_valid():
        try:
            signatory = send_request(request, application, form)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            awaited = awaited_sentence(signatory, application)
            messages.success(request, f"Le lien est envoyé à {signatory.email}. {awaited}".strip())
            return redirect("application", application.uuid)
    context = {
        **writing_context(request, application, progress, now, "read"),
        "form": form,
        "known": known,
        "invite": invite,
    }
    context |= {"complete": is_complete(progress), **asked_context(application)}
    context |= {"vouches": names_signatories(request.user, application.lead), "official": official_of(application)}
    return render(request, "applications/signature_ask.html", context)


def signatories_for(request: HttpRequest, application: Application) -> QuerySet[User]:
    """Who signs for the commune or was named to, the person asking apart."""
    return signatories_to_be(application.lead).exclude(pk=request.user.pk)


def awaited_sentence(signatory: User, application: Application) -> str:
    """What has still to be confirmed before this person may deposit; empty when nothing has."""
    claim = signature_awaited(signatory, application.lead)
    return awaited_words(claim) if claim else ""


@transaction.atomic
def send_request(request: HttpRequest, application: Application, form: SignatoryForm | InviteForm) -> User:
    """Invite the person if need be, then ask: both or neither."""
    at = portal_now()
    if isinstance(form, SignatoryForm):
        signatory = form.person
    else:
        signatory = designate_signatory(organisation=application.lead, by=request.user, at=at, **form.cleaned_data)
    ask_signature(application=application, signatory=signatory, by=request.user, at=at)
    return signatory


def official_of(application: Application) -> str:
    """The town hall's official address, masked; empty when it is not known."""
    address = application.lead.official_email
    return masked(address) if address else ""


def asked_context(application: Application) -> dict[str, Any]:
    """The request that waits for an answer, and what its signatory still waits for."""
    waiting = open_request(application)
    return {"waiting": waiting, "awaited": awaited_sentence(waiting.signatory, application) if waiting else ""}


def open_request(application: Application) -> SignatureRequest | None:
    waiting = application.signature_requests.filter(state=SignatureRequest.State.ASKED)
    return waiting.select_related("signatory", "asked_by").first()


def signature_read(request: HttpRequest, uuid: Any) -> HttpResponse:
    """Page 1 of 2: everything that will be deposited."""
    application, now = own_application(request, uuid), portal_now()
    progress = progress_of(application)
    context = {
        **file_context(request, application, now),
        "progress": progress,
        "summary": summary_of(progress),
        "asked": open_request(application),
        "reading": sections_of(progress),
        "pieces": draft_pieces_for_reading(application, progress),
        "can_deposit": can_submit_application(request.user, application, now),
        "complete": is_complete(progress),
    }
    return render(request, "applications/signature_read.html", context)


def signature_decline(request: HttpRequest, uuid: Any) -> HttpResponse:
    """Not now, and why: the colleague who asked reads it."""
    application, now = own_application(request, uuid), portal_now()
    asked = open_request(application)
    if asked is None or asked.signatory != request.user:
        return redirect("application", application.uuid)
    hint = "Votre réponse est envoyée à la personne qui a préparé le dossier. Le brouillon est conservé."
    form = ReasonForm(request.POST or None, hint=hint)
    if request.method == "POST" and form.is_valid():
        decline_signature(request=asked, by=request.user, reason=form.cleaned_data["reason"], at=now)
        messages.success(request, "Votre réponse est envoyée. Rien n’est déposé.")
        return redirect("application", application.uuid)
    context = {**file_context(request, application, now), "form": form, "asked": asked}
    return render(request, "applications/signature_decline.html", context)
