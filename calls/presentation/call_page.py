"""All that the public page of a call shows, whoever reads it."""

from datetime import datetime
from typing import Any

from ..models import Call
from ..queries import downloads_of
from ..queries_enquiries import published_answers
from ..queries_public import cancelled_at
from ..rules import can_ask_question, window_accepts
from .blocks import blocks_after_grid, blocks_before_grid
from .chain import public_chain
from .page import calendar_of, contact_of, criteria_of, documents_of, grid_sentence
from .rows import rows_of
from .share import share_of

LATEST_ANSWERS = 3


def page_of(call: Call, at: datetime) -> dict[str, Any]:
    """The context of `calls/page.html`."""
    (row,) = rows_of([call], at)
    answers = published_answers(call)
    return {
        "call": call,
        "row": row,
        "chain": public_chain(call, at),
        "milestones": calendar_of(call, at, answers=answers.count()),
        "answers": answers[:LATEST_ANSWERS],
        "may_ask": can_ask_question(call, at),
        "share": share_of(call),
        "contact": contact_of(call),
        "documents": documents_of(call),
        "downloads": downloads_of(call),
        "before_grid": blocks_before_grid(call),
        "after_grid": blocks_after_grid(call),
        "criteria": criteria_of(call),
        "grid_sentence": grid_sentence(getattr(call, "grid", None)),
        "cancelled_at": cancelled_at(call) if row.phase == "cancelled" else None,
        "changelog": call.revisions.filter(n__gt=1).defer("document").order_by("-n")[:20],
        "accepts": window_accepts(call, row.window, at),
        "now": at,
    }
