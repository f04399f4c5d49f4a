from .arrivals import Claim, Invitation, LinkSession, StepUp
from .organisations import InstitutionProfile, Membership, Organisation, OrganisationUnit
from .users import User

__all__ = [
    "Claim",
    "InstitutionProfile",
    "Invitation",
    "LinkSession",
    "Membership",
    "Organisation",
    "OrganisationUnit",
    "StepUp",
    "User",
]
