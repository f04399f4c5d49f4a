"""The questions asked about a call, for those who answer them."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from portal.core.clock import portal_now
from portal.core.rules import Refused, require

from .. import presentation, states_enquiry
from ..forms_enquiries import AnswerCorrectionForm, AnswerForm, DeclineForm
from ..models import Call, Enquiry, FormerAnswer
from ..rules import can_answer_questions, can_correct_answers
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
    context = {
        "call": call,
        "enquiry": enquiry,
        "form": form,
        "settled": settled_by(enquiry),
        "corrections": corrections_of(enquiry),
        "may_correct": can_correct_answers(request.user, call, now),
        "now": now,
    }
    return render(request, "calls/staff/question.html", context)


def settled_by(enquiry: Enquiry) -> object:
    """Who settled it, when, why."""
    return enquiry.transitions.exclude(transition=states_enquiry.CORRECT.name).select_related("by").last()


def corrections_of(enquiry: Enquiry) -> QuerySet[FormerAnswer]:
    """What was published before, the latest first."""
    rows = FormerAnswer.objects.filter(transition__enquiry=enquiry).select_related("transition__by")
    return rows.order_by("-transition__happened_at", "-pk")


def staff_question_correct(request: HttpRequest, slug: str, uuid: str) -> HttpResponse:
    """A published answer, written anew; what it was stays in its history."""
    call, now = staffed_call(request, slug), portal_now()
    require(can_correct_answers(request.user, call, now))
    enquiry = get_object_or_404(call.enquiries.filter(state=states_enquiry.ANSWERED), uuid=uuid)
    initial = {"question": enquiry.question, "answer": enquiry.answer}
    form = AnswerCorrectionForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            enquiries.correct_answer(enquiry=enquiry, by=request.user, at=now, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, "La réponse corrigée est publiée ; la personne qui a posé la question est prévenue."
            )
            return redirect("staff_question", slug, uuid)
    return render(request, "calls/staff/question_correct.html", {"call": call, "enquiry": enquiry, "form": form})


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
