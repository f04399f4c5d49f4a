"""Staff: the letters of a decision, prepared, read one by one, then sent to all in one act."""

from datetime import datetime

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from applications.forms.letters import EmbargoForm
from applications.models import Decision, DecisionNotice
from applications.queries.letters import mail_counts, next_to_read, readings_of, sent_letters
from applications.queries.staff import (
    OPENED,
    decisions_for_staff,
    document_key,
    lines_of,
    notices_for_staff,
    recipients_by_file,
    was_opened,
)
from applications.rules.staff import DECIDING, can_decide
from applications.services.examination import record_reading
from applications.services.letters import ask_bundle, rewrite_notices, set_embargo
from applications.services.notices import (
    mark_notice_read,
    obstacles_to_sending,
    prepare_notices,
    send_notices,
)
from applications.views import staff_letters as shown
from calls.models import Call
from calls.queries import roles_over
from portal.accounts.stepup import step_up_required
from portal.core.clock import portal_now
from portal.core.downloads import document_response, file_response
from portal.core.models import FrozenDocument
from portal.core.rules import Refused, require
from portal.core.typography import format_quantity, localize

PAGE = 50


def decision_of(request: HttpRequest, uuid: str, at: datetime, *, deciding: bool = False) -> Decision:
    """The decision of the address: 404 for whoever has no role in its call, refused to who may not act on it."""
    decision = get_object_or_404(decisions_for_staff(request.user, at), uuid=uuid)
    request.institution = getattr(decision.call.owner, "profile", None)
    if deciding:
        require(can_decide(roles_over(request.user, decision.call, at)))
    return decision


def notice_of(request: HttpRequest, number: str, at: datetime) -> DecisionNotice:
    notice = get_object_or_404(notices_for_staff(request.user, at), number=number)
    request.institution = getattr(call_of(notice).owner, "profile", None)
    return notice


def call_of(notice: DecisionNotice) -> Call:
    return notice.line.decision.call


@require_safe
def letters(request: HttpRequest, uuid: str) -> HttpResponse:
    """Every letter with its state, what is missing before they leave, and what became of the mails."""
    at = portal_now()
    decision = decision_of(request, uuid, at)
    page = Paginator(lines_of(decision).select_related("notice__read_by"), PAGE).get_page(request.GET.get("page"))
    counts = mail_counts(decision)
    context = {
        "call": decision.call,
        "decision": decision,
        "page": page,
        "rows": shown.letter_rows(page.object_list),
        "progress": shown.progress_of(decision),
        "obstacles": obstacles_to_sending(decision),
        "mails": sent_letters(decision)[:PAGE],
        "mail_counts": counts,
        "mails_text": shown.mails_text(counts),
        "first_unread": next_to_read(decision),
        "notified": shown.notified_line(decision),
        "bundle": decision.bundles.select_related("file").order_by("-pk").first(),
        "embargo_form": EmbargoForm(initial=embargo_initial(decision)),
        "decides": bool(DECIDING & roles_over(request.user, decision.call, at)),
    }
    return render(request, "applications/staff/letters.html", context)


def embargo_initial(decision: Decision) -> dict[str, object]:
    if decision.embargo_until is None:
        return {}
    at = localize(decision.embargo_until)
    return {"on": at.date(), "hour": at.time()}


@require_POST
def letters_prepare(request: HttpRequest, uuid: str) -> HttpResponse:
    """Have the letters made in the background."""
    at = portal_now()
    decision = decision_of(request, uuid, at, deciding=True)
    written = prepare_notices(decision=decision, by=request.user, at=at)
    messages.success(request, f"{format_quantity(written, 'lettre')} en préparation.")
    return redirect("staff_letters", uuid=decision.uuid)


@require_POST
@step_up_required
def letters_send(request: HttpRequest, uuid: str) -> HttpResponse:
    """Send all the letters in one act."""
    at = portal_now()
    decision = decision_of(request, uuid, at, deciding=True)
    mails = send_notices(decision=decision, by=request.user, at=at)
    words = format_quantity(mails, "courriel part", "courriels partent")
    messages.success(request, f"La décision est notifiée : {words} avec les lettres.")
    return redirect("staff_letters", uuid=decision.uuid)


@require_POST
def letters_rewrite(request: HttpRequest, uuid: str) -> HttpResponse:
    """Make all the letters anew, before they leave: their texts have changed."""
    at = portal_now()
    decision = decision_of(request, uuid, at, deciding=True)
    written = rewrite_notices(decision=decision, by=request.user, at=at)
    messages.success(request, f"{format_quantity(written, 'lettre')} en préparation, à relire.")
    return redirect("staff_letters", uuid=decision.uuid)


@require_POST
def letters_embargo(request: HttpRequest, uuid: str) -> HttpResponse:
    """The day on which the decision becomes public, before the letters say it."""
    at = portal_now()
    decision, form = decision_of(request, uuid, at, deciding=True), EmbargoForm(request.POST)
    if not form.is_valid():
        raise Refused(" ".join(error for errors in form.errors.values() for error in errors))
    set_embargo(decision=decision, until=form.until(), by=request.user, at=at)
    messages.success(request, "La date de publication est enregistrée.")
    return redirect("staff_letters", uuid=decision.uuid)


@require_POST
def letters_bundle(request: HttpRequest, uuid: str) -> HttpResponse:
    """Have the letters put in one file to print, in the background."""
    at = portal_now()
    decision = decision_of(request, uuid, at, deciding=True)
    ask_bundle(decision=decision, by=request.user, at=at)
    messages.success(request, "Le recueil des lettres se prépare.")
    return redirect("staff_letters", uuid=decision.uuid)


@require_safe
def letters_bundle_file(request: HttpRequest, uuid: str, pk: int) -> HttpResponse:
    """All the letters in one PDF; opening it goes to the access journal."""
    at = portal_now()
    decision = decision_of(request, uuid, at)
    bundle = get_object_or_404(decision.bundles.select_related("file"), pk=pk, file__isnull=False)
    record_reading(user=request.user, what=OPENED, object_key=f"decision:{decision.uuid}", at=at)
    return file_response(bundle.file)


@require_safe
def letter(request: HttpRequest, number: str) -> HttpResponse:
    """One letter: what it says in short, its PDF, and the button that declares it read."""
    at = portal_now()
    notice = notice_of(request, number, at)
    context = {
        "call": call_of(notice),
        "notice": notice,
        "line": notice.line,
        "applicant": shown.applicant_of(notice.line),
        "outcome": shown.outcome_badge(call_of(notice), notice.line.outcome),
        "state": shown.letter_state(notice),
        "recipients": recipients_by_file([notice.line.application_id]).get(notice.line.application_id, []),
        "readings": readings_of(notice),
        "opened": was_opened(notice, request.user),
        "ready": notice.document.state == FrozenDocument.State.READY,
        "decides": bool(DECIDING & roles_over(request.user, call_of(notice), at)),
    }
    return render(request, "applications/staff/letter.html", context)


@require_safe
def letter_pdf(request: HttpRequest, number: str) -> HttpResponse:
    """The letter itself; opening it goes to the access journal."""
    at = portal_now()
    notice = notice_of(request, number, at)
    response = document_response(notice.document, inline=True)
    record_reading(user=request.user, what=OPENED, object_key=document_key(notice), at=at)
    return response


@require_POST
def letter_read(request: HttpRequest, number: str) -> HttpResponse:
    """Declare a letter read, then go to the next one."""
    at = portal_now()
    notice = notice_of(request, number, at)
    require(can_decide(roles_over(request.user, call_of(notice), at)))
    mark_notice_read(notice=notice, by=request.user, at=at)
    decision = notice.line.decision
    following = next((line.notice for line in lines_of(decision) if unread(line)), None)
    if following:
        return redirect("staff_letter", number=following.number)
    messages.success(request, "Toutes les lettres prêtes sont lues.")
    return redirect("staff_letters", uuid=decision.uuid)


def unread(line: object) -> bool:
    """Whether a line has a letter ready to be read."""
    return shown.letter_state(getattr(line, "notice", None)) is shown.TO_READ
