from .arrivals import Claim, ClaimLink, Invitation, LinkSession, StepUp
from .continuity import OrganisationAlias, OrganisationEdit, Takeover, TakeoverLine
from .entries import AddressChange, OpenSession
from .organisations import InstitutionProfile, Membership, MembershipTransition, Organisation, OrganisationUnit
from .users import User

__all__ = [
    "AddressChange",
    "Claim",
    "ClaimLink",
    "InstitutionProfile",
    "Invitation",
    "LinkSession",
    "Membership",
    "MembershipTransition",
    "OpenSession",
    "Organisation",
    "OrganisationAlias",
    "OrganisationEdit",
    "OrganisationUnit",
    "StepUp",
    "Takeover",
    "TakeoverLine",
    "User",
]
