"""Forms of the jury."""

from .juror import DeclarationForm, LinkForm, NotesForm, VoteForm
from .meeting import AttendanceForm, EarlyPronounceForm, PronounceForm, ReasonForm, SettleTieForm, TieForm
from .staff import InviteForm, SessionForm

__all__ = [
    "AttendanceForm",
    "DeclarationForm",
    "EarlyPronounceForm",
    "InviteForm",
    "LinkForm",
    "NotesForm",
    "PronounceForm",
    "ReasonForm",
    "SessionForm",
    "SettleTieForm",
    "TieForm",
    "VoteForm",
]
