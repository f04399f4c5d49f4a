from .assessment import Assessment, AssessmentTransition, FileScore, Score
from .members import InterestDeclaration, Recusal, Seat, SeatHolder
from .session import (
    AgendaItem,
    AgendaItemTransition,
    Attendance,
    JurySession,
    JurySessionTransition,
    Minutes,
    ProposalLine,
    Vote,
)

__all__ = [
    "AgendaItem",
    "AgendaItemTransition",
    "Assessment",
    "AssessmentTransition",
    "Attendance",
    "FileScore",
    "InterestDeclaration",
    "JurySession",
    "JurySessionTransition",
    "Minutes",
    "ProposalLine",
    "Recusal",
    "Score",
    "Seat",
    "SeatHolder",
    "Vote",
]
