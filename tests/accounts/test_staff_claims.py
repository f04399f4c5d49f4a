"""Staff of a call settle the claims of its perimeter, within their scope, in their role; *Mes actions* says so."""

import pytest

from portal.accounts.actions import actions_for
from portal.accounts.rules import claims_judged_by, is_staff
from portal.accounts.services import claim_commune
from portal.core.clock import portal_now
from tests.factories import (
    BENOUVILLE,
    ETRETAT,
    make_call,
    make_commune,
    make_institution,
    make_intercommunality,
    make_member,
    make_role,
    make_town_hall,
    make_user,
)

pytestmark = pytest.mark.django_db
ELSEWHERE = ("14047", "211400478", "Bayeux", 0, 12659)


@pytest.fixture
def claims():
    """Two claims in the perimeter, one outside."""
    make_commune(ELSEWHERE, make_intercommunality("241400555", "de Bayeux Intercom", "CC"))
    return {
        spec[2]: claim_commune(user=make_user(), commune=make_town_hall(spec).commune, at=portal_now()).claims.get()
        for spec in (ETRETAT, BENOUVILLE, ELSEWHERE)
    }


@pytest.mark.parametrize(
    ("role", "judged"),
    [
        ("manager", {"Étretat", "Bénouville"}),
        ("officer", {"Étretat", "Bénouville"}),
        ("reader", set()),
        ("adviser", set()),
        ("secretary", set()),
    ],
)
def test_each_role_settles_what_it_may(claims, role, judged):
    user = make_role(make_call(), role)
    assert {name for name, claim in claims.items() if claim in claims_judged_by(user)} == judged
    assert is_staff(user)


def test_the_staff_of_another_owner_settles_nothing_here(claims):
    other = make_institution("241400555", "de Bayeux Intercom", "bayeux")
    user = make_role(make_call(other), "manager")
    assert set(claims_judged_by(user)) == {claims["Bayeux"]}


def test_the_scope_of_the_role_holds(claims):
    user = make_role(make_call(), "officer")
    user.call_roles.update(scope=["76079"])
    assert set(claims_judged_by(user)) == {claims["Bénouville"]}


def test_a_role_that_has_ended_settles_nothing(claims):
    user = make_role(make_call(), "manager")
    user.call_roles.update(ends_at=portal_now())
    assert (set(claims_judged_by(user)), is_staff(user)) == (set(), False)


def test_my_actions_name_what_is_awaited(claims):
    officer = make_role(make_call(), "officer")
    assert [(row.title, row.url) for row in actions_for(officer, portal_now())] == [
        ("Confirmer 2 rattachements", "/gestion/rattachements/")
    ]
    town_hall = make_town_hall()
    mayor = make_member(town_hall, "signatory")
    claimant = claims["Étretat"].membership.user
    assert [(row.title, row.url) for row in actions_for(mayor, portal_now())] == [
        (f"Répondre à {claimant}, qui demande à rejoindre la commune", f"/organismes/{town_hall.uuid}/membres/")
    ]
    assert [row.title for row in actions_for(claimant, portal_now())] == [
        "Faire confirmer votre rattachement : Commune de Étretat"
    ]
    for user in (make_member(town_hall, "editor"), make_user()):
        assert actions_for(user, portal_now()) == []


def test_the_page_of_claims_costs_the_same_at_one_and_at_three(client, claims, django_assert_max_num_queries):
    client.force_login(make_role(make_call(), "manager"))
    with django_assert_max_num_queries(25):
        assert client.get("/gestion/rattachements/").status_code == 200
    for spec in (("76351", "217603510", "Le Havre", 2, 166687), ("76693", "217606938", "Le Tilleul", 2, 656)):
        claim_commune(user=make_user(), commune=make_town_hall(spec).commune, at=portal_now())
    with django_assert_max_num_queries(25):
        assert client.get("/gestion/rattachements/").content.decode().count("Confirmer le rattachement") == 4
