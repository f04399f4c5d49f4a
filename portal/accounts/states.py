"""States of a membership. A claim answered, a right changed, a departure: each is a transition with its log row."""

from portal.core.workflow import Transition, table

PENDING, CONFIRMED, ENDED = "pending", "confirmed", "ended"
LIVE = frozenset({PENDING, CONFIRMED})

CONFIRM = Transition("confirm", frozenset({PENDING}), CONFIRMED, "Confirmer le rattachement")
CHANGE_RIGHT = Transition(
    "change_right", frozenset({CONFIRMED}), CONFIRMED, "Changer le droit d’un membre", needs_reason=True
)
END = Transition("end", LIVE, ENDED, "Mettre fin au rattachement")
TRANSITIONS = table([CONFIRM, CHANGE_RIGHT, END])
