"""Every list reads the same number of queries at one and at three files."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from juries.due_facts import due_facts
from tests.juries.clicks import enter
from tests.juries.scenes import declare_all, make_open_session, make_scene, note_all, plan_session

pytestmark = pytest.mark.django_db


def cost(client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(path).status_code == 200
    return len(queries)


def costs_of(client, scene) -> dict[str, int]:
    found = {}
    for user, names in (
        (scene.holders[1].user, {"home": reverse("jury_home"), "session": session_url(scene, "jury_session")}),
        (scene.manager, {"staff": reverse("jury_staff", args=[scene.call.slug])}),
        (scene.president, {"ranking": session_url(scene, "jury_ranking"), "close": session_url(scene, "jury_close")}),
    ):
        enter(client, user)
        found |= {name: cost(client, path) for name, path in names.items()}
    return found


def session_url(scene, name: str) -> str:
    return reverse(name, args=[scene.session.uuid])


@pytest.mark.parametrize("files", [1, 3])
def test_screens_of_the_session(client, files):
    scene = make_open_session(files=files)
    assert costs_of(client, scene) == {"home": 14, "session": 25, "staff": 19, "ranking": 15, "close": 18}


@pytest.mark.parametrize("files", [1, 3])
def test_the_declaration(client, files):
    scene = make_scene(files)
    enter(client, scene.holders[1].user)
    assert cost(client, reverse("jury_declare", args=[scene.call.slug])) == 11


@pytest.mark.parametrize("files", [1, 3])
def test_reminders(files, django_assert_num_queries):
    scene = plan_session(declare_all(make_scene(files)))
    note_all(scene, *[(4, 3)] * files, members=2)
    with django_assert_num_queries(5):
        assert len(list(due_facts(scene.at))) == 10
