"""States of an aid granted, and of each request for payment."""

from portal.core.workflow import Transition, table

ACTIVE, SETTLED, LAPSED = "active", "settled", "lapsed"
AWARD_CHOICES = [(ACTIVE, "en cours"), (SETTLED, "soldée"), (LAPSED, "caduque")]
SETTLE = Transition("settle", frozenset({ACTIVE}), SETTLED, "Solder l’aide")
LAPSE = Transition("lapse", frozenset({ACTIVE}), LAPSED, "Constater la caducité", needs_reason=True)
AWARD_TRANSITIONS = table([SETTLE, LAPSE])

ASKED, RETURNED, CHECKED, CERTIFIED, PAID = "asked", "returned", "checked", "certified", "paid"
CHOICES = [
    (ASKED, "demandé"),
    (RETURNED, "rendu, à reprendre"),
    (CHECKED, "vérifié"),
    (CERTIFIED, "certifié, à verser"),
    (PAID, "versé"),
]
# What counts against the aid: a request returned takes nothing.
COUNTED = frozenset({ASKED, CHECKED, CERTIFIED, PAID})
UNDER_WAY = frozenset({ASKED, CHECKED, CERTIFIED})
CHECK = Transition("check", frozenset({ASKED}), CHECKED, "Vérifier la demande")
RETURN = Transition(
    "return", frozenset({ASKED, CHECKED}), RETURNED, "Rendre la demande à la commune", needs_reason=True
)
CERTIFY = Transition("certify", frozenset({CHECKED}), CERTIFIED, "Certifier le service fait")
PAY = Transition("pay", frozenset({CERTIFIED}), PAID, "Enregistrer le versement")
TRANSITIONS = table([CHECK, RETURN, CERTIFY, PAY])
