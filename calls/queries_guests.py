"""The organisations on the invitation list of a call that are no commune."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet

from portal.accounts.models import Invitation, Organisation

from .models import Call

SIREN = 9


def invited_codes(call: Call) -> list[str]:
    """The codes of the list: SIREN, or INSEE of a commune."""
    return list((call.extras.get("access") or {}).get("invited") or ())


def by_invitation(call: Call) -> bool:
    return (call.extras.get("access") or {}).get("kind") == "invitation"


def guests_of(call: Call) -> QuerySet[Organisation]:
    """Those that the portal knows, by name."""
    codes = [code for code in invited_codes(call) if len(code) == SIREN]
    return Organisation.objects.filter(siren__in=codes).exclude(kind=Organisation.Kind.COMMUNE).order_by("name", "pk")


def guest_states(call: Call, organisations: Iterable[Organisation], at: datetime) -> dict[int, str]:
    """What became of the invitation of each: « accepted », « sent », « expired »; absent when none has left."""
    found: dict[int, str] = {}
    rows = Invitation.objects.filter(grant="call-guest", grant_key=call.slug, organisation__in=list(organisations))
    for row in rows.order_by("created_at"):
        assert row.organisation_id is not None
        state = "accepted" if row.accepted_at else "sent" if row.expires_at > at else "expired"
        if found.get(row.organisation_id) != "accepted":
            found[row.organisation_id] = state
    return found
