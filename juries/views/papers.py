"""The papers of a session: asked for, in preparation, ready; the minutes as they stand; the erratum of signed ones."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.accounts.stepup import step_up_required
from portal.core.clock import portal_now
from portal.core.downloads import document_response
from portal.core.rules import Refused, require

from .. import states
from ..documents import minutes_draft
from ..documents.papers import PAPERS, Paper, papers_for
from ..forms import ErratumForm
from ..models import Erratum
from ..queries import latest_document, paper_number
from ..rules import can_chair, can_produce, can_read_minutes
from ..services.papers import issue_erratum, produce_paper
from .board import Viewer
from .common import posted
from .room import find_session, require_helper


def require_keeper(viewer: Viewer) -> None:
    """Who holds the pen; not while they are recused from a file whose result nobody knows, unless they preside."""
    require_helper(viewer)
    require(can_read_minutes(veiled=viewer.veiled, presides=viewer.presides))


def paper_of(code: str) -> Paper:
    if code not in PAPERS:
        raise Http404
    return PAPERS[code]


@require_safe
def papers(request: HttpRequest, uuid: str) -> HttpResponse:
    """Each paper, what it is for, and where it stands."""
    found, viewer = find_session(request, uuid, portal_now())
    require_keeper(viewer)
    rows: list[dict[str, Any]] = [
        {
            "paper": paper,
            "document": latest_document(paper_number(found, paper.code)),
            "possible": can_produce(found.state, after=paper.closed),
        }
        for paper in papers_for(found.call)
    ]
    return render(request, "juries/papers.html", {"session": found, "call": found.call, "rows": rows})


@require_POST
def paper_ask(request: HttpRequest, uuid: str, code: str) -> HttpResponse:
    at = portal_now()
    found, viewer = find_session(request, uuid, at)
    require_keeper(viewer)
    produce_paper(session=found, paper=paper_of(code), at=at)
    messages.success(request, "Le document se prépare\u00a0; quelques instants suffisent.")
    return redirect("jury_papers", uuid=found.uuid)


@require_safe
def paper_file(request: HttpRequest, uuid: str, code: str) -> HttpResponse:
    found, viewer = find_session(request, uuid, portal_now())
    require_keeper(viewer)
    return document_response(latest_document(paper_number(found, paper_of(code).code)))


@require_safe
def draft(request: HttpRequest, uuid: str) -> HttpResponse:
    """What the minutes say so far: the files from which one is recused are left out."""
    found, viewer = find_session(request, uuid, portal_now())
    require_helper(viewer)
    if found.state not in states.MEETING:
        raise Refused("L’aperçu se lit pendant la séance\u00a0; ensuite, le procès-verbal est à sa page.")
    context = {"session": found, "call": found.call, "draft": minutes_draft(found, hidden=viewer.recused)}
    return render(request, "juries/minutes_draft.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@step_up_required
def erratum(request: HttpRequest, uuid: str) -> HttpResponse:
    """The president says what is wrong in the signed minutes."""
    at = portal_now()
    found, viewer = find_session(request, uuid, at)
    require(can_chair(chairs=viewer.presides))
    if found.state != states.SIGNED:
        raise Refused("Le procès-verbal n’est pas signé\u00a0: il n’a pas d’erratum.")
    form = ErratumForm(posted(request))
    if request.method == "POST" and form.is_valid():
        issue_erratum(session=found, by=request.user, text=form.cleaned_data["text"], at=at)
        messages.success(request, "L’erratum est établi\u00a0; le procès-verbal reste tel qu’il a été signé.")
        return redirect("minutes", uuid=found.uuid)
    return render(request, "juries/erratum.html", {"session": found, "call": found.call, "form": form})


@require_safe
def erratum_file(request: HttpRequest, uuid: str, n: int) -> HttpResponse:
    found, viewer = find_session(request, uuid, portal_now())
    require(can_read_minutes(veiled=viewer.veiled, presides=viewer.presides))
    row = get_object_or_404(Erratum.objects.select_related("document__file"), minutes__session=found, n=n)
    return document_response(row.document)
