"""« Ouvrir un appel » on a blank page: a name, an edition, two dates."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from portal.core.clock import portal_now

from ..editor.opening import OpenForm
from ..services import writing
from .staff import owners_queryset


def call_open(request: HttpRequest, organisation: str) -> HttpResponse:
    """A call in preparation for an institution that the person manages."""
    owner = get_object_or_404(owners_queryset(request).select_related("profile"), uuid=organisation)
    form = OpenForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        call = writing.open_call(owner=owner, by=request.user, at=portal_now(), **form.opening())
        messages.success(request, "L’appel est ouvert, en préparation : personne d’autre que votre équipe ne le voit.")
        return redirect("call_rooms", call.slug)
    return render(request, "calls/editor/open.html", {"form": form, "owner": owner})
