"""One example snapshot per template, as an app's builder would freeze it.

Communes are real, everything else is invented.
"""

from .agreement import agreement
from .calls import questions, rules
from .common import ANSWERS, LOGO
from .file import draft_file
from .letters import notice_inadmissible, notice_not_selected, notice_reserve, notice_selected
from .minutes import minutes
from .panel import panel
from .paper import paper
from .receipt import receipt, receipt_elsewhere
from .record import record

EXAMPLES = {
    "pdf/applications/receipt.html": receipt,
    "pdf/applications/file.html": draft_file,
    "pdf/juries/minutes.html": minutes,
    "pdf/juries/paper.html": paper,
    "pdf/applications/notice_selected.html": notice_selected,
    "pdf/applications/notice_reserve.html": notice_reserve,
    "pdf/applications/notice_not_selected.html": notice_not_selected,
    "pdf/applications/notice_inadmissible.html": notice_inadmissible,
    "pdf/support/agreement.html": agreement,
    "pdf/support/record.html": record,
    "pdf/support/panel.html": panel,
    "pdf/calls/rules.html": rules,
    "pdf/calls/questions.html": questions,
}

__all__ = [
    "ANSWERS",
    "EXAMPLES",
    "LOGO",
    "agreement",
    "draft_file",
    "minutes",
    "notice_reserve",
    "notice_selected",
    "receipt",
    "receipt_elsewhere",
    "rules",
]
