"""*Mes actions* of the staff: each row appears when it is awaited, for whom it is awaited, and leaves when done."""

from datetime import timedelta

import pytest
from django.urls import reverse

from applications.actions.staff import actions_for, first_steps_for
from applications.models import Decision, DecisionNotice
from applications.services.examination import admit
from applications.services.notices import prepare_notices
from portal.core.calendar import day_of
from portal.core.clock import at_instant, portal_now
from tests.applications.staff.makers import make_decision, make_deposited, make_examined, make_staffed_call
from tests.factories import make_role, make_user

pytestmark = pytest.mark.django_db


def titles(user):
    return [action.title.replace("\u00a0", " ") for action in actions_for(user, portal_now())]


def test_files_to_examine_are_awaited_from_officers_and_managers():
    call, manager = make_staffed_call()
    application = make_deposited(call)
    officer, reader = make_role(call, "officer"), make_role(call, "reader")
    expected = ["Examiner 1 candidature, Territoire promoteur de santé 2027"]
    assert [titles(user) for user in (manager, officer, reader, make_user())] == [expected, expected, [], []]
    [action] = actions_for(manager, portal_now())
    assert (action.url, action.verb, action.due, action.consequence.replace("\u00a0", " ")) == (
        f"{reverse('staff_communes', args=[call.slug])}?etat=a-examiner",
        "Instruire",
        None,
        "Le jury se réunit le 5 mai 2027.",
    )
    admit(application=application, by=officer, at=portal_now())
    assert titles(officer) == []


def test_the_decision_is_awaited_after_the_limit_and_the_jury():
    call, manager = make_staffed_call()
    call.milestones.update(on=day_of(portal_now()))
    make_examined(call, manager)
    assert titles(manager) == []
    with at_instant(call.windows.get().closes_at + timedelta(days=1)):
        assert titles(manager) == ["Enregistrer la décision, Territoire promoteur de santé 2027"]
        assert titles(make_role(call, "officer")) == []
        call.milestones.update(on=day_of(portal_now()) + timedelta(days=1))
        assert titles(manager) == []


def test_letters_are_prepared_then_read_then_sent():
    call, manager = make_staffed_call()
    decision = make_decision(call, manager)
    seen = [titles(manager)]
    prepare_notices(decision=decision, by=manager, at=portal_now())
    seen.append(titles(manager))
    DecisionNotice.objects.update(read_at=portal_now(), read_by=manager)
    seen.append(titles(manager))
    Decision.objects.update(notified_at=portal_now(), notified_by=manager)
    seen.append(titles(manager))
    assert [[title.split(",")[0] for title in step] for step in seen] == [
        ["Préparer 3 lettres"],
        ["Relire 3 lettres"],
        ["Envoyer 3 lettres"],
        [],
    ]


def test_the_first_steps_of_a_manager_tick_themselves_off():
    call, manager = make_staffed_call()
    done = [[step.done for step in first_steps_for(manager, portal_now())]]
    officer = make_role(call, "officer")
    done.append([step.done for step in first_steps_for(manager, portal_now())])
    admit(application=make_deposited(call), by=officer, at=portal_now())
    done.append([step.done for step in first_steps_for(manager, portal_now())])
    assert done == [[True, False, False], [True, True, False], [True, True, True]]
    assert [first_steps_for(user, portal_now()) for user in (officer, make_user())] == [[], []]
