"""States of a question asked about a call: it waits, then it is answered for all, or declined to the one who asked."""

from portal.core.workflow import Transition, table

ASKED, ANSWERED, DECLINED = "asked", "answered", "declined"
CHOICES = [
    (ASKED, "en attente de réponse"),
    (ANSWERED, "publiée"),
    (DECLINED, "écartée"),
]

ANSWER = Transition("answer", frozenset({ASKED}), ANSWERED, "Publier la réponse")
DECLINE = Transition("decline", frozenset({ASKED}), DECLINED, "Écarter la question", needs_reason=True)
CORRECT = Transition("correct", frozenset({ANSWERED}), ANSWERED, "Corriger la réponse", needs_reason=True)
TRANSITIONS = table([ANSWER, DECLINE, CORRECT])
