from .arrivals import Claim, ClaimLink, Invitation, LinkSession, StepUp
from .continuity import OrganisationAlias, OrganisationEdit, Takeover, TakeoverLine
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
    "OrganisationAlias",
    "OrganisationEdit",
    "OrganisationUnit",
    "StepUp",
    "Takeover",
    "TakeoverLine",
    "User",
]
