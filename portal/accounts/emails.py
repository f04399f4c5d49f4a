"""The mails about accounts: claims, invitations, codes. Text in `templates/emails/accounts/`."""

from datetime import datetime
from typing import Any

from django.conf import settings

from portal.core.mailing import Action, Sender, compose
from portal.core.models import OutboundEmail
from portal.core.outbox import Mail
from portal.core.typography import format_instant

from .models import AddressChange, Claim, ClaimLink, Invitation, Membership, Organisation, StepUp
from .queries import only_institution


def sender_for(organisation: Organisation | None) -> Sender:
    """The organisation's own name when it is an institution, else the portal's only institution, else the portal."""
    profile = getattr(organisation, "profile", None) or only_institution()
    if profile is None:
        return Sender(settings.PORTAL_NAME, "")
    signature = f"{profile.contact_service}, {profile.short_name}\n{profile.contact_phone}, {profile.contact_email}"
    return Sender(profile.short_name, profile.contact_email, signature)


def claim_to_town_hall(link: ClaimLink, secret: str) -> Mail:
    """To the official address: is this person one of yours? The link answers, until its end; once for each sending."""
    claim, membership = link.claim, link.claim.membership
    return compose(
        "accounts/claim_official",
        kind="claim-official",
        object_key=f"claim:{claim.pk}",
        recipient=membership.organisation.official_email,
        sender=sender_for(None),
        context={**about_claim(claim), "expires": format_instant(link.expires_at)},
        action=Action("Répondre à cette demande", f"/rattachements/{secret}/"),
        guarantee=OutboundEmail.Guarantee.AT_MOST_ONCE,
        period=str(link.n),
    )


def claim_to_person_in_charge(claim: Claim, recipient: str) -> Mail:
    membership = claim.membership
    return compose(
        "accounts/claim_colleague",
        kind="claim-colleague",
        object_key=f"claim:{claim.pk}",
        recipient=recipient,
        sender=sender_for(None),
        context=about_claim(claim),
        action=Action("Voir la demande", f"/organismes/{membership.organisation.uuid}/membres/"),
    )


def access_taken_over(gone: Membership, heir: Membership) -> Mail:
    """To the person whose access ends because someone takes their place: if it is not so, they say it."""
    return compose(
        "accounts/access_taken_over",
        kind="access-taken-over",
        object_key=f"membership:{gone.pk}",
        recipient=gone.user.email,
        sender=sender_for(None),
        context={"organisation": gone.organisation, "heir": heir},
    )


def claim_accepted(membership: Membership) -> Mail:
    return compose(
        "accounts/claim_accepted",
        kind="claim-accepted",
        object_key=f"membership:{membership.pk}",
        recipient=membership.user.email,
        sender=sender_for(None),
        context=about(membership),
        action=Action("Ouvrir mes actions", "/mes-actions/"),
        period=membership.right,
    )


def claim_refused(claim: Claim, recipient: str) -> Mail:
    """To the person, and to the colleague who named them."""
    return compose(
        "accounts/claim_refused",
        kind="claim-refused",
        object_key=f"claim:{claim.pk}",
        recipient=recipient,
        sender=sender_for(None),
        context=about_claim(claim),
    )


def signatory_named(membership: Membership, by: Any) -> Mail:
    """To the official address: someone else than it has confirmed who signs; it can object."""
    return compose(
        "accounts/signatory_named",
        kind="signatory-named",
        object_key=f"membership:{membership.pk}",
        recipient=membership.organisation.official_email,
        sender=sender_for(None),
        context={**about(membership), "by": by},
    )


def invitation(row: Invitation, secret: str, offer: str) -> Mail:
    organisation = row.organisation
    return compose(
        "accounts/invitation",
        kind="invitation",
        object_key=f"invitation:{row.pk}",
        recipient=row.email,
        sender=sender_for(organisation),
        context={"invitation": row, "offer": offer, "expires": format_instant(row.expires_at)},
        action=Action("Lire l’invitation", f"/invitations/{secret}/"),
    )


def step_up_code(row: StepUp, code: str) -> Mail:
    return compose(
        "accounts/step_up_code",
        kind="step-up",
        object_key=f"step-up:{row.pk}",
        recipient=row.user.email,
        sender=sender_for(None),
        context={"code": code, "expires": clock_of(row.expires_at)},
    )


def address_code(change: AddressChange, code: str) -> Mail:
    """To the new address: the code that proves it."""
    context = {"code": code, "expires": clock_of(change.expires_at), "change": change}
    return about_address("address_code", change, change.new_email, context)


def address_change_asked(change: AddressChange) -> Mail:
    """To the present address, at once: whoever left their computer open learns it."""
    return about_address("address_change_asked", change, change.old_email, {"change": change})


def address_changed(change: AddressChange) -> Mail:
    """To the former address, which the portal writes to no more."""
    return about_address("address_changed", change, change.old_email, {"change": change})


def about_address(name: str, change: AddressChange, recipient: str, context: dict[str, Any]) -> Mail:
    return compose(
        f"accounts/{name}",
        kind=name.replace("_", "-"),
        object_key=f"address:{change.uuid.hex}",
        recipient=recipient,
        sender=sender_for(None),
        context=context,
    )


def about(membership: Membership) -> dict[str, Any]:
    return {"person": membership.user, "organisation": membership.organisation, "membership": membership}


def about_claim(claim: Claim) -> dict[str, Any]:
    return {**about(claim.membership), "claim": claim, "signs": claim.right == Membership.Right.SIGNATORY}


def clock_of(at: datetime) -> str:
    return format_instant(at)
