"""States of an application. They stop at its decision; jury, agreement and support own theirs.

A new version being written and an expired draft are computed, never stored.
"""

from portal.core.workflow import Transition, table

DRAFT, SUBMITTED, ADMISSIBLE, INADMISSIBLE, DECIDED, WITHDRAWN = (
    "draft",
    "submitted",
    "admissible",
    "inadmissible",
    "decided",
    "withdrawn",
)
CHOICES = [
    (DRAFT, "brouillon"),
    (SUBMITTED, "déposée"),
    (ADMISSIBLE, "recevable"),
    (INADMISSIBLE, "non recevable"),
    (DECIDED, "décidée"),
    (WITHDRAWN, "retirée"),
]
DEPOSITED = frozenset({SUBMITTED, ADMISSIBLE, INADMISSIBLE, DECIDED})

SUBMIT = Transition("submit", frozenset({DRAFT, SUBMITTED}), SUBMITTED, "Déposer la candidature")
WITHDRAW = Transition("withdraw", frozenset({SUBMITTED}), WITHDRAWN, "Retirer la candidature", needs_reason=True)
ADMIT = Transition("admit", frozenset({SUBMITTED}), ADMISSIBLE, "Déclarer recevable")
REJECT = Transition("reject", frozenset({SUBMITTED}), INADMISSIBLE, "Déclarer non recevable", needs_reason=True)
REVERSE = Transition(
    "reverse", frozenset({ADMISSIBLE, INADMISSIBLE}), SUBMITTED, "Revenir sur la recevabilité", needs_reason=True
)
DECIDE = Transition("decide", frozenset({ADMISSIBLE, INADMISSIBLE}), DECIDED, "Enregistrer la décision")
TRANSITIONS = table([SUBMIT, WITHDRAW, ADMIT, REJECT, REVERSE, DECIDE])
