"""Mes actions, first steps and reminders of a commune: exact rows, and they stop when the thing is done."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from applications.actions.commune import actions_for, first_steps_for
from applications.due_facts import due_facts
from applications.services.signature import ask_signature
from portal.core.clock import portal_now
from tests.applications.files import deposit, make_ready, make_town
from tests.factories import HARFLEUR, make_application, make_call, make_member, paris

pytestmark = pytest.mark.django_db


def rows(user, at=None):
    return [(action.title, action.verb) for action in actions_for(user, at or portal_now())]


def test_an_empty_draft_awaits_a_section_a_piece_and_the_mayor():
    organisation, secretary, mayor = make_town()
    make_application(lead=organisation, by=secretary)
    expected = [
        ("Écrire « Le site »", "Écrire"),
        ("Joindre « Délibération »", "Joindre"),
        ("Faire déposer la candidature par le maire", "Voir ce qui manque"),
    ]
    assert rows(secretary) == rows(mayor) == expected
    assert rows(make_member(organisation, "reader")) == []


def test_a_complete_draft_awaits_the_mayor_only():
    application, secretary, mayor = make_ready()
    assert rows(secretary) == [("Faire déposer la candidature par le maire", "Faire signer")]
    ask_signature(application=application, signatory=mayor, by=secretary, at=portal_now())
    assert rows(secretary) == [("Faire déposer la candidature par le maire", "Renvoyer le lien")]
    assert rows(mayor) == [("Relire et déposer la candidature d’Étretat", "Relire et déposer")]
    (action,) = actions_for(mayor, portal_now())
    assert action.consequence.startswith("Demandé par Secrétaire de mairie. Clôture à ")
    deposit(application, mayor)
    assert rows(secretary) == rows(mayor) == []


def test_nothing_is_awaited_of_a_draft_once_the_call_is_closed():
    application, secretary, _ = make_ready()
    assert rows(secretary, application.window.closes_at + timedelta(seconds=1)) == []


def test_a_promised_piece_is_awaited_for_its_day():
    application, secretary, mayor = make_ready()
    application.attachments.filter(piece_code="DELIB").update(removed_at=portal_now())
    application.promises.create(
        piece_code="DELIB", due_on=paris(2027, 5, 10).date(), promised_at=portal_now(), promised_by=secretary
    )
    deposit(application, mayor)
    (action,) = actions_for(secretary, application.window.closes_at + timedelta(days=30))
    assert (action.title, str(action.due), action.verb) == ("Transmettre « Délibération »", "2027-05-10", "Transmettre")


def test_actions_cost_the_same_for_one_file_and_for_three():
    town = make_town()
    counts = []
    for _ in (1, 2):
        while town[0].applications_led.count() < 1 + 2 * len(counts):
            make_ready(make_call(), town)
        with CaptureQueriesContext(connection) as captured:
            actions_for(town[1], portal_now())
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_three_first_steps_tick_themselves_off():
    organisation, secretary, mayor = make_town()
    steps = first_steps_for(secretary, portal_now())
    assert [(step.title, step.done) for step in steps] == [
        ("Rejoindre votre commune", True),
        ("Écrire une première section", False),
        ("Inviter le maire à signer", False),
    ]
    application, *_ = make_ready(town=(organisation, secretary, mayor))
    assert [step.done for step in first_steps_for(secretary, portal_now())] == [True, True, False]
    ask_signature(application=application, signatory=mayor, by=secretary, at=portal_now())
    assert [step.done for step in first_steps_for(secretary, portal_now())] == [True, True, True]
    assert first_steps_for(mayor, portal_now()) == []


# --- reminders ---------------------------------------------------------------------------------------------------

CLOSES = paris(2027, 3, 31, 23, 59, 59)
OPENS = paris(2027, 1, 15, 9)


@pytest.fixture
def draft():
    organisation, secretary, mayor = make_town()
    call = make_call(opens_at=OPENS, closes_at=CLOSES)
    application = make_application(call, organisation, by=secretary)
    return application, secretary, mayor


def facts(at):
    return {(fact.recipient, fact.due_at) for fact in due_facts(at)}


def test_seven_and_two_days_before_at_nine_by_the_paris_clock_across_summer_time(draft):
    """A11: the clock changes on 28 March 2027; the hour stays."""
    application, secretary, mayor = draft
    make_member(application.lead, "reader")
    make_member(application.lead, state="pending")
    days = (paris(2027, 3, 24, 9), paris(2027, 3, 29, 9))
    assert facts(paris(2027, 3, 1)) == {(user.email, day) for user in (secretary, mayor) for day in days}
    one = next(iter(due_facts(paris(2027, 3, 1))))
    assert (one.rule, one.object_key, one.call_key, one.action_url) == (
        "draft_not_deposited",
        f"application:{application.uuid}",
        f"call:{application.call.slug}",
        f"/candidatures/{application.uuid}/",
    )


def test_no_reminder_after_the_limit_nor_for_days_before_the_draft_began(draft):
    application, _, _ = draft
    assert facts(CLOSES) == set()
    type(application).objects.update(created_at=paris(2027, 3, 27))
    assert {due_at for _, due_at in facts(paris(2027, 3, 28))} == {paris(2027, 3, 29, 9)}


def test_a_deposit_stops_the_reminder():
    application, _, mayor = make_ready()
    at = portal_now()
    assert facts(at) != set()
    deposit(application, mayor)
    assert facts(at) == set()


def test_a_promised_piece_is_recalled_until_it_comes():
    application, secretary, mayor = make_ready()
    promised_at = portal_now()
    application.attachments.filter(piece_code="DELIB").update(removed_at=promised_at)
    promise = application.promises.create(
        piece_code="DELIB", due_on=paris(2099, 5, 10).date(), promised_at=promised_at, promised_by=secretary
    )
    deposit(application, mayor)
    rows = [(fact.rule, fact.recipient, fact.due_at, fact.object_key) for fact in due_facts(portal_now())]
    key = f"application:{application.uuid}:DELIB"
    assert sorted(rows) == sorted(
        ("piece_promised", user.email, paris(2099, 5, day, 9), key) for user in (secretary, mayor) for day in (3, 8)
    )
    (one, *_) = due_facts(portal_now())
    assert one.subject == "«\u202fDélibération\u202f»\u00a0: pièce promise pour le 10\u00a0mai\u00a02099"
    assert one.action_url == f"/candidatures/{application.uuid}/pieces/DELIB/"
    promise.kept_at = portal_now()
    promise.save()
    assert list(due_facts(portal_now())) == []


def test_reminders_cost_the_same_for_one_draft_and_for_two(draft, django_assert_num_queries):
    with django_assert_num_queries(7):
        assert len(facts(paris(2027, 3, 1))) == 4
    make_application(draft[0].call, make_town(HARFLEUR)[0])
    with django_assert_num_queries(7):
        assert len(facts(paris(2027, 3, 1))) == 8
