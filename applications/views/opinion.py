"""The person of another service: what is asked of them, the file less what is not theirs, and the opinion."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.core.clock import portal_now
from portal.core.downloads import file_response
from portal.core.rules import Refused, require
from portal.core.scanning import may_open, scan_words
from portal.core.uploads import UploadRefused

from ..forms.opinion import OpinionFileForm, OpinionForm
from ..models import OpinionRequest
from ..queries.files import latest_deposit
from ..queries.opinion import attached_to, opinion_file, opinions_asked_of, reading_for_opinion
from ..rules.opinion import can_give_opinion, is_overdue
from ..services.examination import record_reading
from ..services.opinions import attach_to_opinion, give_opinion, remove_from_opinion, save_opinion
from .opinion_badges import badge_of_opinion
from .shared import contact_of, saved_label

READ = "dossier lu pour avis"
PAGE = 30


def my_opinion(request: HttpRequest, key: Any) -> OpinionRequest:
    """The opinion of the address, asked of this very person, or 404."""
    found = get_object_or_404(opinions_asked_of(request.user), uuid=key)
    request.institution = getattr(found.application.call.owner, "profile", None)
    return found


@require_safe
def opinions(request: HttpRequest) -> HttpResponse:
    """What is asked of this person, by date, then what they gave."""
    at = portal_now()
    page = Paginator(opinions_asked_of(request.user), PAGE).get_page(request.GET.get("page"))
    rows = [{"opinion": row, "badge": badge_of_opinion(row, at)} for row in page]
    return render(request, "applications/opinion/list.html", {"page": page, "rows": rows, "now": at})


@require_http_methods(["GET", "HEAD", "POST"])
def opinion(request: HttpRequest, key: Any) -> HttpResponse:
    """The file and the opinion; the reading goes to the access journal."""
    at, asked = portal_now(), my_opinion(request, key)
    if request.method != "POST":
        record_reading(user=request.user, what=READ, object_key=f"application:{asked.application.uuid}", at=at)
        return show(request, asked, at)
    require(can_give_opinion(request.user, asked))
    form = OpinionForm(request.POST)
    if not form.is_valid():
        return show(request, asked, at, form)
    kept = save_opinion(opinion=asked, by=request.user, at=at, **form.cleaned_data)
    if "rendre" not in request.POST:
        messages.success(request, "Votre avis est enregistré ; il n’est pas encore rendu.")
        return redirect("opinion", key=key)
    try:
        give_opinion(opinion=kept, by=request.user, at=at)
    except Refused as refusal:
        form.add_error("text" if kept.verdict else "verdict", str(refusal))
        return show(request, asked, at, form)
    messages.success(request, "Votre avis est rendu : la personne qui l’a demandé est prévenue.")
    return redirect("opinion", key=key)


@require_POST
def opinion_autosave(request: HttpRequest, key: Any) -> JsonResponse:
    """What is being written, kept every few seconds."""
    asked, form = my_opinion(request, key), OpinionForm(request.POST)
    try:
        require(can_give_opinion(request.user, asked))
        if not form.is_valid():
            raise Refused("Ce texte est trop long : il n’est pas enregistré.")
        kept = save_opinion(opinion=asked, by=request.user, at=portal_now(), **form.cleaned_data)
    except Refused as refusal:
        return JsonResponse({"conflict": str(refusal)}, status=409)
    label = saved_label(kept.saved_at, portal_now())
    return JsonResponse({"saved_at_label": label, "version": "", "completeness": "", "conflict": ""})


def show(
    request: HttpRequest,
    asked: OpinionRequest,
    at: datetime,
    form: OpinionForm | None = None,
    file_form: OpinionFileForm | None = None,
) -> HttpResponse:
    """The page, with what was typed when it was refused."""
    file = asked.application
    deposit = latest_deposit(file)
    if deposit is None:
        raise Http404
    deposit.application = file
    sections, pieces = reading_for_opinion(deposit, asked)
    context = {
        "opinion": asked,
        "application": file,
        "call": file.call,
        "now": at,
        "badge": badge_of_opinion(asked, at),
        "late": is_overdue(asked, at),
        "deposit": deposit,
        "sections": sections,
        "pieces": pieces,
        "may": can_give_opinion(request.user, asked),
        "form": form or OpinionForm(initial={"verdict": asked.verdict, "text": asked.text}),
        "file_form": file_form or OpinionFileForm(),
        "files": [{"row": row, "scan": scan_words(row.file)} for row in attached_to(asked)],
        "saved": saved_label(asked.saved_at, at),
        "contact": contact_of(file.call),
    }
    return render(request, "applications/opinion/page.html", context)


@require_POST
def opinion_attach(request: HttpRequest, key: Any) -> HttpResponse:
    """Join one file to the opinion."""
    at, asked = portal_now(), my_opinion(request, key)
    form = OpinionFileForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            attach_to_opinion(opinion=asked, upload=form.cleaned_data["file"], by=request.user, at=at)
        except UploadRefused as refusal:
            form.add_error("file", str(refusal))
        else:
            messages.success(request, "Fichier joint à votre avis.")
            return redirect("opinion", key=key)
    return show(request, asked, at, file_form=form)


@require_POST
def opinion_detach(request: HttpRequest, key: Any, pk: int) -> HttpResponse:
    """Take one file out of the opinion."""
    asked = my_opinion(request, key)
    row = get_object_or_404(attached_to(asked), pk=pk)
    row.opinion = asked
    remove_from_opinion(row=row, by=request.user, at=portal_now())
    messages.success(request, f"{row.file.name} : fichier retiré.")
    return redirect("opinion", key=key)


@require_safe
def opinion_download(request: HttpRequest, key: Any, file: Any) -> HttpResponse:
    """A file of one's own opinion."""
    found = opinion_file(my_opinion(request, key), file)
    if found is None:
        raise Http404
    require(may_open(found, own=True))
    return file_response(found)
