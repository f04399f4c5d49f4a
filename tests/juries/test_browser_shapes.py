"""Grids of every shape in a real browser: levels, criteria of some files, rankings apart, an even vote."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from calls.models import Criterion
from juries.services.sessions import close_session
from portal.core.outbox import run_jobs
from tests.juries.scenes import declare_all, hold_ballot, open_the_session, plan_session
from tests.juries.test_browser import enter, look, of
from tests.juries.test_levels import give, make_levels
from tests.juries.test_rankings import apart_scene, held
from tests.juries.test_ties import even_scene

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
WIDTHS = {1280: 900, 390: 844}


@pytest.fixture(params=WIDTHS)
def sized(request: pytest.FixtureRequest, page: Page) -> Page:
    page.set_viewport_size({"width": request.param, "height": WIDTHS[request.param]})
    return page


def test_levels_from_the_grid_to_the_session(sized, live_server):
    page, scene = sized, make_levels(2, max_selected=1)
    give(scene, 0, ("A", "B"), ("A", "C"), ("B", "B"))
    enter(page, live_server, scene.voters[3].user)
    look(page, live_server, reverse("jury_file", args=[scene.files[0].uuid]), "niveaux-dossier")
    open_the_session(plan_session(scene))
    enter(page, live_server, scene.president)
    for item in scene.items:
        hold_ballot(scene, item, "ppppppa", reason=f"Motif {item.position}.")
    look(page, live_server, f"{of(scene, 'jury_session')}?dossier={scene.items[0].uuid}", "niveaux-seance")
    look(page, live_server, of(scene, "jury_close"), "niveaux-clore")


def test_a_criterion_of_some_files(sized, live_server):
    page, scene = sized, apart_scene(2)
    Criterion.objects.filter(call=scene.call, code="C2").update(condition={"kind": "track", "codes": ["TRAVAUX"]})
    Criterion.objects.create(call=scene.call, code="C3", position=3, label="Originalité", points=0, informational=True)
    declare_all(scene)
    enter(page, live_server, scene.voters[1].user)
    page.goto(f"{live_server.url}{reverse('jury_file', args=[scene.files[0].uuid])}")
    page.locator('input[name="note_C1"][value="4"]').check(force=True)
    page.locator('input[name="note_C3"][value="2"]').check(force=True)
    assert page.locator("[data-grid-total]").inner_text() == "90"
    assert page.locator('[data-criterion-points="C3"]').inner_text() == "2 sur 5"
    page.get_by_role("button", name="Valider mes notes").click()
    page.wait_for_url("**/jury/")
    look(page, live_server, reverse("jury_file", args=[scene.files[0].uuid]), "criteres-dossier")


def test_rankings_apart(sized, live_server):
    page, scene = sized, held(apart_scene())
    enter(page, live_server, scene.president)
    look(page, live_server, of(scene, "jury_ranking"), "classements")
    look(page, live_server, of(scene, "jury_close"), "classements-clore")
    close_session(session=scene.session, by=scene.president, at=scene.at)
    run_jobs()
    enter(page, live_server, scene.manager)
    look(page, live_server, reverse("decision", args=[scene.call.slug]), "classements-decision")


def test_an_even_vote(sized, live_server):
    page, scene = sized, even_scene("joint_decision", "second_ballot")
    enter(page, live_server, scene.president)
    look(page, live_server, of(scene, "jury_session"), "partage")
    page.get_by_role("button", name="Ouvrir le second scrutin").click()
    page.wait_for_url("**dossier=**")
    look(page, live_server, of(scene, "jury_session"), "second-scrutin")
