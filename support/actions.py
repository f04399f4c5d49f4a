"""What the whole support awaits."""

from datetime import datetime

from portal.accounts.models import User
from portal.core.ui import Action

from .agreements import actions as agreements
from .impact import actions as impact
from .money import actions as money
from .network import actions as network
from .plan import actions as plan


def actions_for(user: User, at: datetime) -> list[Action]:
    return [
        *agreements.actions_for(user, at),
        *plan.actions_for(user, at),
        *money.actions_for(user, at),
        *impact.actions_for(user, at),
        *network.actions_for(user, at),
    ]
