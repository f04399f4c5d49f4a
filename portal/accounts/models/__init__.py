from .arrivals import Claim, Invitation, LinkSession, StepUp
from .organisations import InstitutionProfile, Membership, MembershipTransition, Organisation, OrganisationUnit
from .users import User

__all__ = [
    "Claim",
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
