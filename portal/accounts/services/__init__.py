"""Acts on accounts. What other apps call is named here."""

from ..rules import CLAIM_JUDGES, STAFF_CHECKS
from .claims import send_again
from .invitations import GRANTS, accept_invitation, invite, register_grant, revoke_invitation
from .links import personal_link, use_link
from .memberships import (
    SIGNATORY_CONFIRMED,
    accept_claim,
    claim_commune,
    confirm_membership,
    end_membership,
    enter_first,
    refuse_claim,
)
from .people import person_at
from .signatories import name_signatory
from .stepup import check_step_up_code, send_step_up_code

__all__ = [
    "CLAIM_JUDGES",
    "GRANTS",
    "SIGNATORY_CONFIRMED",
    "STAFF_CHECKS",
    "accept_claim",
    "accept_invitation",
    "check_step_up_code",
    "claim_commune",
    "confirm_membership",
    "end_membership",
    "enter_first",
    "invite",
    "name_signatory",
    "person_at",
    "personal_link",
    "refuse_claim",
    "register_grant",
    "revoke_invitation",
    "send_again",
    "send_step_up_code",
    "use_link",
]
