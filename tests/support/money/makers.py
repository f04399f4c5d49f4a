"""What the tests of the money need: a support under way, an aid of the call, who acts on it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from applications.models import DecisionLine
from portal.accounts.models import User
from portal.core.clock import portal_now
from support.money.models import Award, Payment
from support.money.services import ask_payment, certify_payment, check_payment, grant_award, record_payment
from support.plan.models import SupportPlan
from tests.factories import make_member, make_role
from tests.support.factories import make_plan, make_programme

GRANTED_ON = date(2026, 1, 15)


@dataclass
class Funded:
    """A plan, its manager, its adviser and its town-hall secretary."""

    plan: SupportPlan
    manager: User
    adviser: User
    secretary: User


def make_funded(**call: Any) -> Funded:
    """The decision gave 40 000 € to the file, 60 000 € being the envelope of the call."""
    programme = make_programme()
    programme.extras["money"] = {"total": 60_000, **call}
    programme.save()
    manager, adviser = make_role(programme, role_title="Gestion"), make_role(programme, "adviser")
    plan = make_plan(programme, manager)
    DecisionLine.objects.filter(application=plan.application).update(amount=Decimal(40_000))
    secretary = make_member(plan.application.lead)
    return Funded(plan, manager, adviser, secretary)


def make_award(on: Funded, **changes: Any) -> Award:
    """40 000 €, 40 % of 100 000 €, of the call unless a funder is named."""
    told = {
        "funder": "Le Havre Seine Métropole", "of_call": "funder" not in changes, "act_number": "2026-1",
        "granted_on": GRANTED_ON, "amount": Decimal(40_000), "rate": Decimal(40), "eligible": Decimal(100_000),
    }  # fmt: skip
    return grant_award(award=Award(plan=on.plan, **{**told, **changes}), by=on.manager, at=portal_now())


def ask(award: Award, kind: str, by: User, *, spent: int = 0, amount: Any = None) -> Payment:
    row = Payment(kind=kind, spent=Decimal(spent), amount=None if amount is None else Decimal(amount))
    return ask_payment(award=award, payment=row, proofs={}, by=by, at=portal_now())


def pay(
    on: Funded, award: Award, kind: str, *, spent: int = 0, kept: int | None = None, paid_on: Any = None
) -> Payment:
    """From the request to the payment."""
    now = portal_now()
    row = ask(award, kind, on.secretary, spent=spent)
    check_payment(payment=row, by=on.adviser, at=now)
    certify_payment(payment=row, kept=Decimal(spent if kept is None else kept), by=on.manager, at=now)
    if row.certified:
        record_payment(payment=row, paid_on=paid_on or now.date(), reference="M-1", by=on.manager, at=now)
    row.refresh_from_db()
    award.refresh_from_db()
    return row
