"""States of an agreement. That its term is past is computed from dates, never stored (`term.py`)."""

from portal.core.workflow import Transition, table

DRAFTING, SIGNING, IN_FORCE, TERMINATED = "drafting", "signing", "in_force", "terminated"
LAPSED, ABANDONED = "lapsed", "abandoned"
CHOICES = [
    (DRAFTING, "en rédaction"),
    (SIGNING, "en signature"),
    (IN_FORCE, "en vigueur"),
    (TERMINATED, "résiliée"),
    (LAPSED, "caduque"),
    (ABANDONED, "abandonnée"),
]
# What binds, or will: a laureate has one such agreement of its own.
LIVING = frozenset({DRAFTING, SIGNING, IN_FORCE})
SEND = Transition("send", frozenset({DRAFTING}), SIGNING, "Envoyer à la signature")
ENTER = Transition("enter", frozenset({SIGNING}), IN_FORCE, "Constater l’entrée en vigueur")
TERMINATE = Transition("terminate", frozenset({IN_FORCE}), TERMINATED, "Résilier la convention", needs_reason=True)
LAPSE = Transition("lapse", frozenset({SIGNING}), LAPSED, "Constater la caducité", needs_reason=True)
ABANDON = Transition("abandon", frozenset({DRAFTING}), ABANDONED, "Abandonner le projet", needs_reason=True)
TRANSITIONS = table([SEND, ENTER, TERMINATE, LAPSE, ABANDON])
