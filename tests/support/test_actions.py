"""The actions of a plan: written by both sides, blocked by someone, late, delivered."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from portal.core.calendar import day_of
from portal.core.clock import portal_now
from portal.core.rules import Refused
from portal.core.workflow import TransitionRefused
from support.plan import states
from support.plan.models import ActionTransition, PlanAction, SupportPlan
from support.plan.services_actions import change_action, save_action
from tests.calls.documents import ordinary
from tests.factories import make_call, make_institution, make_member, make_role, make_user
from tests.support.factories import make_plan

pytestmark = pytest.mark.django_db


def make_action(plan: SupportPlan, title: str = "Sentier", **fields: Any) -> PlanAction:
    return save_action(PlanAction(title=title, **fields), plan=plan)


def change(action: PlanAction, act: str, **told: Any) -> None:
    change_action(action=action, transition=states.ACTION_TRANSITIONS[act], by=make_user(), at=portal_now(), **told)


def block(action: PlanAction, until: date | None = None) -> None:
    until = until or day_of(portal_now()) + timedelta(days=30)
    told = {"blocked_side": "other", "blocked_by": "le Département", "blocked_until": until}
    change(action, "block", reason="Pas d’accord sur la traversée", **told)


def test_references_follow_one_another_in_each_plan() -> None:
    plan = make_plan()
    assert [make_action(plan).reference for _ in range(3)] == ["A1", "A2", "A3"]


def test_a_blocked_action_says_who_and_until_when_and_forgets_it_once_lifted() -> None:
    action = make_action(make_plan())
    with pytest.raises(Refused, match="date à venir"):
        block(action, until=day_of(portal_now()) - timedelta(days=1))
    block(action)
    with pytest.raises(IntegrityError, match="action_blocked_says_by_whom"), transaction.atomic():
        PlanAction.objects.filter(pk=action.pk).update(blocked_by="")
    change(action, "unblock", reason="Accord signé")
    action.refresh_from_db()
    assert (action.state, action.blocked_side, action.blocked_by, action.blocked_until) == ("engaged", "", "", None)
    assert list(ActionTransition.objects.values_list("transition", "reason")) == [
        ("block", "Pas d’accord sur la traversée"),
        ("unblock", "Accord signé"),
    ]
    with pytest.raises(DatabaseError, match="insert-only"), transaction.atomic():
        ActionTransition.objects.update(reason="autre")


def test_an_action_is_delivered_once_engaged_on_a_day_past() -> None:
    action, today = make_action(make_plan()), day_of(portal_now())
    with pytest.raises(TransitionRefused, match="n’est plus possible : l’état est « en maturation »"):
        change(action, "deliver", delivered_on=today)
    change(action, "engage")
    with pytest.raises(Refused, match="livrée demain"):
        change(action, "deliver", delivered_on=today + timedelta(days=1))
    change(action, "deliver", delivered_on=today)
    change(action, "reopen", reason="Malfaçon")
    action.refresh_from_db()
    assert (action.state, action.delivered_on) == ("engaged", None)


def test_the_commune_and_the_team_write_and_a_reader_does_not(client: Client) -> None:
    plan = make_plan()
    address = reverse("action_new", args=[plan.uuid])
    typed = {"title": "Un banc", "priority": 1, "position": 1, "cost": "14 250,50", "axis": "Repos"}
    for person, status in (
        (make_member(plan.application.lead), 302),
        (make_role(plan.application.call, "adviser"), 302),
        (make_member(plan.application.lead, "reader"), 403),
        (make_role(plan.application.call, "officer"), 403),
        (make_role(make_call(make_institution("200067445", "Buëch-Dévoluy", "buech-devoluy"))), 404),
    ):
        client.force_login(person)
        assert client.post(address, typed).status_code == status
    assert {(row.reference, str(row.cost)) for row in plan.actions.all()} == {("A1", "14250.50"), ("A2", "14250.50")}


def test_bad_input_is_said_beside_the_field_and_nothing_is_lost(client: Client) -> None:
    plan = make_plan()
    client.force_login(make_role(plan.application.call, "adviser"))
    typed = {
        "title": "",
        "priority": 1,
        "position": 1,
        "cost": "-3",
        "starts_on": "2027-03-02",
        "ends_on": "2027-03-01",
    }
    page = client.post(reverse("action_new", args=[plan.uuid]), {**typed, "place": "Le parvis"}).content.decode()
    for said in (
        "Donnez un titre à l’action.",
        "Écrivez un coût positif.",
        "La fin doit venir après le début.",
        "Le parvis",
    ):
        assert said in page
    assert plan.actions.count() == 0


def test_the_sheet_shows_what_is_filled_the_links_and_the_acts(client: Client) -> None:
    plan = make_plan()
    first, second = make_action(plan), make_action(plan, "Haie", project_owner="Commune, école")
    second.depends_on.add(first)
    block(first)
    client.force_login(make_member(plan.application.lead))
    page = ordinary(client.get(reverse("action", args=[plan.uuid, first.pk])).content.decode())
    assert "un partenaire ou un tiers peut le lever (le Département)" in page
    assert ["A2 Haie" in page, "Lever le blocage" in page, "Engager l’action" in page] == [True, True, False]
    page = ordinary(client.get(reverse("action", args=[plan.uuid, second.pk])).content.decode())
    assert ["A1 Sentier" in page, "Commune, école" in page, "Lever le blocage" in page] == [True, True, False]


def titles(client: Client, name: str, *args: Any, **query: Any) -> list[str]:
    return [row.title for row in client.get(reverse(name, args=args), query).context["page"]]


def test_the_lists_filter_and_the_board_shows_blocked_ones_first(client: Client) -> None:
    plan, today = make_plan(), day_of(portal_now())
    make_action(plan, "Tard", ends_on=today + timedelta(days=90))
    make_action(plan, "Retard", ends_on=today - timedelta(days=1), axis="Marcher")
    block(make_action(plan, "Bloquée"))
    client.force_login(make_role(plan.application.call, "adviser"))
    assert titles(client, "action_board") == ["Bloquée", "Retard", "Tard"]
    assert titles(client, "action_board", retard="1") == ["Retard"]
    assert titles(client, "action_list", plan.uuid) == ["Tard", "Retard", "Bloquée"]
    assert titles(client, "action_list", plan.uuid, axe="Marcher") == ["Retard"]
    assert titles(client, "action_list", plan.uuid, etat="blocked") == ["Bloquée"]
    client.force_login(make_role(make_call(make_institution("200067445", "Buëch-Dévoluy", "buech-devoluy"))))
    assert titles(client, "action_board") == []
