"""States of a mandate. Its days decide when it counts: to come, in force and ended are computed, never stored."""

from portal.core.workflow import Transition, table

PREPARED, GIVEN, REVOKED = "prepared", "given", "revoked"
CHOICES = [(PREPARED, "préparé"), (GIVEN, "donné"), (REVOKED, "révoqué")]
GIVE = Transition("give", frozenset({PREPARED}), GIVEN, "Donner le mandat")
REVOKE = Transition("revoke", frozenset({GIVEN}), REVOKED, "Révoquer le mandat")
TRANSITIONS = table([GIVE, REVOKE])
