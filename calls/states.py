"""States of a call. Open, closed, under examination are computed from the windows, never stored."""

from portal.core.workflow import Transition, table

DRAFT, PUBLISHED, CANCELLED, ARCHIVED = "draft", "published", "cancelled", "archived"
CHOICES = [
    (DRAFT, "en préparation"),
    (PUBLISHED, "publié"),
    (CANCELLED, "sans suite"),
    (ARCHIVED, "archivé"),
]

PUBLISH = Transition("publish", frozenset({DRAFT}), PUBLISHED, "Publier l’appel")
CANCEL = Transition("cancel", frozenset({PUBLISHED}), CANCELLED, "Classer l’appel sans suite", needs_reason=True)
ARCHIVE = Transition("archive", frozenset({PUBLISHED, CANCELLED}), ARCHIVED, "Archiver l’appel")
TRANSITIONS = table([PUBLISH, CANCEL, ARCHIVE])
