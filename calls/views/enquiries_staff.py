"""The questions asked about a call, for those who answer them."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from portal.core.clock import portal_now
from portal.core.rules import Refused, require

from .. import presentation
from ..forms_enquiries import AnswerForm, DeclineForm
from ..models import Call, Enquiry
from ..rules import can_answer_questions
from ..services import enquiries
from .staff import staffed_call

PAGE = 30


def answering(request: HttpRequest, slug: str) -> Call:
    """The call of the address, if this person answers its questions."""
    call = staffed_call(request, slug)
    require(can_answer_questions(request.user, call, portal_now()))
    return call


@require_safe
def staff_questions(request: HttpRequest, slug: str) -> HttpResponse:
    """The questions by state, those that wait first."""
    call = answering(request, slug)
    state = presentation.question_state(request.GET.get("etat", ""))
    rows = call.enquiries.filter(state=state).order_by(*presentation.QUESTION_ORDER[state])
    context = {
        "call": call,
        "tabs": presentation.question_tabs(call, state),
        "state": state,
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "now": portal_now(),
    }
    return render(request, "calls/staff/questions.html", context)


def staff_question(request: HttpRequest, slug: str, uuid: str) -> HttpResponse:
    """One question: answer it for all, or read what became of it."""
    call, now = answering(request, slug), portal_now()
    enquiry = get_object_or_404(call.enquiries, uuid=uuid)
    form = AnswerForm(request.POST or None, initial={"question": enquiry.asked})
    if request.method == "POST" and form.is_valid():
        try:
            enquiries.publish_answer(enquiry=enquiry, by=request.user, at=now, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "La réponse est publiée, et envoyée à la personne qui a posé la question.")
            return redirect("staff_questions", slug)
    context = {"call": call, "enquiry": enquiry, "form": form, "settled": settled_by(enquiry), "now": now}
    return render(request, "calls/staff/question.html", context)


def settled_by(enquiry: Enquiry) -> object:
    """Who settled it, when, why."""
    return enquiry.transitions.select_related("by").last()


def staff_question_decline(request: HttpRequest, slug: str, uuid: str) -> HttpResponse:
    """Set a question aside, with a reason for the person who asked."""
    call, now = answering(request, slug), portal_now()
    enquiry = get_object_or_404(call.enquiries, uuid=uuid)
    form = DeclineForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            enquiries.decline_question(enquiry=enquiry, by=request.user, at=now, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "La question est écartée ; la personne est prévenue.")
            return redirect("staff_questions", slug)
    return render(request, "calls/staff/question_decline.html", {"call": call, "enquiry": enquiry, "form": form})
