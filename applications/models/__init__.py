from .application import Application, ApplicationMember, ApplicationTransition, SectionAnswers, SignatureRequest
from .conditions import Justification, Ruling, RulingTransition
from .decision import Decision, DecisionLine, DecisionNotice
from .deposit import AnswerFact, Deposit, DepositAttempt, DepositedPiece, EligibilityVerdict
from .pieces import Attachment, CouncilResolution, PiecePromise
from .reopening import Reopening

__all__ = [
    "AnswerFact",
    "Application",
    "ApplicationMember",
    "ApplicationTransition",
    "Attachment",
    "CouncilResolution",
    "Decision",
    "DecisionLine",
    "DecisionNotice",
    "Deposit",
    "DepositAttempt",
    "DepositedPiece",
    "EligibilityVerdict",
    "Justification",
    "PiecePromise",
    "Reopening",
    "Ruling",
    "RulingTransition",
    "SectionAnswers",
    "SignatureRequest",
]
