"""What the payments await: to be checked, certified, recorded; or taken up by the commune."""

from datetime import date, datetime, timedelta

from django.db.models import QuerySet
from django.urls import reverse

from calls.grants import euros
from portal.accounts.models import User
from portal.core.calendar import day_of
from portal.core.typography import format_date, typeset
from portal.core.ui import Action

from . import states
from .models import FinancePlan, FundingRequest, Payment, Post, PostYear
from .queries import to_ask_soon
from .queries_awards import to_certify, to_check, to_take_up
from .queries_plans import costed_of, unbalanced_after_a_refusal
from .queries_posts import last_day, vacant_posts, years_to_prove

LIMIT = 40
# A commune that has advanced the money waits for it: the service answers within a month.
ANSWERED_WITHIN = timedelta(days=30)
PROVEN_WITHIN = timedelta(days=90)
VERBS = {
    states.ASKED: ("Vérifier", "Vérifier une demande de versement"),
    states.CHECKED: ("Certifier", "Certifier une demande de versement"),
    states.CERTIFIED: ("Enregistrer", "Enregistrer un versement"),
    states.RETURNED: ("Reprendre", "Reprendre la demande de versement"),
}


def actions_for(user: User, at: datetime) -> list[Action]:
    """As adviser, what is to check; as manager, what is to certify and to record; as commune, what came back."""
    found = [*rows(to_check(user)), *rows(to_certify(user, at)), *rows(to_take_up(user))]
    found += [to_balance(plan) for plan in unbalanced_after_a_refusal(user)]
    found += [to_fill(post, since) for post, since in vacant_posts(user, day_of(at))]
    found += [to_request(row) for row in to_ask_soon(user, day_of(at))[:LIMIT]]
    return found + [to_prove(year) for year in years_to_prove(user, day_of(at))]


def to_request(row: FundingRequest) -> Action:
    """A funder takes requests until a day."""
    lead = row.plan.application.lead
    return Action(
        title=typeset(f"Demander une aide : {row.funder}"),
        url=reverse("plan_money", args=[row.plan.uuid]),
        verb="Ouvrir",
        due=row.deadline_on,
        consequence=typeset(f"{lead}, {euros(row.amount)}"),
    )


def to_fill(post: Post, since: date) -> Action:
    """Nobody holds a post that is paid for."""
    return Action(
        title=typeset(f"Poste vacant : {post.title}"),
        url=reverse("post", args=[post.uuid]),
        verb="Ouvrir",
        consequence=typeset(f"{post.employer}, vacant depuis le {format_date(since)}"),
    )


def to_prove(year: PostYear) -> Action:
    """A year is over: its cost and its report are awaited, then it is paid."""
    return Action(
        title=typeset(f"Justifier une année : {year.post.title}"),
        url=reverse("year_prove", args=[year.post.uuid, year.pk]),
        verb="Justifier",
        due=last_day(year) + PROVEN_WITHIN,
        consequence=typeset(f"Période commencée le {format_date(year.starts_on)}"),
        holds_up="L’aide de cette année attend.",
    )


def to_balance(plan: FinancePlan) -> Action:
    """A funder has fallen: the plan is to be balanced again."""
    gap = costed_of(plan).plan.gap
    said = f"Il manque {euros(-gap)}." if gap < 0 else f"Il y a {euros(gap)} en trop."
    return Action(
        title=typeset(f"Rééquilibrer le plan de financement : {plan.action.title}"),
        url=reverse("finance_plan", args=[plan.uuid]),
        verb="Ouvrir",
        consequence=typeset(f"Un financeur s’est retiré. {said}"),
    )


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
