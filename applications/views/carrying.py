"""« Reprendre des réponses » : the earlier files of the organisation, and what each would fill."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from portal.core.clock import portal_now
from portal.core.rules import require
from portal.core.typography import format_quantity

from ..models import Application
from ..queries.earlier import earlier_files, what_it_fills, with_answers_and_questions
from ..rules.files import can_take_up
from ..services.carrying import take_up
from .shared import file_context, own_application

PER_PAGE = 10


@require_http_methods(["GET", "HEAD", "POST"])
def application_take_up(request: HttpRequest, uuid: Any) -> HttpResponse:
    """Choose an earlier file; POST fills what is still blank."""
    application, now = own_application(request, uuid), portal_now()
    require(can_take_up(request.user, application, now))
    files = earlier_files(request.user, application)
    if request.method == "POST":
        earlier = get_object_or_404(files, uuid=request.POST.get("candidature"))
        n = take_up(application=application, earlier=earlier, by=request.user, at=now)
        taken = format_quantity(n, "réponse reprise", "réponses reprises")
        messages.success(request, f"{taken}. Relisez-les : elles datent d’une autre candidature.")
        return redirect("application", application.uuid)
    page = Paginator(with_answers_and_questions(files), PER_PAGE).get_page(request.GET.get("page"))
    mine = with_answers_and_questions(Application.objects).get(pk=application.pk)
    context = {
        **file_context(request, application, now),
        "page": page,
        "rows": [what_it_fills(mine, earlier) for earlier in page],
    }
    return render(request, "applications/take_up.html", context)
