"""A project-manager post shared by two communes: what a year receives, who bears the rest, who holds it."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from applications.funding.posts import PostRules, borne_by, post_grant
from portal.core.calendar import day_of
from portal.core.clock import portal_now
from portal.core.rules import Refused
from support.money.actions import actions_for
from support.money.models import Post, PostHolder, PostYear
from support.money.queries_posts import granted_for, rules_of, shared, vacant_since, with_rows
from support.money.services_posts import leave_post, open_post, pay_year, share_post, take_post
from support.plan.models import SupportPlan
from tests.applications.files import pdf_upload
from tests.applications.staff.makers import client_of
from tests.factories import BENOUVILLE, make_member
from tests.support.factories import make_agreement, make_laureate, sign_backdated
from tests.support.money.makers import Funded, make_funded
from tests.support.money.test_envelope import plain

D = Decimal
RULES = PostRules()


# --- pure: the vectors of domain.md §4.4 ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cost", "anah", "total", "theirs", "others", "left"),
    [
        (70_000, True, 52_500, 35_000, 17_500, 17_500),
        (70_000, False, 45_000, 0, 45_000, 25_000),
        (80_000, True, 55_000, 40_000, 15_000, 25_000),
        (60_000, False, 45_000, 0, 45_000, 15_000),
    ],
)
def test_what_a_year_receives(cost: int, anah: bool, total: int, theirs: int, others: int, left: int) -> None:
    found = post_grant(D(cost), RULES, anah=anah)
    assert (found.total, found.anah, found.others, found.left) == (total, theirs, others, left)


def test_the_sentence_says_what_decides_and_a_part_of_a_year_counts_by_months() -> None:
    assert plain(post_grant(D(80_000), RULES, anah=True).sentence) == (
        "55 000 € au plus, dont 40 000 € de l’Anah : plafond de 55 000 € avec l’Anah, 75 % de 80 000 € font 60 000 €."
    )
    assert plain(post_grant(D(60_000), RULES, anah=False).sentence) == "45 000 € au plus : 75 % de 60 000 €."
    assert post_grant(D(40_000), RULES, anah=False, months=6).total == 22_500


euro = st.decimals(min_value=0, max_value=10**7, places=2)


@given(euro, st.booleans(), st.integers(1, 12), st.lists(st.integers(0, 100), min_size=1, max_size=6))
def test_no_rule_raises_the_aid_and_no_cent_vanishes(cost: D, anah: bool, months: int, key: list[int]) -> None:
    found = post_grant(cost, RULES, anah=anah, months=months)
    assert 0 <= found.anah <= found.total <= min(found.cost * 75 / 100 + D("0.005"), D(55_000))
    assert found.anah + found.others + found.left == found.cost
    assert sum(borne_by(found.left, {str(n): D(part) for n, part in enumerate(key)}).values()) == found.left


# --- the acts ------------------------------------------------------------------------------------------------------


def make_second_plan(on: Funded) -> SupportPlan:
    """Another project of the same call, supported too."""
    call = on.plan.application.call
    agreement = make_agreement(call, make_laureate(call, BENOUVILLE, n=2), manager=on.manager)
    sign_backdated(agreement, on.manager)
    return agreement.plans.get()


def make_post(on: Funded, **changes: Any) -> Post:
    post = Post(employer="Communauté urbaine", **changes)
    open_post(post=post, plan=on.plan, by=on.adviser, at=portal_now())
    return fresh(post)


def fresh(post: Post) -> Post:
    return with_rows(Post.objects.filter(pk=post.pk)).get()


def make_year(post: Post, **changes: Any) -> PostYear:
    return PostYear.objects.create(
        post=post, starts_on=day_of(portal_now()) - timedelta(days=400), **{"cost": D(70_000), **changes}
    )


@pytest.mark.django_db
def test_two_communes_share_what_is_left_to_the_cent() -> None:
    on = make_funded()
    second = make_second_plan(on)
    post = make_post(on, anah=True)
    with pytest.raises(Refused, match="Les parts font 99"):
        share_post(post=post, key={on.plan: D("66"), second: D("33")})
    share_post(post=post, key={on.plan: D("66.667"), second: D("33.333")})
    post = fresh(post)
    year = make_year(post, cost=D("70000.05"))
    grant = granted_for(year, post)
    parts = shared(post, grant.left)
    assert grant.left == D("17500.01")
    assert [amount for _, amount in parts] == [D("11666.73"), D("5833.28")]
    assert sum(amount for _, amount in parts) == grant.left
    town = make_member(second.application.lead)
    page = plain(client_of(town).get(reverse("post", args=[post.uuid])).content.decode())
    assert "Commune de Bénouville" in page
    assert "52 500,04 €" in page
    assert (
        client_of(make_member(second.application.lead, "reader"))
        .get(reverse("year_prove", args=[post.uuid, year.pk]))
        .status_code
        == 403
    )


@pytest.mark.django_db
def test_a_year_is_paid_on_its_real_cost_by_another_person_than_who_proved_it() -> None:
    on = make_funded()
    post = make_post(on)
    year = make_year(post, cost=D(56_000))
    now = portal_now()
    pay = {"year": year, "paid_on": day_of(now), "reference": "M-1", "at": now}
    with pytest.raises(Refused, match="La commune doit d’abord justifier"):
        pay_year(**pay, by=on.manager)
    assert "Justifier" in [action.verb for action in actions_for(on.secretary, now)]
    sent = {"real_cost": "60 000", "proof": pdf_upload("c.pdf"), "report": pdf_upload("r.pdf")}
    assert client_of(on.secretary).post(reverse("year_prove", args=[post.uuid, year.pk]), sent).status_code == 302
    # 75 % of 60 000 is 45 000, but 42 000 were foreseen.
    year.refresh_from_db()
    assert granted_for(year, fresh(post)).total == 42_000
    with pytest.raises(Refused, match="une autre personne la verse"):
        pay_year(**pay, by=on.secretary)
    pay_year(**pay, by=on.manager)
    year.refresh_from_db()
    assert (year.paid, year.reference) == (42_000, "M-1")
    with pytest.raises(Refused, match="déjà versée"):
        pay_year(**pay, by=on.manager)
    with pytest.raises(Refused, match="la clé de répartition ne change plus"):
        share_post(post=post, key={on.plan: D(100)})
    with pytest.raises(IntegrityError), transaction.atomic():
        PostYear.objects.filter(pk=year.pk).update(paid_by=year.proven_by)


@pytest.mark.django_db
def test_a_vacancy_is_told_to_the_team_and_to_the_commune() -> None:
    on, now = make_funded(), portal_now()
    on.plan.adviser = on.adviser
    on.plan.save()
    today = day_of(now)
    post = make_post(on, fill_by=today - timedelta(days=3))
    assert vacant_since(post, today) == today - timedelta(days=3)
    assert [action.title.split("\u00a0")[0] for action in actions_for(on.adviser, now)] == ["Poste vacant"]
    take_post(post=post, name="Camille Essai", from_on=today - timedelta(days=2))
    assert vacant_since(fresh(post), today) is None
    assert actions_for(on.adviser, now) == []
    with pytest.raises(Refused, match="tient encore le poste"):
        take_post(post=post, name="Dominique Essai", from_on=today)
    holder = post.holders.get()
    with pytest.raises(Refused, match="Le départ vient après l’arrivée"):
        leave_post(holder=holder, until_on=today - timedelta(days=5))
    leave_post(holder=holder, until_on=today - timedelta(days=1))
    assert vacant_since(fresh(post), today) == today - timedelta(days=1)
    page = plain(client_of(on.secretary).get(reverse("post", args=[post.uuid])).content.decode())
    assert ", 1 jour." in page
    with pytest.raises(IntegrityError), transaction.atomic():
        PostHolder.objects.bulk_create(PostHolder(post=post, name="x", from_on=today) for _ in range(2))


@pytest.mark.django_db
def test_the_call_writes_the_ceilings() -> None:
    grants = [
        {"code": "AVEC", "label": "Avec l’Anah", "kind": "post", "rate": 70, "base": "ttc", "ceiling": 50_000},
        {"code": "SANS", "label": "Sans l’Anah", "kind": "post", "rate": 70, "base": "ttc", "ceiling": 30_000},
    ]
    rules = rules_of(make_funded(grants=grants).plan.application.call)
    assert (rules.rate, rules.ceiling, rules.ceiling_with_anah) == (70, 30_000, 50_000)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("sent", "errors"),
    [
        ({"starts_on": "2026-01-01", "months": "13", "cost": "1"}, {"months"}),
        ({"starts_on": "", "months": "12", "cost": "-4"}, {"starts_on", "cost"}),
    ],
)
def test_a_bad_year_is_told_beside_its_field(sent: dict, errors: set) -> None:
    on = make_funded()
    response = client_of(on.adviser).post(reverse("post_year", args=[make_post(on).uuid]), sent)
    assert set(response.context["form"].errors) == errors


@pytest.mark.django_db
def test_the_team_follows_a_post_on_the_screens() -> None:
    on = make_funded()
    client = client_of(on.adviser)
    client.post(reverse("post_new", args=[on.plan.uuid]), {"title": "Manager", "employer": "CU", "candidates": "4"})
    post = Post.objects.get()
    wrong = client.post(reverse("post_edit", args=[post.uuid]), {"title": "", "employer": "CU", "advert": "annonce"})
    assert set(wrong.context["form"].errors) == {"title", "advert"}
    client.post(reverse("post_share", args=[post.uuid]), {f"plan_{on.plan.pk}": "120"})
    assert post.shares.get().percent == 100
    client.post(reverse("post_arrival", args=[post.uuid]), {"name": "Camille Essai", "from_on": "2026-01-05"})
    page = plain(client.get(reverse("post", args=[post.uuid])).content.decode())
    assert "Camille Essai, depuis le 5 janvier 2026" in page
    assert "4 candidatures" in page
    assert client_of(on.secretary).get(reverse("post_edit", args=[post.uuid])).status_code == 403
