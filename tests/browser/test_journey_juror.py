"""The juror: the invitation of the mail, the declaration, the first file in three screens, the grid that saves itself."""

import re

import pytest
from playwright.sync_api import Page, expect

from juries.models import Assessment, Recusal
from juries.services.seats import compose_jury, invite_holder
from portal.core.clock import portal_now
from portal.core.models import OutboundEmail
from tests.factories import make_role
from tests.journeys import scenery
from tests.journeys.look import enter, give_note, look

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_first_file_in_three_screens(any_size_page: Page, live_server) -> None:
    """Declaration, list, file: the file of one's own commune never opens."""
    page, call = any_size_page, scenery.make_real_call(closes_in=-30)
    first, second = scenery.make_examined(call, "76254", "76716")
    seat = next(seat for seat in compose_jury(call=call) if seat.code == "V4")
    invite_holder(
        seat=seat, email="jury-v4@exemple.fr", by=make_role(call, role_title="Chargée de mission"), at=portal_now(),
        organisation=scenery.town_hall("76254"), role_title="Maire d’Étretat",
    )  # fmt: skip
    (link,) = re.findall(r"https://ami\.exemple\.fr(/\S+)", OutboundEmail.objects.get(kind="invitation").body)
    page.goto(f"{live_server.url}{link}")
    look(page)
    page.get_by_role("button", name="Accepter l’invitation").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Vos liens avec les communes candidates")
    expect(page.get_by_role("heading", name="Déport déjà constaté")).to_be_visible()
    look(page, picture="jury-declaration", width=390)
    page.get_by_label("Aucun lien").check()
    page.get_by_role("button", name="Enregistrer ma déclaration").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Turretot")
    look(page, picture="jury-dossier", width=1280, height=1250)
    give_note(page, "C1", 4)
    expect(page.locator("[data-save-state]")).to_contain_text("Enregistré à", timeout=15_000)
    assert {str(score.note) for score in Assessment.objects.get().scores.all()} == {"4.0"}
    for code in ("C2", "C3", "C4", "C5", "C6"):
        give_note(page, code, 3)
    page.get_by_role("button", name="Valider mes notes").click()
    expect(page.get_by_text("Notes validées pour Turretot.")).to_be_visible()
    look(page)
    assert (Assessment.objects.get().state, Recusal.objects.get().application) == ("submitted", first)
    page.goto(f"{live_server.url}/jury/dossiers/{first.uuid}/")
    expect(page.get_by_text(re.compile("Vous êtes déporté de ce dossier"))).to_be_visible()
    look(page)
    assert second.assessments.count() == 1


def test_the_home_of_a_member_before_and_after(any_size_page: Page, live_server) -> None:
    page, call = any_size_page, scenery.make_real_call(closes_in=-30)
    files = scenery.make_examined(call, "76254", "76716")
    holders = scenery.seat_the_jury(call)
    scenery.plan_the_session(call)
    enter(page, live_server.url, holders[8].user)
    for path in ("/mes-actions/", "/jury/"):
        page.goto(f"{live_server.url}{path}")
        look(page)
    scenery.declare_all(holders, files)
    scenery.note(holders[8], files[1], 3, 3, 3, 3, 3, 3)
    page.goto(f"{live_server.url}/jury/")
    look(page, picture="jury-accueil", width=1280)
    page.get_by_role("link", name="Noter Étretat").click()
    page.get_by_role("link", name=re.compile("Je suis lié à cette commune")).click()
    look(page)
    page.get_by_label("Quel genre de lien").select_option("provider")
    page.get_by_label("Quel est ce lien").fill("Étude en cours pour la commune")
    page.locator("main form button[type=submit]").click()
    expect(page.get_by_text(re.compile("Vous êtes déporté de ce dossier."))).to_be_visible()
    look(page)
