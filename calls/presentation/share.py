"""What other sites show of a page of a call: Open Graph, its other forms."""

from django.urls import reverse

from portal.core.typography import typeset

from ..models import Call
from .open_data import absolute


def share_of(call: Call) -> dict[str, str]:
    """Title, sentence, address; the owner's logo when it is a PNG, which all sites can show."""
    profile = getattr(call.owner, "profile", None)
    has_png = bool(profile and profile.logo and profile.logo.detected_type == "image/png")
    return {
        "title": typeset(str(call)),
        "description": typeset(call.summary),
        "url": absolute("call_page", call.slug),
        "image": absolute("institution_logo", profile.slug) if profile and has_png else "",
        "json": reverse("call_json", args=[call.slug]),
        "feed": reverse("call_feed", args=[call.slug]),
        "ics": reverse("call_calendar", args=[call.slug]),
    }
