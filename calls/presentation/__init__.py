"""What the pages of a call show, as plain data for the components."""

from .chain import MENUS, MenuEntry, menu_of, public_chain, staff_chain, team_of
from .page import (
    calendar_of,
    contact_of,
    criteria_of,
    documents_of,
    eligibility_answer,
    grid_sentence,
)
from .places import filter_problem, territory_choices
from .questions import QUESTION_ORDER, question_state, question_tabs
from .rows import FIGURES, CallFigures, CallRow, row_of, rows_of
from .share import share_of

__all__ = [
    "FIGURES",
    "MENUS",
    "QUESTION_ORDER",
    "CallFigures",
    "CallRow",
    "MenuEntry",
    "calendar_of",
    "contact_of",
    "criteria_of",
    "documents_of",
    "eligibility_answer",
    "filter_problem",
    "grid_sentence",
    "menu_of",
    "public_chain",
    "question_state",
    "question_tabs",
    "row_of",
    "rows_of",
    "share_of",
    "staff_chain",
    "team_of",
    "territory_choices",
]
