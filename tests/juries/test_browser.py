"""The member, the president, the officer and the manager in a real browser: 1280, 1024 and 390 px, axe on every page."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from juries.models import Assessment, Seat, Vote
from juries.services.ballots import cast_vote, close_ballot, open_ballot, record_reason
from juries.services.sessions import close_session
from portal.core.outbox import run_jobs
from tests.factories import make_role
from tests.harness.browser import axe_violations, screenshot
from tests.juries.clicks import enter as enter_client
from tests.juries.scenes import (
    Scene,
    declare_all,
    make_open_session,
    make_scene,
    note_all,
    plan_session,
    vote_all,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

WIDTHS = {1280: 900, 1024: 900, 390: 844}


@pytest.fixture(params=WIDTHS)
def sized(request: pytest.FixtureRequest, page: Page) -> Page:
    page.set_viewport_size({"width": request.param, "height": WIDTHS[request.param]})
    return page


def enter(page: Page, live_server, user) -> None:
    """Open the portal as this person, a fresh code given a moment ago."""
    client = enter_client(Client(), user)
    cookie = client.cookies["sessionid"]
    page.context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": live_server.url}])


def look(page: Page, live_server, path: str, name: str) -> None:
    """Open a page: no accessibility violation, no sideways scroll, and its picture."""
    page.goto(f"{live_server.url}{path}")
    page.wait_for_load_state("load")
    assert axe_violations(page) == [], name
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
    screenshot(page, f"jury-{name}")


def of(scene: Scene, name: str, *args) -> str:
    return reverse(name, args=[scene.session.uuid, *args])


def test_pages_before_the_session(sized, live_server):
    page, scene = sized, plan_session(make_scene())
    holder = scene.holders[1]
    enter(page, live_server, holder.user)
    look(page, live_server, reverse("jury_home"), "accueil-avant-declaration")
    look(page, live_server, reverse("jury_declare", args=[scene.call.slug]), "declaration")
    page.get_by_role("button", name="Enregistrer ma déclaration").click()
    assert axe_violations(page) == []
    screenshot(page, "jury-declaration-erreurs")
    declare_all(scene, {1: {2: "Étude en cours pour la commune"}})
    look(page, live_server, reverse("jury_home"), "accueil")
    look(page, live_server, reverse("jury_file", args=[scene.files[0].uuid]), "dossier")
    look(page, live_server, reverse("jury_practice", args=[scene.call.slug]), "exercice")
    look(page, live_server, reverse("jury_recuse", args=[scene.files[0].uuid]), "deport")
    look(page, live_server, of(scene, "jury_session"), "seance-prevue")
    enter(page, live_server, scene.president)
    look(page, live_server, of(scene, "jury_attendance"), "presences")
    enter(page, live_server, make_role(scene.call, "officer"))
    look(page, live_server, reverse("technical_assessment", args=[scene.files[0].uuid]), "avis-technique")
    enter(page, live_server, scene.manager)
    look(page, live_server, reverse("jury_staff", args=[scene.call.slug]), "gestion")
    look(page, live_server, reverse("jury_invite", args=[scene.call.slug, scene.holders[0].seat.pk]), "invitation")
    look(page, live_server, reverse("jury_session_new", args=[scene.call.slug]), "seance-nouvelle")
    look(page, live_server, reverse("jury_interests", args=[scene.call.slug]), "registre-des-interets")
    scene.call.extras = {**scene.call.extras, "jury": {"readers": 2}}
    scene.call.save(update_fields=["extras"])
    look(page, live_server, reverse("jury_progress", args=[scene.call.slug]), "avancement")
    page.get_by_role("button", name="Répartir les dossiers").click()
    look(page, live_server, reverse("jury_progress", args=[scene.call.slug]), "avancement-reparti")
    scene.holders[3].seat.holders.update(ends_at=scene.at)
    Seat.objects.filter(pk=scene.holders[3].seat_id).update(drawn=True)
    look(page, live_server, reverse("jury_draw", args=[scene.call.slug, scene.holders[3].seat_id]), "tirage")


def test_pages_of_the_session(sized, live_server):
    page = sized
    scene = make_open_session(files=3, max_selected=2, reserve_size=1, links={3: {0: "Étude en cours"}})
    enter(page, live_server, scene.president)
    first, second, third = scene.items
    look(page, live_server, of(scene, "jury_session"), "seance-a-examiner")
    look(page, live_server, of(scene, "jury_pronounce", first.uuid), "deport-prononce")
    open_ballot(item=first, by=scene.president)
    look(page, live_server, of(scene, "jury_session"), "seance-scrutin-ouvert")
    enter(page, live_server, scene.holders[1].user)
    look(page, live_server, of(scene, "jury_vote"), "voter")
    for holder, choice in zip(
        [h for h in scene.voters if h != scene.voters[3]],
        ["for", "for", "for", "against", "abstain", "for"],
        strict=True,
    ):
        cast_vote(item=first, holder=holder, choice=choice)
    look(page, live_server, of(scene, "jury_vote"), "bulletin-dans-l-urne")
    close_ballot(item=first, by=scene.president)
    enter(page, live_server, scene.president)
    look(page, live_server, of(scene, "jury_session") + f"?dossier={first.uuid}", "seance-vote-clos")
    enter(page, live_server, scene.holders[3].user)
    look(page, live_server, of(scene, "jury_session") + f"?dossier={first.uuid}", "seance-deport")
    record_reason(item=first, reason="Réponse précise au vieillissement, engagement sur les cheminements.")
    for item, choices in ((second, "pppppca"), (third, "cccpaca")):
        open_ballot(item=item, by=scene.president)
        vote_all(scene, item, choices)
        close_ballot(item=item, by=scene.president)
        record_reason(item=item, reason="Projet juste et modeste.")
    enter(page, live_server, scene.president)
    look(page, live_server, of(scene, "jury_ranking"), "classement")
    look(page, live_server, of(scene, "jury_calculation", first.uuid), "calcul")
    enter(page, live_server, scene.manager)
    tried = "?essai=1&places=2&reserve=1&threshold=50&territory=intercommunality&per_territory=1"
    look(page, live_server, reverse("jury_simulation", args=[scene.call.slug]) + tried, "simulation")
    enter(page, live_server, scene.president)
    look(page, live_server, of(scene, "jury_close"), "cloture")
    close_session(
        session=scene.session, by=scene.president, at=scene.at,
        settled=[str(scene.files[0].uuid), str(scene.files[1].uuid)], reason="Vote du jury.",
    )  # fmt: skip
    run_jobs()
    look(page, live_server, of(scene, "minutes"), "proces-verbal")


def test_the_grid_saves_as_one_clicks(page, live_server):
    scene = declare_all(make_scene())
    enter(page, live_server, scene.holders[1].user)
    page.goto(f"{live_server.url}{reverse('jury_file', args=[scene.files[0].uuid])}")
    page.locator("input[name=note_C1][value='4']").check(force=True)
    expect(page.locator("[data-criterion-points=C1]")).to_have_text("48 sur 60")
    expect(page.locator("[data-grid-total]")).to_have_text("58")
    expect(page.locator("[data-save-state]")).to_contain_text("Enregistré à", timeout=15_000)
    assert {str(score.note) for score in Assessment.objects.get().scores.all()} == {"4.0"}


def test_the_whole_vote_without_javascript(page_without_javascript, live_server):
    """Declaration, notes and ballot pass with the scripts off."""
    page, scene = page_without_javascript, make_scene(1)
    holder = scene.holders[1]
    enter(page, live_server, holder.user)
    page.goto(f"{live_server.url}{reverse('jury_declare', args=[scene.call.slug])}")
    page.get_by_label("Aucun lien").check()
    page.get_by_role("button", name="Enregistrer ma déclaration").click()
    for code in ("C1", "C2"):
        page.locator(f"input[name=note_{code}][value='4']").check(force=True)
    page.get_by_role("button", name="Valider mes notes").click()
    assert Assessment.objects.get().state == "submitted"
    declare_rest(scene, holder)
    note_all(scene, (4, 3), members=1)
    from tests.juries.scenes import open_the_session

    open_the_session(plan_session(scene))
    open_ballot(item=scene.items[0], by=scene.president)
    page.goto(f"{live_server.url}{of(scene, 'jury_vote')}")
    page.get_by_label("Pour").check()
    page.get_by_role("button", name="Mettre mon bulletin dans l’urne").click()
    expect(page.get_by_role("heading", name="Votre bulletin est dans l’urne")).to_be_visible()
    assert list(Vote.objects.values_list("seat", "choice")) == [(holder.seat_id, "for")]


def declare_rest(scene: Scene, done) -> None:
    scene.holders, everyone = [h for h in scene.holders if h != done], scene.holders
    declare_all(scene)
    scene.holders = everyone


def test_the_screen_follows_the_ballot(page, live_server):
    """A member's screen shows the ballot that the president has just opened, without a click."""
    scene = make_open_session(files=1)
    enter(page, live_server, scene.holders[1].user)
    page.goto(f"{live_server.url}{of(scene, 'jury_session')}")
    expect(page.get_by_role("link", name="Voter", exact=True)).to_have_count(0)
    open_ballot(item=scene.items[0], by=scene.president)
    expect(page.get_by_role("link", name="Voter", exact=True)).to_be_visible(
        timeout=timedelta(seconds=15).total_seconds() * 1000
    )
