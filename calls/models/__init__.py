from .call import Call, CallRevision, CallRole, CallTransition, Partner, Programme
from .enquiry import Enquiry, EnquiryTransition, FormerAnswer
from .form import DownloadFile, PieceType, Question, Section, Undertaking
from .life import Override, StagedDocument, StagedFile, TemplateAnswer
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
    "DownloadFile",
    "EligibilityRule",
    "Enquiry",
    "EnquiryTransition",
    "FormerAnswer",
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
    "StagedFile",
    "Stratum",
    "SupportPhase",
    "TemplateAnswer",
    "Track",
    "Undertaking",
    "Window",
    "WindowExtension",
]
