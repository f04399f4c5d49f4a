from .call import Call, CallRevision, CallRole, CallTransition, Partner, Programme
from .enquiry import Enquiry, EnquiryTransition
from .form import PieceType, Question, Section, Undertaking
from .rules import Bonus, Criterion, EligibilityRule, Grid, Indicator, JuryRules, ReasonCode, SeatTemplate
from .schedule import Milestone, Stratum, Track, Window, WindowExtension
from .support import AgreementArticle, SupportPhase

__all__ = [
    "AgreementArticle",
    "Bonus",
    "Call",
    "CallRevision",
    "CallRole",
    "CallTransition",
    "Criterion",
    "EligibilityRule",
    "Enquiry",
    "EnquiryTransition",
    "Grid",
    "Indicator",
    "JuryRules",
    "Milestone",
    "Partner",
    "PieceType",
    "Programme",
    "Question",
    "ReasonCode",
    "SeatTemplate",
    "Section",
    "Stratum",
    "SupportPhase",
    "Track",
    "Undertaking",
    "Window",
    "WindowExtension",
]
