"""Delete a draft, after a page that says what it means; take it back."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from portal.accounts.views.entry import safe_path
from portal.core.clock import portal_now
from portal.core.rules import require

from ..queries.files import progress_of
from ..queries.partners import partners_of
from ..rules.drafts import can_abandon, recoverable_drafts
from ..services.abandoning import abandon_draft, restore_draft
from .shared import file_context, own_application, summary_of


@require_http_methods(["GET", "HEAD", "POST"])
def application_abandon(request: HttpRequest, uuid: Any) -> HttpResponse:
    """`next`: where the person was going, an invitation to apply with others."""
    application, now = own_application(request, uuid), portal_now()
    require(can_abandon(request.user, application))
    going = safe_path(request, reverse("applications"))
    if request.method == "POST":
        abandon_draft(application=application, by=request.user, at=now)
        messages.success(request, "Le brouillon est supprimé. Il se récupère pendant quatorze jours.")
        return redirect(going)
    context = {
        **file_context(request, application, now),
        "summary": summary_of(progress_of(application, now)),
        "partners": partners_of(application),
        "next": going,
    }
    return render(request, "applications/abandon.html", context)


@require_POST
def application_restore(request: HttpRequest, uuid: Any) -> HttpResponse:
    """Take a deleted draft back."""
    now = portal_now()
    application = get_object_or_404(recoverable_drafts(request.user, now), uuid=uuid)
    restore_draft(application=application, by=request.user, at=now)
    messages.success(request, "Le brouillon est récupéré, tel qu’il était.")
    return redirect("application", application.uuid)
