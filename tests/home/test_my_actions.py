"""*Mes actions*: the sentence at the top, the files of the commune, what stands beside."""

from datetime import date, timedelta

import pytest
from django.test import Client

from applications.models import Application, Decision, DecisionLine
from calls.models import Milestone
from portal.core import ui
from portal.core.clock import portal_now
from portal.home import presentation
from portal.home.spaces import spaces_of
from tests.factories import (
    BENOUVILLE,
    make_application,
    make_call,
    make_member,
    make_role,
    make_town_hall,
    make_user,
)
from tests.support.factories import make_plan

pytestmark = pytest.mark.django_db

N, F = "\u00a0", "\u202f"


def action(title: str) -> ui.Action:
    return ui.Action(title=title, url="/", verb="Ouvrir")


def side(user) -> presentation.Side:
    now = portal_now()
    return presentation.side_of(user, spaces_of(user), presentation.own_files(user, now), now)


def test_the_sentence_counts_in_words_and_names_the_first_thing() -> None:
    assert presentation.lead([]) == "Rien n’est attendu de vous aujourd’hui."
    assert presentation.lead([action("Terminer « Le site »")]) == (
        f"Une chose est attendue de vous{N}: terminer «{F}Le site{F}»."
    )
    assert presentation.lead([action("Joindre le plan"), action("Déposer")]) == (
        f"Deux choses sont attendues de vous. La première{N}: joindre le plan."
    )
    assert presentation.lead([action("TPS à publier")] * 2).endswith(f"La première{N}: TPS à publier.")


def test_the_commune_is_named_with_its_inhabitants() -> None:
    user = make_member(make_town_hall())
    assert presentation.eyebrow(user, spaces_of(user), "Secrétaire") == f"Commune de Étretat · 1{F}102 habitants"
    other = make_user()
    assert presentation.eyebrow(other, spaces_of(other), "Secrétaire") == "Secrétaire"


def test_drafts_that_can_still_be_deposited_come_first() -> None:
    now, town_hall = portal_now(), make_town_hall()
    late = make_application(make_call(opens_at=now - timedelta(days=9), closes_at=now - timedelta(days=1)), town_hall)
    far = make_application(make_call(closes_at=now + timedelta(days=40)), town_hall)
    near = make_application(make_call(closes_at=now + timedelta(days=4)), town_hall)
    gone = make_application(make_call(), town_hall)
    Application.objects.filter(pk=gone.pk).update(state="withdrawn", number="T1-2027-0009")
    files = presentation.own_files(make_member(town_hall), now)
    assert files == [near, far, late]
    closed = presentation.card_of(files[2], now)
    assert (closed.tone, closed.badge_label) == ("draft", "Brouillon, non déposé")
    assert closed.line.startswith("L’appel est clos depuis le")
    assert presentation.card_of(files[0], now).line == "0 section complète sur 2, 0 pièce jointe sur 2."


def test_a_decision_is_shown_once_the_commune_is_told() -> None:
    file = make_application(make_call(), state="decided", number="T1-2027-0001", title="La place")
    decision = Decision.objects.create(
        call=file.call, act_number="1", body="bureau", act_on=date(2027, 5, 27), recorded_at=portal_now(),
        recorded_by=make_user(),
    )  # fmt: skip
    DecisionLine.objects.create(decision=decision, application=file, outcome="not_selected", reason="Trop tôt.")
    user = make_member(file.lead)
    (hidden,) = presentation.own_files(user, portal_now())
    assert presentation.card_of(hidden, portal_now()).badge == "deposited"
    Decision.objects.update(notified_at=portal_now(), notified_by=make_user())
    (told,) = presentation.own_files(user, portal_now())
    card = presentation.card_of(told, portal_now())
    assert (card.tone, card.badge, card.badge_label, card.said) == (
        "quiet",
        "not_selected",
        "Non retenue",
        f"Décision du 27{N}mai{N}2027",
    )


def test_a_supported_file_leads_to_its_support(client: Client) -> None:
    plan = make_plan()
    user = make_member(plan.application.lead)
    (file,) = presentation.own_files(user, portal_now())
    card = presentation.card_of(file, portal_now())
    assert card.url == f"/accompagnement/{plan.uuid}/"
    assert [stage.code for stage in card.stages if stage.state == "now"] == ["support"]


def test_beside_the_list_stand_the_limit_what_follows_and_whom_to_call() -> None:
    file = make_application()
    Milestone.objects.create(call=file.call, code="opinions", position=2, on=date(2027, 4, 20))
    found = side(make_member(file.lead))
    assert (found.closes_at, found.call, found.contact.email) == (file.window.closes_at, None, "ami-sante@exemple.fr")
    assert found.after.startswith(f"Le service vérifie la recevabilité avant le 20{N}avril.")


def test_a_newcomer_sees_the_open_call_whose_limit_comes_first() -> None:
    now = portal_now()
    make_call(closes_at=now + timedelta(days=40))
    near = make_call(closes_at=now + timedelta(days=4))
    make_call(opens_at=now + timedelta(days=1), closes_at=now + timedelta(days=2))
    found = side(make_member(make_town_hall(BENOUVILLE)))
    assert (found.call, found.closes_at) == (near, near.windows.get().closes_at)
    assert found.after.startswith("Le service vérifie la recevabilité.")


def test_staff_see_their_calls_and_a_stranger_nothing(client: Client) -> None:
    call = make_call()
    make_call()
    assert [row.call for row in side(make_role(call)).rows] == [call]
    assert side(make_user()) == presentation.Side()
    client.force_login(make_user())
    assert "Rien n’est attendu de vous aujourd’hui" in client.get("/mes-actions/").content.decode()


def test_the_page_costs_the_same_at_one_and_three_files(client: Client, django_assert_max_num_queries) -> None:
    town_hall = make_town_hall()
    client.force_login(make_member(town_hall))
    make_application(make_call(), town_hall)
    client.get("/mes-actions/")
    with django_assert_max_num_queries(100) as one:
        client.get("/mes-actions/")
    for _ in range(2):
        make_application(make_call(), town_hall)
    with django_assert_max_num_queries(len(one)):
        client.get("/mes-actions/")
