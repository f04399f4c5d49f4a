"""Staff: reopen one file after the limit, on a proven outage."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from portal.core.clock import portal_now
from portal.core.rules import require

from ..emails.files import of_applicant
from ..forms.reopening import ReopeningForm
from ..models import Application
from ..queries.life import limit_of
from ..rules.life import can_reopen
from ..services.reopening import ask_reopening
from .staff import staffed_call


def reopen(request: HttpRequest, slug: str, insee: str) -> HttpResponse:
    """Ask a second person; the content of a draft stays the commune's."""
    now = portal_now()
    call = staffed_call(request, slug, now)
    files = Application.objects.filter(call=call, lead__commune_id=insee).select_related("window", "lead__commune")
    application = get_object_or_404(files.exclude(state="withdrawn"))
    application.call = call
    require(can_reopen(request.user, application, now))
    form = ReopeningForm(request.POST or None, call=call, asked_by=request.user, after=max(now, limit_of(application)))
    if request.method == "POST" and form.is_valid():
        ask_reopening(application=application, asked_by=request.user, at=now, **form.told)
        messages.success(request, "La demande est partie : la candidature sera rouverte dès sa confirmation.")
        return redirect("staff_commune", slug, insee)
    context = {"form": form, "call": call, "application": application, "limit": limit_of(application)}
    return render(
        request, "applications/staff/reopen.html", {**context, "of": of_applicant(application), "insee": insee}
    )
