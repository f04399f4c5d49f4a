"""The public verification page: is this file the very document that was issued? And the received files, one by one."""

import re
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from .documents.kinds import kind_label
from .downloads import file_of_address, file_response
from .forms_documents import FingerprintForm, NumberForm
from .middleware import public
from .models import FrozenDocument
from .rules import require
from .scanning import may_open

MAX_VERSIONS = 50


@public
@require_safe
def verify(request: HttpRequest) -> HttpResponse:
    """Type the number of a document."""
    form = NumberForm(request.GET) if "numero" in request.GET else NumberForm()
    if form.is_bound and form.is_valid():
        return redirect("document_verify", number=form.cleaned_data["numero"])
    return render(request, "documents/verify.html", {"form": form})


@public
@require_safe
def verify_document(request: HttpRequest, number: str) -> HttpResponse:
    """What is known of a number, and the comparison of a fingerprint. Never a title, a name nor a content."""
    versions = _versions(number)
    if not versions:
        context = {"form": NumberForm(initial={"numero": number[:80]}), "unknown": number[:80]}
        return render(request, "documents/verify.html", context, status=404)
    form = FingerprintForm(request.GET) if "empreinte" in request.GET else FingerprintForm()
    compared = form.is_bound and form.is_valid()
    context = {
        "number": number,
        "kind": kind_label(versions[0]["kind"]),
        "versions": versions,
        "current": versions[0]["version"],
        "form": form,
        "compared": compared,
        "match": _match(versions, form.cleaned_data["empreinte"]) if compared else None,
    }
    return render(request, "documents/verify_document.html", context)


def _versions(number: str) -> list[dict[str, Any]]:
    """The versions of a number, latest first, with their fingerprint in groups of eight digits for the eye."""
    fields = ("kind", "version", "issued_at", "sha256", "state")
    rows = FrozenDocument.objects.filter(number=number).order_by("-version").values(*fields)[:MAX_VERSIONS]
    return [{**row, "groups": " ".join(re.findall(r".{8}", row["sha256"]))} for row in rows]


def _match(versions: list[dict[str, Any]], fingerprint: str) -> dict[str, Any] | None:
    return next((version for version in versions if version["sha256"] == fingerprint), None)


@require_safe
def stored_file(request: HttpRequest, token: str) -> HttpResponse:
    """A received file, at the address that a page gave this person a moment ago."""
    file = file_of_address(token, request.user)
    require(may_open(file, own=True))  # found infected meanwhile: nobody opens it; the rest was checked with the right
    return file_response(file)
