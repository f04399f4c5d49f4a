"""What the letters of the decision take from the jury, from the room to the decision form."""

import pytest

from applications.services.decision import proposal_for
from applications.services.notices import JURY_DATES, SCORE_SHEETS
from juries.models import JurySession
from juries.queries.letters import jury_day, score_sheet
from tests.juries.scenes import make_open_session, make_scene

pytestmark = pytest.mark.django_db


def test_the_jury_is_registered_with_the_letters():
    assert (jury_day in JURY_DATES, score_sheet in SCORE_SHEETS) == (True, True)


def test_the_day_counts_once_the_session_is_closed():
    scene = make_open_session()
    assert jury_day(scene.call) is None
    JurySession.objects.filter(pk=scene.session.pk).update(state="deliberated", closed_at=scene.at)
    assert jury_day(scene.call) == scene.session.held_on


def test_scores_by_criterion_then_the_bonus():
    scene = make_open_session()
    assert score_sheet(scene.files[0]) == [
        {"label": "Santé", "score": "48.00", "maximum": 60},
        {"label": "Nature", "score": "24.00", "maximum": 40},
        {"label": "Bonus", "score": "10", "maximum": 10},
    ]


def test_a_file_that_nobody_scored_has_no_sheet():
    assert score_sheet(make_scene().files[0]) == []


def test_nothing_is_proposed_before_the_session_is_closed():
    assert proposal_for(make_open_session().call) == {}
