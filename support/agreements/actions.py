"""What agreements await."""

from datetime import datetime

from django.urls import reverse

from calls.queries import within_scope
from portal.accounts.models import User
from portal.core.typography import format_quantity
from portal.core.ui import Action

from .models import Agreement
from .queries import COMMUNE, agreements_visible_to, calls_awaiting_agreements

LIMIT = 20


def actions_for(user: User, at: datetime) -> list[Action]:
    return [*manager_actions(user, at), *commune_actions(user, at)]


def manager_actions(user: User, at: datetime) -> list[Action]:
    """Agreements to draw up, to send, to follow."""
    rows = []
    for call in calls_awaiting_agreements(user, at)[:LIMIT]:
        title = f"Établir les conventions de {call}"
        line = f"{format_quantity(call.awaiting, 'candidature retenue', 'candidatures retenues')} sans convention."
        rows.append(Action(title=title, url=reverse("agreements", args=[call.slug]), verb="Établir", consequence=line))
    mine = within_scope(user, at, "manager", call="call_id", commune=COMMUNE)
    for agreement in Agreement.objects.filter(mine, state="drafting").distinct().order_by("number")[:LIMIT]:
        rows.append(
            Action(
                title=f"Envoyer la convention {agreement.number} à la signature",
                url=reverse("agreement", args=[agreement.uuid]),
                verb="Ouvrir",
                due=agreement.starts_on,
                consequence=agreement.title,
                holds_up="L’accompagnement attend les signatures.",
            )
        )
    return rows


def commune_actions(user: User, at: datetime) -> list[Action]:
    """Agreements that the commune has to sign."""
    mine = user.memberships.filter(state="confirmed").values("organisation_id")
    waiting = agreements_visible_to(user, at).filter(
        state="signing", parties__organisation__in=mine, parties__side="beneficiary", parties__signed_on=None
    )
    return [
        Action(
            title=f"Signer la convention {agreement.number}",
            url=reverse("agreement", args=[agreement.uuid]),
            verb="Lire",
            due=agreement.starts_on,
            consequence="Imprimez-la, signez-la, renvoyez-la au service.",
            holds_up="L’accompagnement commence à la dernière signature.",
        )
        for agreement in waiting[:LIMIT]
    ]
