"""States of a call. Open, closed, under examination are computed from the windows, never stored."""

from portal.core.workflow import Transition, table

DRAFT, VALIDATED, PUBLISHED, SUSPENDED, CANCELLED, ARCHIVED = (
    "draft",
    "validated",
    "published",
    "suspended",
    "cancelled",
    "archived",
)
CHOICES = [
    (DRAFT, "en préparation"),
    (VALIDATED, "visé"),
    (PUBLISHED, "publié"),
    (SUSPENDED, "suspendu"),
    (CANCELLED, "sans suite"),
    (ARCHIVED, "archivé"),
]
# Nobody but the team sees it; its document may change as a whole.
PREPARATION = frozenset({DRAFT, VALIDATED})
# It lives: its document is corrected, its limit put back.
LIVE = frozenset({PUBLISHED, SUSPENDED})

VALIDATE = Transition("validate", frozenset({DRAFT}), VALIDATED, "Enregistrer le visa")
AMEND = Transition("amend", frozenset({VALIDATED}), DRAFT, "Reprendre la préparation")
PUBLISH = Transition("publish", PREPARATION, PUBLISHED, "Publier l’appel")
SUSPEND = Transition("suspend", frozenset({PUBLISHED}), SUSPENDED, "Suspendre l’appel", needs_reason=True)
RESUME = Transition("resume", frozenset({SUSPENDED}), PUBLISHED, "Reprendre l’appel")
CANCEL = Transition("cancel", LIVE, CANCELLED, "Classer l’appel sans suite", needs_reason=True)
ARCHIVE = Transition("archive", frozenset({PUBLISHED, CANCELLED}), ARCHIVED, "Archiver l’appel")
TRANSITIONS = table([VALIDATE, AMEND, PUBLISH, SUSPEND, RESUME, CANCEL, ARCHIVE])
