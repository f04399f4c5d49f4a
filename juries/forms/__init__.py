"""Forms of the jury."""

from .juror import DeclarationForm, LinkForm, NotesForm, VoteForm
from .meeting import AttendanceForm, EarlyPronounceForm, PronounceForm, SettleTieForm, TieForm
from .outcomes import DeferForm, DepartureForm, HandsForm, OpinionForm, ReasonForm
from .staff import DrawForm, EntrustForm, InviteForm, SessionForm, SimulationForm, TerritoryForm

__all__ = [
    "AttendanceForm",
    "DeclarationForm",
    "DeferForm",
    "DepartureForm",
    "DrawForm",
    "EarlyPronounceForm",
    "EntrustForm",
    "HandsForm",
    "InviteForm",
    "LinkForm",
    "NotesForm",
    "OpinionForm",
    "PronounceForm",
    "ReasonForm",
    "SessionForm",
    "SettleTieForm",
    "SimulationForm",
    "TerritoryForm",
    "TieForm",
    "VoteForm",
]
