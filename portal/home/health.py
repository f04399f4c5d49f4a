"""The pulse of the portal, without any secret."""

from datetime import datetime, timedelta
from typing import Any

from portal.core.models import Heartbeat, Job, OutboundEmail

SILENCE = timedelta(minutes=5)


def report(at: datetime) -> dict[str, Any]:
    """Each part « vert » or « rouge »; the whole is green when all parts are. The database answered: we are here."""
    beat = Heartbeat.objects.filter(name="beat", at__gte=at - SILENCE).exists()
    mails = OutboundEmail.objects.filter(state="queued", attempts=0, not_before__lt=at - SILENCE).exists()
    failed = OutboundEmail.objects.filter(state="failed").exists()
    jobs = Job.objects.filter(state="queued", attempts=0, not_before__lt=at - SILENCE).exists()
    parts = {
        "base": "vert",
        "planificateur": colour(beat),
        "courriels": colour(not mails and not failed),
        "travaux": colour(not jobs),
    }
    return {"sante": colour(set(parts.values()) == {"vert"}), **parts}


def colour(good: bool) -> str:
    return "vert" if good else "rouge"
