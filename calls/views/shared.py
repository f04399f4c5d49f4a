"""What the public pages of a call share: which call, and the way back to it."""

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse

from portal.core import ui
from portal.core.clock import portal_now
from portal.core.typography import typeset

from ..models import Call
from ..queries import readable_calls


def call_for(request: HttpRequest, slug: str) -> Call:
    """The call of the address, if this person may read it; its owner's look dresses the page."""
    readable = readable_calls(request.user, portal_now()).prefetch_related(
        "windows__track", "milestones", "transitions"
    )
    call = get_object_or_404(readable, slug=slug)
    request.institution = getattr(call.owner, "profile", None)
    return call


def breadcrumb_of(call: Call, *below: str) -> list[ui.Link]:
    """Les appels / the call / the page under it."""
    page = ui.Link(label=typeset(str(call)), url=reverse("call_page", args=[call.slug]))
    return [ui.Link(label="Les appels", url=reverse("call_list")), page, *(ui.Link(label=label) for label in below)]
