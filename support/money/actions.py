"""What the payments await: to be checked, certified, recorded; or taken up by the commune."""

from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.urls import reverse

from calls.grants import euros
from portal.accounts.models import User
from portal.core.calendar import day_of
from portal.core.typography import typeset
from portal.core.ui import Action

from . import states
from .models import Payment
from .queries_awards import to_certify, to_check, to_take_up

LIMIT = 40
# A commune that has advanced the money waits for it: the service answers within a month.
ANSWERED_WITHIN = timedelta(days=30)
VERBS = {
    states.ASKED: ("Vérifier", "Vérifier une demande de versement"),
    states.CHECKED: ("Certifier", "Certifier une demande de versement"),
    states.CERTIFIED: ("Enregistrer", "Enregistrer un versement"),
    states.RETURNED: ("Reprendre", "Reprendre la demande de versement"),
}


def actions_for(user: User, at: datetime) -> list[Action]:
    """As adviser, what is to check; as manager, what is to certify and to record; as commune, what came back."""
    return [*rows(to_check(user)), *rows(to_certify(user, at)), *rows(to_take_up(user))]


def rows(payments: QuerySet[Payment]) -> list[Action]:
    return [row_of(payment) for payment in payments[:LIMIT]]


def row_of(payment: Payment) -> Action:
    verb, title = VERBS[payment.state]
    award = payment.award
    returned = payment.state == states.RETURNED
    url = reverse("payment_new", args=[award.uuid]) if returned else reverse("payment", args=[payment.uuid])
    return Action(
        title=typeset(f"{title} : {award.funder}"),
        url=url,
        verb=verb,
        due=day_of(payment.asked_at) + ANSWERED_WITHIN,
        consequence=typeset(f"{award.plan.application.lead}, {euros(payment.amount)}"),
        holds_up=typeset(f"{award.plan.application.lead} attend cet argent."),
    )
