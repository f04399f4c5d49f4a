"""Until when a file may change: the limit of its window, put back for one file on a proven outage."""

from datetime import datetime

from django.db.models import QuerySet, prefetch_related_objects

from calls.models import Call

from .. import states
from ..models import Application, Reopening

LIVE = (states.DRAFT, states.SUBMITTED, states.ADMISSIBLE, states.INADMISSIBLE)


def live_files(call: Call) -> QuerySet[Application]:
    """The files that await something of the call: neither withdrawn nor decided."""
    return call.applications.filter(state__in=LIVE).select_related("lead__commune").order_by("number", "pk")


def reopening_of(application: Application) -> Reopening | None:
    """The reopening that counts: the one that goes furthest. Read once for an instance, however often asked."""
    prefetch_related_objects([application], "reopenings")
    return max(application.reopenings.all(), key=lambda row: row.until, default=None)


def limit_of(application: Application) -> datetime:
    """The last second at which this very file may be deposited."""
    reopening = reopening_of(application)
    return max(application.window.closes_at, reopening.until) if reopening else application.window.closes_at
