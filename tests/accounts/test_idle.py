"""An account unused for two years is told twice, then closed: nobody enters with it, it names nobody, acts stay."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from applications.models import Application
from portal.accounts.models import Membership, User
from portal.accounts.queries_idle import IDLE_MONTHS, idle_accounts, notice_instants
from portal.accounts.services.closing import close_account, close_idle
from portal.accounts.services.people import person_at
from portal.core.calendar import add_months, day_of
from portal.core.clock import at_instant, portal_now
from portal.core.models import OutboundEmail
from portal.home.reminders import tick
from tests.accounts.helpers import spaced
from tests.applications.files import deposit, make_ready
from tests.factories import make_user, paris

pytestmark = pytest.mark.django_db

SEEN = paris(2025, 1, 31, 10)
TERM = paris(2027, 1, 31)


@pytest.fixture
def idle() -> User:
    """Last seen on 31 January 2025; another one came in since, an administrator never."""
    user = make_user("ancien@exemple.fr", full_name="Camille Essai")
    User.objects.filter(pk=user.pk).update(created_at=SEEN - timedelta(days=90), last_login=SEEN)
    recent = make_user("present@exemple.fr")
    User.objects.filter(pk=recent.pk).update(created_at=SEEN - timedelta(days=90), last_login=paris(2026, 12, 1))
    admin = make_user("plateforme@exemple.fr", is_platform_admin=True)
    User.objects.filter(pk=admin.pk).update(created_at=SEEN - timedelta(days=900))
    never = make_user("invite@exemple.fr")
    User.objects.filter(pk=never.pk).update(created_at=paris(2026, 12, 1))
    return user


def live(instant: datetime) -> None:
    """The planner two hours before, then just after."""
    for moment in (instant - timedelta(hours=2), instant + timedelta(minutes=1)):
        with at_instant(moment):
            tick(portal_now())


def notices() -> list[str]:
    return list(OutboundEmail.objects.filter(kind="reminder.account_idle").values_list("recipient", flat=True))


def round_at(instant: datetime) -> int:
    with at_instant(instant):
        return close_idle(portal_now())


def test_two_notices_then_nobody_enters_and_nothing_names_them(idle) -> None:
    first, second = notice_instants(day_of(TERM))
    assert (day_of(first), day_of(second)) == (paris(2027, 1, 1).date(), paris(2027, 1, 17).date())
    live(first)
    assert notices() == ["ancien@exemple.fr"]
    body = spaced(OutboundEmail.objects.get(kind="reminder.account_idle").body)
    assert "n’a pas servi depuis le 31 janvier 2025" in body
    assert "fermé le dimanche 31 janvier 2027" in body
    live(second)
    assert notices() == ["ancien@exemple.fr"] * 2
    assert round_at(TERM - timedelta(seconds=2)) == 0
    assert round_at(TERM) == 1
    gone = User.objects.get(pk=idle.pk)
    assert (gone.is_active, gone.full_name, str(gone)) == (False, "", "Compte fermé")
    assert gone.email == f"{idle.uuid.hex}@compte-ferme.invalid"
    assert User.objects.filter(is_active=True).count() == 3
    before = OutboundEmail.objects.filter(kind="login_code").count()
    Client().post("/compte/login/", {"login": "ancien@exemple.fr"})
    assert OutboundEmail.objects.filter(kind="login_code").count() == before
    assert round_at(TERM + timedelta(days=1)) == 0
    assert person_at("ancien@exemple.fr").pk != idle.pk


def test_whoever_comes_back_keeps_their_account(idle) -> None:
    first, second = notice_instants(day_of(TERM))
    live(first)
    with at_instant(first + timedelta(days=3)):
        User.objects.filter(pk=idle.pk).update(last_login=portal_now())
    live(second)
    assert len(notices()) == 1
    assert round_at(TERM + timedelta(days=1)) == 0


def test_a_notice_that_did_not_leave_puts_the_term_off_until_both_did(idle) -> None:
    """The naive round closes at the term whatever was told."""
    first, second = notice_instants(day_of(TERM))
    live(second)
    assert notices() == []
    assert round_at(TERM + timedelta(days=1)) == 0
    later = day_of(TERM) + timedelta(days=45)
    for instant in notice_instants(later):
        live(instant)
    assert len(notices()) == 2
    with at_instant(paris(2027, 3, 16)):
        assert [(one.closes_on, one.told) for one in idle_accounts(portal_now())] == [(later, True)]
    assert round_at(paris(2027, 3, 17)) == 1
    assert first < second


def test_accounts_of_before_the_rule_are_told_before_they_close(idle) -> None:
    """Unused for five years when the rule comes: not closed the same night."""
    User.objects.filter(pk=idle.pk).update(last_login=paris(2020, 1, 1), created_at=paris(2019, 1, 1))
    now = paris(2027, 6, 1)
    assert round_at(now) == 0
    terms = []
    for day in range(90):
        with at_instant(now + timedelta(days=day, hours=9)):
            tick(portal_now())
            terms += [one.closes_on for one in idle_accounts(portal_now()) if one.told]
        if round_at(now + timedelta(days=day, hours=10)):
            break
    assert len(notices()) == 2
    assert User.objects.get(pk=idle.pk).closed_at >= now + timedelta(days=30)


def test_the_acts_of_a_closed_account_stay_with_its_function() -> None:
    application, secretary, mayor = make_ready()
    filed = deposit(application, mayor)
    User.objects.filter(pk=mayor.pk).update(role_title="Maire", full_name="Camille Essai")
    close_account(user=mayor, at=portal_now())
    close_account(user=mayor, at=portal_now())
    membership = Membership.objects.get(user=mayor)
    assert (membership.state, membership.transitions.latest("pk").reason) == (
        "ended",
        "compte fermé : vingt-quatre mois sans connexion",
    )
    assert str(Application.objects.get().deposits.get().deposited_by) == "Maire"
    assert filed.receipt.snapshot == Application.objects.get().deposits.get().receipt.snapshot
    assert secretary.memberships.get().state == "confirmed"


def test_the_database_refuses_a_closed_account_that_enters_or_has_a_name(idle) -> None:
    for wrong in ({"is_active": True}, {"is_active": False, "full_name": "Camille Essai"}):
        with pytest.raises(IntegrityError, match="user_closed_is_nobody"), transaction.atomic():
            User.objects.filter(pk=idle.pk).update(closed_at=portal_now(), **wrong)


def test_two_years_are_counted_in_months_of_the_calendar() -> None:
    assert (IDLE_MONTHS, add_months(day_of(SEEN), IDLE_MONTHS)) == (24, day_of(TERM))
    leap = paris(2024, 2, 29, 10)
    assert add_months(day_of(leap), IDLE_MONTHS) == paris(2026, 2, 28).date()
