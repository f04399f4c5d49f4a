"""Weights do not change after the first score, nor the rules of the jury once a session is open, by any door."""

import pytest
from django.db import DatabaseError, connection, transaction

from calls.models import Bonus, Call, Criterion, Grid, JuryRules, Ranking
from tests.juries.scenes import declare_all, make_open_session, make_scene, note_all, open_the_session, plan_session

pytestmark = pytest.mark.django_db


def refused(act) -> bool:
    try:
        with transaction.atomic():
            act()
    except DatabaseError:
        return True
    return False


def acts(call) -> list:
    rows = [Criterion.objects.filter(call=call), Bonus.objects.filter(call=call)]
    changes = [lambda rows=rows: rows.update(points=1) for rows in rows]
    removals = [lambda rows=rows: rows.delete() for rows in rows]
    return [*changes, lambda: Grid.objects.filter(call=call).update(threshold=1), *removals]


def test_the_grid_is_free_before_the_first_score() -> None:
    scene = make_scene()
    assert [refused(act) for act in acts(scene.call)] == [False] * 5


def test_the_grid_is_frozen_by_the_first_score() -> None:
    call = make_open_session().session.call
    assert [refused(act) for act in acts(call)] == [True] * 5
    assert refused(lambda: connection.cursor().execute("UPDATE calls_criterion SET points = 1"))


def test_the_rules_of_the_jury_are_frozen_by_the_opening() -> None:
    scene = plan_session(declare_all(make_scene()))
    rules = JuryRules.objects.filter(call=scene.call)
    assert not refused(lambda: rules.update(quorum=4))
    note_all(scene, *[(4, 3)] * 3)
    open_the_session(scene)
    assert refused(lambda: rules.update(quorum=1))
    assert refused(lambda: rules.update(casting_vote=False))


def test_rankings_levels_and_steps_of_an_even_vote_are_frozen_too() -> None:
    scene = declare_all(make_scene())
    condition = {"kind": "applicant", "kinds": ["commune"]}
    ranking = Ranking.objects.create(call=scene.call, code="A", label="Communes", position=1, condition=condition)
    call = Call.objects.filter(pk=scene.call.pk)
    extras = {**scene.call.extras, "jury": {"tie": ["deferral"]}, "levels": [{"code": "A", "label": "fort"}]}
    note_all(scene, *[(4, 3)] * 3)
    assert refused(lambda: Ranking.objects.filter(pk=ranking.pk).update(threshold=1))
    assert refused(
        lambda: Ranking.objects.create(call=scene.call, code="B", label="B", position=2, condition=condition)
    )
    assert refused(lambda: call.update(extras=extras))
    assert not refused(lambda: call.update(extras={**scene.call.extras, "jury": {"tie": ["deferral"]}}))
    open_the_session(plan_session(scene))
    assert refused(lambda: call.update(extras={**scene.call.extras, "jury": {"tie": ["second_ballot"]}}))
    assert not refused(lambda: call.update(title="Un autre titre"))
