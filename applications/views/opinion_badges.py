"""The states of an opinion, as badges."""

from datetime import datetime

from portal.core.ui import Badge

from .. import states
from ..models import OpinionRequest
from ..rules.opinion import is_overdue

VERDICTS = {
    "favourable": Badge(label="Favorable", tone="ok", icon="hand-thumbs-up-fill"),
    "reserves": Badge(label="Favorable avec réserves", tone="warn", icon="exclamation-triangle"),
    "unfavourable": Badge(label="Défavorable", tone="err", icon="hand-thumbs-down-fill"),
    "none": Badge(label="Sans avis", tone="quiet", icon="dash-circle"),
}
AWAITED = Badge(label="Avis attendu", tone="info", icon="hourglass-split")
OVERDUE = Badge(label="Avis en retard", tone="err", icon="exclamation-circle-fill")
REVOKED = Badge(label="Demande retirée", tone="quiet", icon="x-circle")


def badge_of_opinion(opinion: OpinionRequest, at: datetime) -> Badge:
    if opinion.state == states.REVOKED:
        return REVOKED
    if opinion.state == states.GIVEN:
        return VERDICTS[opinion.verdict]
    return OVERDUE if is_overdue(opinion, at) else AWAITED
