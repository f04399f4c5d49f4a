"""States of a request for expertise."""

from portal.core.workflow import Transition, table

ASKED, ASSIGNED, ACCEPTED, DECLINED = "asked", "assigned", "accepted", "declined"
ANSWERED, CLOSED, CANCELLED = "answered", "closed", "cancelled"
CHOICES = [
    (ASKED, "à confier"),
    (ASSIGNED, "confiée, sans réponse"),
    (ACCEPTED, "acceptée"),
    (DECLINED, "déclinée, à confier"),
    (ANSWERED, "rendue"),
    (CLOSED, "close"),
    (CANCELLED, "annulée"),
]
WITH_BODY = frozenset({ASSIGNED, ACCEPTED})
TO_ASSIGN = frozenset({ASKED, DECLINED})
ASSIGN = Transition("assign", TO_ASSIGN | {ASSIGNED}, ASSIGNED, "Confier la demande")
ACCEPT = Transition("accept", frozenset({ASSIGNED}), ACCEPTED, "Accepter la demande")
DECLINE = Transition("decline", WITH_BODY, DECLINED, "Décliner la demande", needs_reason=True)
ANSWER = Transition("answer", WITH_BODY, ANSWERED, "Rendre la réponse")
RATE = Transition("rate", frozenset({ANSWERED}), CLOSED, "Clore la demande")
CANCEL = Transition("cancel", TO_ASSIGN | WITH_BODY, CANCELLED, "Annuler la demande", needs_reason=True)
TRANSITIONS = table([ASSIGN, ACCEPT, DECLINE, ANSWER, RATE, CANCEL])
