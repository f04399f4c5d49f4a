from .call import Call, CallRevision, CallRole, CallTransition, Partner, Programme
from .enquiry import Enquiry, EnquiryTransition
from .form import PieceType, Question, Section, Undertaking
from .life import Override, StagedDocument, TemplateAnswer
from .rules import Bonus, Criterion, EligibilityRule, Grid, Indicator, JuryRules, Ranking, ReasonCode, SeatTemplate
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
    "Override",
    "Partner",
    "PieceType",
    "Programme",
    "Question",
    "Ranking",
    "ReasonCode",
    "SeatTemplate",
    "Section",
    "StagedDocument",
    "Stratum",
    "SupportPhase",
    "TemplateAnswer",
    "Track",
    "Undertaking",
    "Window",
    "WindowExtension",
]
