"""Questions and answers of a call: read by everyone, asked by anyone."""

from allauth.core import ratelimit
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from portal.core.clock import portal_now
from portal.core.middleware import public
from portal.core.rules import require

from .. import presentation
from ..filters import AnswerFilter
from ..forms_enquiries import QuestionForm
from ..queries_enquiries import published_answers, questions_end
from ..rules import can_ask_question
from ..services import enquiries
from .shared import breadcrumb_of, call_for

PAGE = 20
TOO_MANY = (
    "Trop de questions sont parties de ce poste ou de cette adresse. Votre texte est gardé ici : "
    "réessayez dans une heure, ou appelez le service."
)


@public
@require_safe
def call_answers(request: HttpRequest, slug: str) -> HttpResponse:
    """All published answers, searched and paginated."""
    call, now = call_for(request, slug), portal_now()
    filters = AnswerFilter(request.GET, queryset=published_answers(call))
    context = {
        "call": call,
        "filter": filters,
        "page": Paginator(filters.qs, PAGE).get_page(request.GET.get("page")),
        "may_ask": can_ask_question(call, now),
        "until": questions_end(call),
        "contact": presentation.contact_of(call),
        "breadcrumb": breadcrumb_of(call, "Questions et réponses"),
    }
    return render(request, "calls/answers.html", context)


@public
@require_http_methods(["GET", "HEAD", "POST"])
def call_ask(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask a question, without an account."""
    call, now = call_for(request, slug), portal_now()
    require(can_ask_question(call, now))
    form = QuestionForm(request.POST or None, initial={"email": getattr(request.user, "email", "")})
    if request.method == "POST" and form.is_valid() and not too_many(request, form):
        told = form.cleaned_data
        enquiries.ask_question(call=call, email=told["email"], text=told["question"], at=now)
        messages.success(request, "Votre question est transmise. La réponse vous parviendra par courriel.")
        return redirect("call_answers", slug)
    context = {
        "call": call,
        "form": form,
        "until": questions_end(call),
        "breadcrumb": breadcrumb_of(call, "Poser une question"),
    }
    return render(request, "calls/ask.html", context)


def too_many(request: HttpRequest, form: QuestionForm) -> bool:
    """Whether this machine or this address has asked too much; said above the form."""
    address = form.cleaned_data["email"].lower()
    if ratelimit.consume(request, action="ask_question", key=address):
        return False
    form.add_error(None, TOO_MANY)
    return True
