from .assessment import Assessment, AssessmentTransition, Assignment, FileScore, Score
from .members import InterestDeclaration, Recusal, Seat, SeatDraw, SeatHolder
from .session import (
    AgendaItem,
    AgendaItemTransition,
    Attendance,
    AttendanceMove,
    JurySession,
    JurySessionTransition,
    Minutes,
    ProposalLine,
    RankingDeparture,
    SimulationVariant,
    Vote,
)

__all__ = [
    "AgendaItem",
    "AgendaItemTransition",
    "Assessment",
    "AssessmentTransition",
    "Assignment",
    "Attendance",
    "AttendanceMove",
    "FileScore",
    "InterestDeclaration",
    "JurySession",
    "JurySessionTransition",
    "Minutes",
    "ProposalLine",
    "RankingDeparture",
    "Recusal",
    "Score",
    "Seat",
    "SeatDraw",
    "SeatHolder",
    "SimulationVariant",
    "Vote",
]
