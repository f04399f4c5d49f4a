"""The pulse of the portal, without any secret."""

from datetime import datetime, timedelta
from typing import Any

from django.db import DatabaseError
from django.db.models import Q

from portal.core import scanning
from portal.core.clock import portal_now
from portal.core.models import FrozenDocument, Heartbeat, Job, OutboundEmail

SILENCE = timedelta(minutes=5)
RECENT = timedelta(days=1)


def pulse() -> dict[str, Any]:
    """The report of now; when the database does not answer, it says just that."""
    try:
        return report(portal_now())
    except DatabaseError:
        return {"sante": "rouge", "base": "rouge"}


def report(at: datetime) -> dict[str, Any]:
    """Each part « vert » or « rouge »; the whole is green when all parts are. The database answered: we are here.

    A failure is red for a day: staff see it for as long as it lasts, a probe must be able to turn green again.
    """
    late = Q(state="queued", attempts=0, not_before__lt=at - SILENCE)
    failed = Q(state="failed", not_before__gte=at - RECENT)
    beat = Heartbeat.objects.filter(name="beat", at__gte=at - SILENCE).exists()
    unreached = Q(state="queued", attempts=0, created_at__lt=at - SILENCE, last_error__gt="")
    mails = OutboundEmail.objects.filter(late | failed | unreached).exists()
    jobs = Job.objects.filter(late | failed).exists()
    documents = FrozenDocument.objects.filter(state="failed", issued_at__gte=at - RECENT).exists()
    parts = {
        "base": "vert",
        "planificateur": colour(beat),
        "courriels": colour(not mails),
        "travaux": colour(not jobs and not documents),
        **({"antivirus": colour(scanning.answers())} if scanning.configured() else {}),
    }
    return {"sante": colour(set(parts.values()) == {"vert"}), **parts}


def colour(good: bool) -> str:
    return "vert" if good else "rouge"
