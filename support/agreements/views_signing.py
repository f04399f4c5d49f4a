"""What comes back signed: the meeting, the copies; and the files joined to an agreement."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from portal.accounts.stepup import step_up_required
from portal.core.clock import portal_now
from portal.core.downloads import file_response
from portal.core.models import AccessRecord, StoredFile
from portal.core.rules import Refused, require
from portal.core.scanning import may_open
from portal.core.uploads import UploadRefused

from . import services, services_parties
from .forms import CopyForm, EventForm
from .models import Agreement
from .queries import signing_parties
from .rules import can_record_signatures
from .views import managed, show, visible


@step_up_required
def agreement_event(request: HttpRequest, uuid: str) -> HttpResponse:
    """The meeting where parties sign together, after a fresh code."""
    agreement = managed(request, uuid)
    require(can_record_signatures(agreement))
    waiting = agreement.parties.filter(signed_on=None).select_related("organisation")
    first = signing_parties(agreement).filter(signed_on=None)
    form = EventForm(request.POST or None, parties=waiting, initial={"parties": list(first)})
    if request.method == "POST" and form.is_valid():
        try:
            services.record_event(agreement=agreement, by=request.user, at=portal_now(), **form.cleaned_data)
        except Refused as refusal:
            form.add_error("held_on", str(refusal))
        else:
            messages.success(request, "La séance de signature est enregistrée.")
            return redirect("agreement", uuid)
    return render(request, "support/agreement_event.html", {"form": form, "agreement": agreement})


@require_POST
def copy_new(request: HttpRequest, uuid: str) -> HttpResponse:
    """Keep what came back signed, beside what is kept already."""
    agreement = managed(request, uuid)
    form = CopyForm(request.POST, request.FILES, parties=signing_parties(agreement))
    if form.is_valid():
        party, upload = form.cleaned_data["party"], form.cleaned_data["file"]
        try:
            services_parties.keep_copy(
                agreement=agreement, party=party, upload=upload, by=request.user, at=portal_now()
            )
        except (Refused, UploadRefused) as refusal:
            form.add_error("file", str(refusal))
        else:
            messages.success(request, "L’exemplaire signé est gardé.")
            return redirect("agreement", uuid)
    return show(request, agreement, copy_form=form)


@require_safe
def copy_file(request: HttpRequest, uuid: str, pk: int) -> HttpResponse:
    agreement = visible(request, uuid)
    copy = get_object_or_404(agreement.copies.select_related("file"), pk=pk)
    return handed(request, agreement, copy.file, own=copy.added_by_id == request.user.pk)


@require_safe
def annex_file(request: HttpRequest, uuid: str, pk: int) -> HttpResponse:
    agreement = visible(request, uuid)
    annex = get_object_or_404(agreement.annexes.select_related("file"), pk=pk)
    return handed(request, agreement, annex.file, own=annex.added_by_id == request.user.pk)


def handed(request: HttpRequest, agreement: Agreement, file: StoredFile, *, own: bool) -> HttpResponse:
    """The file, once sound; opening it goes to the access journal."""
    require(may_open(file, own=own))
    AccessRecord.objects.create(
        user=request.user, what="convention", object_key=f"agreement:{agreement.uuid}", at=portal_now()
    )
    return file_response(file)
