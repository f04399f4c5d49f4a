from .arrivals import Claim, ClaimLink, Invitation, LinkSession, StepUp
from .organisations import InstitutionProfile, Membership, MembershipTransition, Organisation, OrganisationUnit
from .users import User

__all__ = [
    "Claim",
    "ClaimLink",
    "InstitutionProfile",
    "Invitation",
    "LinkSession",
    "Membership",
    "MembershipTransition",
    "Organisation",
    "OrganisationUnit",
    "StepUp",
    "User",
]
