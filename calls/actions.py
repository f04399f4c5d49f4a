"""What is awaited from the people who manage a call: answers to the questions."""

from datetime import datetime

from django.urls import reverse

from portal.accounts.models import User
from portal.core.typography import format_ago, format_quantity
from portal.core.ui import Action

from .models import Call
from .queries import call_window
from .queries_enquiries import calls_with_questions

LIMIT = 20


def actions_for(user: User, at: datetime) -> list[Action]:
    """One row for each call where questions wait."""
    rows = calls_with_questions(user, at).prefetch_related("windows")[:LIMIT]
    return [question_action(call, at) for call in rows]


def question_action(call: Call, at: datetime) -> Action:
    """Due before the limit of deposit, while it is to come: afterwards the answer serves nobody."""
    window = call_window(call, at)
    since = format_ago(call.oldest, at)
    return Action(
        title=f"Répondre à {format_quantity(call.waiting, 'question')}, {call}",
        url=reverse("staff_questions", args=[call.slug]),
        verb="Répondre",
        due=window.closes_at if window else None,
        consequence=f"La plus ancienne a été posée {since}. Rien n’est public avant votre réponse.",
        holds_up="Des communes attendent une réponse.",
    )
