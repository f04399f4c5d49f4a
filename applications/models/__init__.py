from .admissibility import ChecklistAnswer, InternalValue, Reservation, ReservationTransition
from .application import Application, ApplicationMember, ApplicationTransition, SectionAnswers, SignatureRequest
from .assignment import Assignment
from .completion import CompletionFile, CompletionItem, CompletionRequest, CompletionTransition
from .conditions import Justification, Ruling, RulingTransition
from .decision import Decision, DecisionLine, DecisionNotice
from .deposit import AnswerFact, Deposit, DepositAttempt, DepositedPiece, EligibilityVerdict
from .elsewhere import Channel, EntryBatch, EntryFile, EntryLine, OutsideReceipt
from .exporting import Export, ExportPart
from .laureates import MemberDeparture
from .letters import LetterBundle, LetterText, NoticeReading
from .mandate import Mandate, MandateTransition, MandateWriting
from .operations import Operation, PlanExpense, PlanResource
from .opinion import Expert, OpinionFile, OpinionRequest, OpinionTransition
from .pieces import Attachment, CouncilResolution, PiecePromise
from .reopening import Reopening
from .retention import ArchiveVisa, Erasure, RetentionHold
from .site import SiteCommune
from .talk import ContactEntry, InternalNote, Message, MessageFile, ProgressUpdate
from .views import SavedView

__all__ = [
    "AnswerFact",
    "Application",
    "ApplicationMember",
    "ApplicationTransition",
    "ArchiveVisa",
    "Assignment",
    "Attachment",
    "Channel",
    "ChecklistAnswer",
    "CompletionFile",
    "CompletionItem",
    "CompletionRequest",
    "CompletionTransition",
    "ContactEntry",
    "CouncilResolution",
    "Decision",
    "DecisionLine",
    "DecisionNotice",
    "Deposit",
    "DepositAttempt",
    "DepositedPiece",
    "EligibilityVerdict",
    "EntryBatch",
    "EntryFile",
    "EntryLine",
    "Erasure",
    "Expert",
    "Export",
    "ExportPart",
    "InternalNote",
    "InternalValue",
    "Justification",
    "LetterBundle",
    "LetterText",
    "Mandate",
    "MandateTransition",
    "MandateWriting",
    "MemberDeparture",
    "Message",
    "MessageFile",
    "NoticeReading",
    "Operation",
    "OpinionFile",
    "OpinionRequest",
    "OpinionTransition",
    "OutsideReceipt",
    "PiecePromise",
    "PlanExpense",
    "PlanResource",
    "ProgressUpdate",
    "Reopening",
    "Reservation",
    "ReservationTransition",
    "RetentionHold",
    "Ruling",
    "RulingTransition",
    "SavedView",
    "SectionAnswers",
    "SignatureRequest",
    "SiteCommune",
]
