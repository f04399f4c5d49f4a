"""Who was invited to a call, who could not receive, who has begun: one row per commune."""

from dataclasses import dataclass

from django.core.paginator import Page, Paginator

from applications.models import ApplicationMember
from calls.models import Call
from calls.queries import communes_of_perimeter
from portal.core.models import OutboundEmail
from portal.territories.models import Commune

STATES = {
    "": ("not_begun", "Adresse inconnue"),
    "none": ("not_begun", "Pas encore écrit"),
    "queued": ("awaited", "En attente d’envoi"),
    "sending": ("awaited", "En cours d’envoi"),
    "sent": ("sent", "Reçu par le serveur"),
    "failed": ("failed", "Revenu en erreur"),
    "uncertain": ("failed", "Envoi incertain"),
    "stopped": ("awaited", "Arrêté"),
}


@dataclass(frozen=True)
class InvitationRow:
    commune: Commune
    address: str
    badge: str
    state: str
    begun: bool


def invitation_page(
    call: Call, number: str | None, scope: frozenset[str] | None = None
) -> tuple[Page, list[InvitationRow]]:
    """One page of communes (of `scope`, INSEE codes, when given), three queries whatever their number."""
    page = Paginator(communes_of_perimeter(call, scope).select_related("organisation"), 60).get_page(number)
    addresses = {c.insee: c.organisation.official_email for c in page if hasattr(c, "organisation")}
    mails = dict(
        OutboundEmail.objects.filter(
            kind="call.invitation", object_key=f"call:{call.slug}", recipient__in=addresses.values()
        ).values_list("recipient", "state")
    )
    begun = set(
        ApplicationMember.objects.filter(
            call=call, confirmed_at__isnull=False, left_at=None, organisation__commune__in=list(page)
        ).values_list("organisation__commune_id", flat=True)
    )
    return page, [row_of(commune, addresses.get(commune.insee, ""), mails, begun) for commune in page]


def row_of(commune: Commune, address: str, mails: dict[str, str], begun: set[str]) -> InvitationRow:
    badge, state = STATES[mails.get(address, "none") if address else ""]
    return InvitationRow(commune, address, badge, state, commune.insee in begun)
