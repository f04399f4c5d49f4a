"""What the pages of a call repeat: that it is suspended or closed without action; what is done with personal data."""

from typing import Any

from django import template

from .. import states
from ..models import Call
from ..retention import retention_of

register = template.Library()
USUAL = "Ces renseignements servent à instruire la candidature et à suivre l’accompagnement."
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


ACCOUNT = (
    "Vos nom, fonction et adresse électronique servent à vous reconnaître et à dire qui a écrit, signé ou déposé. Les "
    "personnes de votre organisme et l’équipe des appels où il candidate les lisent."
)
ACCOUNT_KEPT = "Ils sont gardés tant que votre compte sert ; un acte signé garde le nom de qui l’a signé."


@register.inclusion_tag("calls/_data_notice.html", takes_context=True)
def data_notice(context: Any) -> dict[str, str]:
    """`{% data_notice %}` beside each form that asks for personal data: the notice of its call, else of accounts."""
    call = call_of(context)
    if call is None:
        return {"text": ACCOUNT, "kept": ACCOUNT_KEPT, "dpo": ""}
    told = call.extras.get("data_notice") or {}
    profile = getattr(call.owner, "profile", None)
    dpo = told.get("dpo_mail") or (profile.dpo_email if profile else "")
    return {"text": told.get("text") or USUAL, "kept": retention_of(call.extras).words, "dpo": dpo}


def call_of(context: Any) -> Call | None:
    """The call of a page: itself, or that of its file, session, agreement or plan when it is read already."""
    if isinstance(call := context.get("call"), Call):
        return call
    for name in ("application", "session", "agreement", "seat"):
        found = getattr(context.get(name), "_state", None)
        if found is not None and isinstance(call := found.fields_cache.get("call"), Call):
            return call
    return None
