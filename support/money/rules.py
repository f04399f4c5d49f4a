"""Who reads and who moves the money of a call, and why not."""

from datetime import date, datetime

from django.db.models import QuerySet

from applications.rules.staff import READING
from calls.models import Call
from calls.queries import calls_staffed_by, roles_held
from portal.accounts.models import Organisation, User
from portal.core.rules import YES, Answer, first_refusal, no
from portal.core.typography import format_date, typeset
from support.plan.models import SupportPlan
from support.plan.queries import plans_visible_to
from support.plan.rules import can_contribute, can_follow, roles_on

from . import states
from .models import Award, FinancePlan, Payment
from .queries_awards import balance_asked, reads_proofs


def calls_with_money(user: User, at: datetime) -> QuerySet[Call]:
    """The calls whose envelope a person reads: those where they read the decisions, over the whole call."""
    return calls_staffed_by(user, at, *READING, whole=True)


def can_pay(user: User, plan: SupportPlan, at: datetime) -> Answer:
    """Certify, record payments, follow the aid of the call, order money back: the call's managers."""
    if "manager" in roles_on(user, plan, at):
        return YES
    return no("Seule la personne qui gère l’appel certifie, verse ou demande un reversement.")


def can_open_proofs(user: User, plan: SupportPlan, at: datetime) -> Answer:
    """Bank details are among them: those who accompany the commune, and its own people."""
    if can_follow(user, plan, at) or reads_proofs(user, plan):
        return YES
    return no("Les pièces d’une demande de versement se lisent dans la commune et dans l’équipe qui l’accompagne.")


def can_ask_payment(award: Award, under_way: Payment | None) -> Answer:
    """One request at a time, as long as the aid is neither settled nor lapsed."""
    if award.state != states.ACTIVE:
        return no(f"Cette aide est {award.get_state_display()} : plus rien ne se demande.")
    if under_way:
        words = f"Une demande est déjà en cours ({under_way.get_state_display()}) : attendez son versement."
        return no(typeset(words))
    return YES


def different_person(payment: Payment, by: User) -> Answer:
    """Who checked does not certify."""
    if payment.checked_by_id == by.pk:
        return no("Vous avez vérifié cette demande : la certification vient d’une autre personne qui gère l’appel.")
    return YES


def can_certify(user: User, payment: Payment, at: datetime) -> Answer:
    return first_refusal(can_pay(user, payment.award.plan, at), different_person(payment, user))


def can_lapse(award: Award, under_way: Payment | None, today: date) -> Answer:
    """Once a day to start or to finish is past, and no request waits."""
    if award.state != states.ACTIVE:
        return no(f"Cette aide est déjà {award.get_state_display()}.")
    if under_way:
        return no("Une demande de versement est en cours : versez-la ou rendez-la d’abord.")
    late_start = award.start_by and not award.started_on and award.start_by < today
    late_end = award.finish_by and award.finish_by < today and not balance_asked(award)
    if late_start or late_end:
        return YES
    days = [day for day in (award.start_by if not award.started_on else None, award.finish_by) if day]
    if not days:
        return no("Cette aide ne fixe aucune date limite.")
    return no(typeset(f"La caducité se constate après le {format_date(min(days))}."))


def can_write_plan(user: User, plan: FinancePlan, at: datetime) -> Answer:
    """The communes and the team, until the version is closed."""
    if plan.closed_at:
        return no("Cette version est close : elle ne change plus.")
    return can_contribute(user, plan.action.plan, at)


def can_keep_schemes(user: User, owner: Organisation, at: datetime) -> Answer:
    """The table of schemes of an institution: who manages one of its calls."""
    if roles_held(user, at, "manager").filter(call__owner=owner).exists():
        return YES
    return no("La table des dispositifs est tenue par les personnes qui gèrent les appels.")


def reads_schemes(user: User, owner: Organisation, at: datetime) -> bool:
    """Its staff, and the communes that it accompanies."""
    if roles_held(user, at).filter(call__owner=owner).exists():
        return True
    return plans_visible_to(user, at).filter(application__call__owner=owner).exists()
