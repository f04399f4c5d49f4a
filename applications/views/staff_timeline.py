"""Staff: everything that happened to a file, by date, one kind of fact or all."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.core.clock import portal_now
from portal.core.paging import page_of
from portal.core.ui import Link

from ..queries.timeline import KINDS, timeline_of
from ..rules.staff import READING
from .staff_file import roles_on, staff_file

PAGE = 50


@require_safe
def staff_timeline(request: HttpRequest, uuid: str) -> HttpResponse:
    """The latest first; messages and notes for those who read them only."""
    at, file = portal_now(), staff_file(request, uuid)
    kind = request.GET.get("sujet", "")
    private = bool(READING & roles_on(request, file, at))
    facts = timeline_of(file, private=private, kind=kind if kind in KINDS else "")
    page, here = page_of(request, facts, PAGE), facts.kinds()
    tabs = [Link(label="Tout", url="?", current=kind not in KINDS)] + [
        Link(label=label, url=f"?sujet={code}", current=code == kind) for code, label in KINDS.items() if code in here
    ]
    context = {"application": file, "call": file.call, "page": page, "tabs": tabs}
    return render(request, "applications/staff/timeline.html", context)
