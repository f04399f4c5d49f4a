"""States of a support, and of one action of its plan."""

from portal.core.workflow import Transition, table

ACTIVE, PAUSED, ENDED = "active", "paused", "ended"
PLAN_CHOICES = [(ACTIVE, "en cours"), (PAUSED, "suspendu"), (ENDED, "terminé")]
PAUSE = Transition("pause", frozenset({ACTIVE}), PAUSED, "Suspendre l’accompagnement", needs_reason=True)
RESUME = Transition("resume", frozenset({PAUSED}), ACTIVE, "Reprendre l’accompagnement")
EXTEND = Transition("extend", frozenset({ACTIVE}), ACTIVE, "Prolonger l’accompagnement", needs_reason=True)
HAND_OVER = Transition("hand_over", frozenset({ACTIVE}), ACTIVE, "Passer la main", needs_reason=True)
END = Transition("end", frozenset({ACTIVE, PAUSED}), ENDED, "Clore l’accompagnement", needs_reason=True)
PLAN_TRANSITIONS = table([PAUSE, RESUME, EXTEND, HAND_OVER, END])

MATURING, ENGAGED, BLOCKED, DELIVERED, DROPPED = "maturing", "engaged", "blocked", "delivered", "dropped"
ACTION_CHOICES = [
    (MATURING, "en maturation"),
    (ENGAGED, "engagée"),
    (BLOCKED, "blocage"),
    (DELIVERED, "livrée"),
    (DROPPED, "abandonnée"),
]
OPEN_ACTIONS = frozenset({MATURING, ENGAGED, BLOCKED})
ENGAGE = Transition("engage", frozenset({MATURING}), ENGAGED, "Engager l’action")
BLOCK = Transition("block", frozenset({MATURING, ENGAGED}), BLOCKED, "Signaler un blocage", needs_reason=True)
UNBLOCK = Transition("unblock", frozenset({BLOCKED}), ENGAGED, "Lever le blocage", needs_reason=True)
DELIVER = Transition("deliver", frozenset({ENGAGED}), DELIVERED, "Déclarer l’action livrée")
DROP = Transition("drop", OPEN_ACTIONS, DROPPED, "Abandonner l’action", needs_reason=True)
REOPEN = Transition("reopen", frozenset({DELIVERED, DROPPED}), ENGAGED, "Reprendre l’action", needs_reason=True)
ACTION_TRANSITIONS = table([ENGAGE, DELIVER, BLOCK, UNBLOCK, REOPEN, DROP])

PLANNED, HELD, CANCELLED = "planned", "held", "cancelled"
MEETING_CHOICES = [(PLANNED, "prévue"), (HELD, "tenue"), (CANCELLED, "annulée")]
HOLD = Transition("hold", frozenset({PLANNED, HELD}), HELD, "Enregistrer la réunion")
CANCEL = Transition("cancel", frozenset({PLANNED}), CANCELLED, "Annuler la réunion", needs_reason=True)
