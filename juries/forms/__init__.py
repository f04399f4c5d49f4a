"""Forms of the jury."""

from .juror import DeclarationForm, LinkForm, NotesForm, VoteForm
from .meeting import AttendanceForm, EarlyPronounceForm, PronounceForm, ReasonForm, SettleTieForm, TieForm
from .staff import DrawForm, EntrustForm, InviteForm, SessionForm, SimulationForm, TerritoryForm

__all__ = [
    "AttendanceForm",
    "DeclarationForm",
    "DrawForm",
    "EarlyPronounceForm",
    "EntrustForm",
    "InviteForm",
    "LinkForm",
    "NotesForm",
    "PronounceForm",
    "ReasonForm",
    "SessionForm",
    "SettleTieForm",
    "SimulationForm",
    "TerritoryForm",
    "TieForm",
    "VoteForm",
]
