"""The states of a request of completion, as badges."""

from datetime import datetime

from portal.core.ui import Badge

from .. import states
from ..models import CompletionRequest
from ..rules.completion import is_late

BADGES = {
    states.AWAITED: Badge(label="Compléments attendus", tone="warn", icon="hourglass-split"),
    states.ANSWERED: Badge(label="Compléments transmis", tone="ok", icon="check-lg"),
    states.CANCELLED: Badge(label="Demande annulée", tone="quiet", icon="x-circle"),
    states.LAPSED: Badge(label="Close sans réponse", tone="quiet", icon="x-circle"),
}
LATE = Badge(label="Délai passé, sans réponse", tone="err", icon="exclamation-circle-fill")


def badge_of_request(request: CompletionRequest, at: datetime) -> Badge:
    return LATE if is_late(request, at) else BADGES[request.state]
