"""The support of a selected application: its plan, its actions, its tables, its logbook."""

from .actions import ActionTransition, Milestone, PlanAction
from .capacity import Ceiling
from .exchanges import Attendee, Meeting, MeetingTransition, Message, Task, Visit
from .mandates import Mandate, Renewal, Site
from .plan import LogEntry, Phase, PlanTransition, SupportPlan
from .sheets import Consultation, DiagnosisNote, Initiative, Parcel, PlanDocument, PlanRow, Report, TeamMember
from .workshops import Attendance, Need, Roadmap, Scenario, ScenarioOpinion, Workshop, WorkshopPhoto

__all__ = [
    "ActionTransition",
    "Attendance",
    "Attendee",
    "Ceiling",
    "Consultation",
    "DiagnosisNote",
    "Initiative",
    "LogEntry",
    "Mandate",
    "Meeting",
    "MeetingTransition",
    "Message",
    "Milestone",
    "Need",
    "Parcel",
    "Phase",
    "PlanAction",
    "PlanDocument",
    "PlanRow",
    "PlanTransition",
    "Renewal",
    "Report",
    "Roadmap",
    "Scenario",
    "ScenarioOpinion",
    "Site",
    "SupportPlan",
    "Task",
    "TeamMember",
    "Visit",
    "Workshop",
    "WorkshopPhoto",
]
