"""What the pages of a call show, as plain data for the components."""

from .call_page import page_of
from .chain import MENUS, MenuEntry, menu_of, staff_chain, team_of
from .eligibility import EligibilityAnswer, eligibility_answer, group_answer
from .page import (
    calendar_of,
    contact_of,
    grid_sentence,
)
from .places import filter_problem
from .questions import QUESTION_ORDER, question_state, question_tabs
from .rows import FIGURES, CallFigures, CallRow, row_of, rows_of

__all__ = [
    "FIGURES",
    "MENUS",
    "QUESTION_ORDER",
    "CallFigures",
    "CallRow",
    "EligibilityAnswer",
    "MenuEntry",
    "calendar_of",
    "contact_of",
    "eligibility_answer",
    "filter_problem",
    "grid_sentence",
    "group_answer",
    "menu_of",
    "page_of",
    "question_state",
    "question_tabs",
    "row_of",
    "rows_of",
    "staff_chain",
    "team_of",
]
