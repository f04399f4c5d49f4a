"""The public pages: what everyone reads, in any state of the call."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from calls.models import Grid
from calls.presentation import calendar_of, grid_sentence
from portal.core.clock import portal_now
from tests.calls.documents import ordinary
from tests.factories import BENOUVILLE, ETRETAT, make_call, make_commune, make_institution, make_role, paris

pytestmark = pytest.mark.django_db


def page(client: Client, call, **query: str) -> str:
    return client.get(reverse("call_page", args=[call.slug]), query).content.decode()


def test_an_open_call_shows_its_limit_and_its_door(client: Client) -> None:
    now = portal_now()
    call = make_call(opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=19, hours=1))
    html = page(client, call)
    assert "19 jours" in html.replace("\u00a0", " ")
    assert reverse("application_new", args=[call.slug]) in html


def test_a_closed_call_has_no_door_and_says_since_when(client: Client) -> None:
    now = portal_now()
    call = make_call(opens_at=now - timedelta(days=40), closes_at=now - timedelta(days=10))
    html = page(client, call)
    assert reverse("application_new", args=[call.slug]) not in html
    assert "Les candidatures sont closes depuis le" in html


def test_a_call_in_preparation_is_for_its_staff_only(client: Client) -> None:
    call = make_call(state="draft")
    assert client.get(reverse("call_page", args=[call.slug])).status_code == 404
    client.force_login(make_role(call))
    assert client.get(reverse("call_page", args=[call.slug])).status_code == 200


def test_the_check_answers_with_its_reason(client: Client) -> None:
    call = make_call()
    make_commune(ETRETAT)
    html = page(client, call, commune="etretat")
    assert "Oui, Étretat peut candidater." in html
    assert "Dans le périmètre de l’appel" in html


def test_the_check_refuses_with_its_reason(client: Client) -> None:
    call = make_call(make_institution("200067445", "Buëch-Dévoluy", "buech-devoluy"))
    make_institution()
    make_commune(BENOUVILLE)
    html = page(client, call, commune="Bénouville")
    assert "Non, Bénouville ne peut pas candidater" in html
    assert "est membre de Le Havre Seine Métropole" in html


def test_all_questions_are_public(client: Client) -> None:
    html = client.get(reverse("call_questions", args=[make_call().slug])).content.decode().replace("\u00a0", " ")
    assert "Quels besoins" in html
    assert "peut être promise jusqu’au 15 mai 2027" in html


def test_the_rules_of_notation_are_said_without_useless_zeros(client: Client) -> None:
    call = make_call()
    html = ordinary(page(client, call))
    sentence = "Sur 100 points. Il en faut 50 pour être retenu ; une lauréate au plus, une en liste complémentaire."
    assert sentence in html
    assert "Note minimale : 20<" in html
    assert grid_sentence(None) == ""
    assert ordinary(grid_sentence(Grid(total=40))) == "Sur 40 points."


def test_the_calendar_says_the_year_where_it_changes() -> None:
    call = make_call(opens_at=paris(2026, 11, 2, 9), closes_at=paris(2026, 12, 11, 23, 59))
    shown = [milestone.when.replace("\u00a0", " ") for milestone in calendar_of(call, paris(2026, 11, 22))]
    assert shown == ["lun. 2 novembre, 9 h 00", "ven. 11 décembre, 23 h 59", "mer. 5 mai 2027"]
    shown = [milestone.when.replace("\u00a0", " ") for milestone in calendar_of(call, paris(2027, 1, 2))]
    assert shown == ["lun. 2 novembre 2026, 9 h 00", "ven. 11 décembre, 23 h 59", "mer. 5 mai 2027"]


def test_a_homonym_is_told_apart_by_its_code(client: Client) -> None:
    call = make_call()
    make_commune(BENOUVILLE)
    make_commune(("76999", "217609999", "Bénouville", 0, 40))
    html = page(client, call, commune="Bénouville")
    assert [code in html for code in ("insee=76079", "insee=76999", "peut candidater")] == [True, True, False]
    assert "Oui, Bénouville peut candidater." in page(client, call, commune="Bénouville", insee="76079")
