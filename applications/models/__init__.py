from .admissibility import ChecklistAnswer, Reservation, ReservationTransition
from .application import Application, ApplicationMember, ApplicationTransition, SectionAnswers, SignatureRequest
from .completion import CompletionFile, CompletionItem, CompletionRequest, CompletionTransition
from .conditions import Justification, Ruling, RulingTransition
from .decision import Decision, DecisionLine, DecisionNotice
from .deposit import AnswerFact, Deposit, DepositAttempt, DepositedPiece, EligibilityVerdict
from .opinion import Expert, OpinionFile, OpinionRequest, OpinionTransition
from .pieces import Attachment, CouncilResolution, PiecePromise
from .reopening import Reopening

__all__ = [
    "AnswerFact",
    "Application",
    "ApplicationMember",
    "ApplicationTransition",
    "Attachment",
    "ChecklistAnswer",
    "CompletionFile",
    "CompletionItem",
    "CompletionRequest",
    "CompletionTransition",
    "CouncilResolution",
    "Decision",
    "DecisionLine",
    "DecisionNotice",
    "Deposit",
    "DepositAttempt",
    "DepositedPiece",
    "EligibilityVerdict",
    "Expert",
    "Justification",
    "OpinionFile",
    "OpinionRequest",
    "OpinionTransition",
    "PiecePromise",
    "Reopening",
    "Reservation",
    "ReservationTransition",
    "Ruling",
    "RulingTransition",
    "SectionAnswers",
    "SignatureRequest",
]
