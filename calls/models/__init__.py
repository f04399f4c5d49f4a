from .call import Call, CallRevision, CallRole, CallTransition, Partner, Programme
from .form import DownloadFile, PieceType, Question, Section, Undertaking
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
    "Grid",
    "Indicator",
    "JuryRules",
    "Milestone",
    "Partner",
    "PieceType",
    "Programme",
    "Question",
    "Ranking",
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
