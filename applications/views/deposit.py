"""Deposit, receipt, withdrawal."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from calls.models import Undertaking
from portal.accounts.stepup import step_up_required
from portal.core.clock import portal_now
from portal.core.downloads import file_response
from portal.core.models import FrozenDocument, OutboundEmail
from portal.core.rules import Answer, Refused, first_refusal, require

from .. import states
from ..content.progress import FileProgress
from ..documents.receipt import for_applicant
from ..emails.files import RECEIPT_MAIL, object_key
from ..forms.signature import DepositForm, ReasonForm
from ..models import Application, Deposit
from ..parcel.current import frozen_co_applicant
from ..queries.conditions import co_applicants_of, ruled, texts_of, verdicts_of
from ..queries.files import (
    facts_of_file,
    latest_deposit,
    own_applications,
    pieces_for_reading,
    progress_of,
    undertakings_asked,
)
from ..rules.eligibility import eligible_by, is_explained
from ..rules.files import can_submit_application, can_withdraw, is_complete
from ..rules.life import file_accepts
from ..services.signature import withdraw_application
from ..services.submission import submit_application
from ..words import yours
from .shared import deposit_words, file_context, next_stage, own_application, stages_of, summary_of
from .signature import open_request


def deposit(request: HttpRequest, uuid: Any) -> HttpResponse:
    """Page 2 of 2: what the commune undertakes, the confirmation, the deposit."""
    web_clock_at = timezone.now()
    # What its pages show of the file is read only when one is shown: in the last minute most are sent to the receipt.
    application = get_object_or_404(own_applications(request.user).select_related(None), uuid=uuid)
    form = DepositForm(undertakings_shown(application), request.POST or None)
    refusal = ""
    if request.method == "POST" and form.is_valid():
        try:
            submit_application(
                application=application,
                by=request.user,
                idempotency_key=form.cleaned_data["key"],
                undertakings=form.ticked,
                web_clock_at=web_clock_at,
            )
            return redirect("receipt", application.uuid)
        except Refused as refused:
            refusal = str(refused)
    application = own_application(request, uuid)
    context = {**confirmation_context(request, application), "form": form, "refusal": refusal}
    return render(request, "applications/deposit.html", context)


def undertakings_shown(application: Application) -> list[Undertaking]:
    """Those that bear on this file; its answers are read only when one of them hangs on something."""
    every = list(Undertaking.objects.filter(call=application.call_id))
    if not any(row.condition for row in every):
        return every
    return undertakings_asked(application, facts_of_file(application, progress_of(application).values))


def confirmation_context(request: HttpRequest, application: Application) -> dict[str, Any]:
    """What the signatory sees again before confirming."""
    now, progress = portal_now(), progress_of(application)
    return {
        **file_context(request, application, now),
        "progress": progress,
        "co_applicants": [frozen_co_applicant(member) for member in co_applicants_of(application)],
        "summary": summary_of(progress),
        "asked": open_request(application),
        "can_deposit": can_submit_application(request.user, application, now),
        "complete": first_refusal(is_complete(progress), conditions_kept(application, progress, now)),
    }


def conditions_kept(application: Application, progress: FileProgress, at: datetime) -> Answer:
    """No rule holds up the deposit: kept, explained, or a derogation asked."""
    facts = facts_of_file(application, progress.values)
    verdicts = ruled(application, verdicts_of(application, facts, at))
    return first_refusal(
        eligible_by(verdicts, yours(application.lead), deposit=True), is_explained(verdicts, texts_of(application))
    )


def receipt(request: HttpRequest, uuid: Any) -> HttpResponse:
    """The proof: number, instant to the second, fingerprint of each piece."""
    application, now = own_application(request, uuid), portal_now()
    last = latest_deposit(application)
    if last is None:
        return redirect("application", application.uuid)
    mails = OutboundEmail.objects.filter(kind=RECEIPT_MAIL, object_key=object_key(application), period=str(last.n))
    context = {
        **file_context(request, application, now),
        "deposit": last,
        "deposit_words": deposit_words(last),
        "for_applicant": for_applicant(application),
        "stages": stages_of(application),
        "then": next_stage(application),
        "pieces": pieces_for_reading(last, for_jury=False),
        "answers_size": answers_line(last)["size"],
        "recipients": list(mails.order_by("recipient").values_list("recipient", flat=True)),
        "reopening": last.receipt.snapshot.get("reopening"),
        "ready": last.receipt.state == FrozenDocument.State.READY,
        "may_change": application.state == states.SUBMITTED and file_accepts(application, now).allowed,
        "earlier": application.deposits.exclude(pk=last.pk).select_related("receipt"),
    }
    return render(request, "applications/receipt.html", context)


def answers_line(deposited: Deposit) -> dict[str, Any]:
    """The line of the form itself, as the receipt prints it."""
    return deposited.receipt.snapshot["pieces"][0]


def receipt_download(request: HttpRequest, uuid: Any, n: int) -> HttpResponse:
    """The frozen bytes of one version's receipt, never rendered here."""
    application = own_application(request, uuid)
    document = get_object_or_404(application.deposits.select_related("receipt__file"), n=n).receipt
    if document.file is None:
        messages.info(request, "Le récépissé est en préparation. Rechargez la page dans quelques secondes.")
        return redirect("receipt", application.uuid)
    return file_response(document.file)


@step_up_required
def withdraw(request: HttpRequest, uuid: Any) -> HttpResponse:
    """Take back a deposited file, with a reason and after a fresh code."""
    application, now = own_application(request, uuid), portal_now()
    require(can_withdraw(request.user, application))
    hint = "Le motif est lu par le service. Le retrait est définitif pour cet appel."
    form = ReasonForm(request.POST or None, hint=hint)
    if request.method == "POST" and form.is_valid():
        withdraw_application(application=application, by=request.user, reason=form.cleaned_data["reason"], at=now)
        messages.success(request, "La candidature est retirée.")
        return redirect("application", application.uuid)
    return render(request, "applications/withdraw.html", {**file_context(request, application, now), "form": form})
