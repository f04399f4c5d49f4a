from .assessment import Assessment, AssessmentTransition, Assignment, FileScore, Score
from .before import Hearing, Proxy
from .members import InterestDeclaration, Recusal, Seat, SeatDraw, SeatHolder
from .session import (
    AgendaItem,
    AgendaItemTransition,
    Attendance,
    AttendanceMove,
    Erratum,
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
    "Erratum",
    "FileScore",
    "Hearing",
    "InterestDeclaration",
    "JurySession",
    "JurySessionTransition",
    "Minutes",
    "ProposalLine",
    "Proxy",
    "RankingDeparture",
    "Recusal",
    "Score",
    "Seat",
    "SeatDraw",
    "SeatHolder",
    "SimulationVariant",
    "Vote",
]
