"""The register of the documents of a call: number, fingerprint, state; and the check of all their bytes."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from applications.rules.staff import READING, can_decide
from calls.models import Call
from calls.queries import calls_staffed_by, roles_over
from portal.core.clock import portal_now
from portal.core.documents import ask_check
from portal.core.documents.kinds import KINDS, kind_label
from portal.core.models import DocumentCheck
from portal.core.rules import no, require

from .queries_documents import counts_of, documents_of

PAGE = 50


def register_call(request: HttpRequest, slug: str) -> Call:
    """The call of the address: its documents are read by whoever reads its whole."""
    call = get_object_or_404(calls_staffed_by(request.user, portal_now()), slug=slug)
    request.institution = getattr(call.owner, "profile", None)
    if not READING & roles_over(request.user, call, portal_now()):
        require(no("Le registre se lit par la gestion de l’appel et par qui en suit l’ensemble."))
    return call


@require_safe
def document_register(request: HttpRequest, slug: str) -> HttpResponse:
    """Every document issued, with its fingerprint; how far the making has gone; the last check."""
    call = register_call(request, slug)
    rows, kind = documents_of(call), request.GET.get("type", "")
    shown = rows.filter(kind__iregex=rf"(^|\.){kind}(_|$)") if kind in KINDS else rows
    page = Paginator(shown.defer("snapshot"), PAGE).get_page(request.GET.get("page"))
    counts = counts_of(rows)
    context = {
        "call": call,
        "page": page,
        "rows": [(document, kind_label(document.kind)) for document in page],
        "counts": counts,
        "done": counts["ready"] + counts["failed"],
        "kinds": KINDS.items(),
        "kind": kind,
        "check": DocumentCheck.objects.filter(key=f"call:{call.slug}").order_by("-pk").first(),
        "may_check": can_decide(roles_over(request.user, call, portal_now())),
    }
    return render(request, "home/document_register.html", context)


@require_POST
def document_check(request: HttpRequest, slug: str) -> HttpResponse:
    """Have every byte read again, in the background."""
    call, at = register_call(request, slug), portal_now()
    require(can_decide(roles_over(request.user, call, at)))
    ready = documents_of(call).filter(state="ready").only("pk")
    check = ask_check(key=f"call:{call.slug}", documents=ready, by=request.user, at=at)
    messages.success(request, f"La vérification de {check.total} documents commence.")
    return redirect("document_register", slug=call.slug)
