"""Staff: everything that happened to a file, by date, one kind of fact or all."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.core.clock import portal_now
from portal.core.ui import Link

from ..queries.timeline import KINDS, TALK, talked, timeline_of
from ..rules.staff import READING
from .staff_file import roles_on, staff_file

PAGE = 50


def page_asked(request: HttpRequest) -> int:
    """The number of the page, the first one for nonsense."""
    text = request.GET.get("page", "")
    return max(1, int(text)) if text.isdecimal() and len(text) < 6 else 1


@require_safe
def staff_timeline(request: HttpRequest, uuid: str) -> HttpResponse:
    """The latest first; messages and notes for those who read them only."""
    at, file = portal_now(), staff_file(request, uuid)
    private = bool(READING & roles_on(request, file, at))
    number, kind = page_asked(request), request.GET.get("sujet", "")
    facts = timeline_of(file, private=private, most=number * PAGE)
    shown = [fact for fact in facts if fact.kind == kind] if kind in KINDS else facts
    told = sum(fact.kind == TALK for fact in shown)
    paginator = Paginator(shown, PAGE)
    paginator.count = len(shown) - told + (talked(file) if told else 0)
    page = paginator.get_page(number)
    here = {fact.kind for fact in facts}
    tabs = [Link(label="Tout", url="?", current=kind not in KINDS)] + [
        Link(label=label, url=f"?sujet={code}", current=code == kind) for code, label in KINDS.items() if code in here
    ]
    context = {"application": file, "call": file.call, "page": page, "tabs": tabs}
    return render(request, "applications/staff/timeline.html", context)
