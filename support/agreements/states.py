"""States of an agreement."""

from portal.core.workflow import Transition, table

DRAFTING, SIGNING, IN_FORCE, TERMINATED = "drafting", "signing", "in_force", "terminated"
CHOICES = [
    (DRAFTING, "en rédaction"),
    (SIGNING, "en signature"),
    (IN_FORCE, "en vigueur"),
    (TERMINATED, "terminée"),
]
SEND = Transition("send", frozenset({DRAFTING}), SIGNING, "Envoyer à la signature")
ENTER = Transition("enter", frozenset({SIGNING}), IN_FORCE, "Constater l’entrée en vigueur")
TERMINATE = Transition("terminate", frozenset({IN_FORCE}), TERMINATED, "Mettre fin à la convention", needs_reason=True)
TRANSITIONS = table([SEND, ENTER, TERMINATE])
