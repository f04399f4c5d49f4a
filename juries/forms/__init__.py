"""Forms of the jury."""

from .before import AgendaForm, DiscussionForm, HearingReplyForm, ProxyForm, ScheduleForm, SlotsForm
from .juror import DeclarationForm, LinkForm, NotesForm, VoteForm
from .meeting import AttendanceForm, EarlyPronounceForm, PronounceForm, SettleTieForm, TieForm
from .outcomes import DeferForm, DepartureForm, ErratumForm, HandsForm, OpinionForm, ReasonForm
from .staff import DrawForm, EntrustForm, InviteForm, SessionForm, SimulationForm, TerritoryForm

__all__ = [
    "AgendaForm",
    "AttendanceForm",
    "DeclarationForm",
    "DeferForm",
    "DepartureForm",
    "DiscussionForm",
    "DrawForm",
    "EarlyPronounceForm",
    "EntrustForm",
    "ErratumForm",
    "HandsForm",
    "HearingReplyForm",
    "InviteForm",
    "LinkForm",
    "NotesForm",
    "OpinionForm",
    "PronounceForm",
    "ProxyForm",
    "ReasonForm",
    "ScheduleForm",
    "SessionForm",
    "SettleTieForm",
    "SimulationForm",
    "SlotsForm",
    "TerritoryForm",
    "TieForm",
    "VoteForm",
]
