"""One sentence on every page of a call that is suspended or closed without action: the whole chain says it."""

from typing import Any

from django import template

from .. import states
from ..models import Call

register = template.Library()
NOTICES = {
    states.SUSPENDED: ("suspended", "Appel suspendu : aucun dépôt n’est reçu."),
    states.CANCELLED: ("dropped", "Appel classé sans suite."),
}


@register.inclusion_tag("calls/_notice.html", takes_context=True)
def call_notice(context: Any) -> dict[str, Any]:
    """The notice of the call that the page is about; nothing when it lives, or when the page is about no call."""
    call = call_of(context)
    badge, title = NOTICES.get(call.state, ("", "")) if call else ("", "")
    return {"call": call, "badge": badge, "title": title}


def call_of(context: Any) -> Call | None:
    """The call of a page: itself, or that of its file, session, agreement or plan when it is read already."""
    if isinstance(call := context.get("call"), Call):
        return call
    for name in ("application", "session", "agreement", "seat"):
        found = getattr(context.get(name), "_state", None)
        if found is not None and isinstance(call := found.fields_cache.get("call"), Call):
            return call
    return None
