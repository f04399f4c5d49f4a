"""All that the public page of a call shows, whoever reads it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.functional import SimpleLazyObject

from ..models import Call, CallRevision
from ..queries import downloads_of
from ..queries_enquiries import published_answers
from ..queries_public import cancelled_at
from ..rules import can_ask_question, window_accepts
from .blocks import blocks_after_grid, blocks_before_grid, rankings
from .chain import public_chain
from .page import calendar_of, contact_of, criteria_of, documents_of, grid_sentence
from .rows import rows_of
from .share import share_of

LATEST_ANSWERS = 3
LATEST_CHANGES = 20
KEPT_WORDS = 600  # seconds


def page_of(call: Call, at: datetime) -> dict[str, Any]:
    """The context of `calls/page.html`."""
    (row,) = rows_of([call], at)
    answers = published_answers(call)
    revisions = list(call.revisions.defer("document").order_by("-n")[: LATEST_CHANGES + 1])
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
        **words_of(call, revisions),
        "cancelled_at": cancelled_at(call) if row.phase == "cancelled" else None,
        "changelog": [revision for revision in revisions if revision.n > 1][:LATEST_CHANGES],
        "accepts": window_accepts(call, row.window, at),
        "now": at,
    }


def words_of(call: Call, revisions: Sequence[CallRevision]) -> dict[str, Any]:
    """What only the document of the call says: read when the page draws it, which it does once for each revision.

    The words of a call in preparation change without a revision: they are not kept.
    """
    published = bool(call.published_at and revisions)
    return {
        "words_kept": KEPT_WORDS if published else 0,
        "words_key": revisions[0].sha256 if published else "",
        "before_grid": SimpleLazyObject(lambda: blocks_before_grid(call)),
        "after_grid": SimpleLazyObject(lambda: blocks_after_grid(call)),
        "criteria": SimpleLazyObject(lambda: criteria_of(call)),
        "rankings": SimpleLazyObject(lambda: rankings(call)),
        "grid_sentence": SimpleLazyObject(lambda: grid_sentence(getattr(call, "grid", None))),
    }
