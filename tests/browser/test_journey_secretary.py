"""The secretary: from the page of the call to the link sent to the mayor, at 1280 and 390 px."""

import re

import pytest
from playwright.sync_api import Page, expect

from applications.models import SectionAnswers
from portal.core.models import OutboundEmail
from tests.journeys import scenery
from tests.journeys.filing import answers_of
from tests.journeys.look import enter, look
from tests.journeys.walker import pdf_file

pytestmark = pytest.mark.django_db(transaction=True)


def test_from_the_call_to_a_section_saved_while_typing(any_size_page: Page, live_server) -> None:
    page, call = any_size_page, scenery.make_real_call(closes_in=19)
    _, secretary, _ = scenery.make_people("76254")
    page.goto(f"{live_server.url}/appels/{call.slug}/?commune=etretat")
    look(page, picture="images/appel", width=1280, height=1300)
    enter(page, live_server.url, secretary)
    page.goto(f"{live_server.url}/mes-actions/")
    look(page, picture="mairie-actions", width=1280)
    page.goto(f"{live_server.url}/appels/{call.slug}/")
    page.get_by_role("link", name="Préparer notre candidature").click()
    look(page)
    page.get_by_role("button", name="Commencer la candidature").click()
    page.wait_for_url(re.compile("/candidatures/[0-9a-f-]{36}/$"))
    look(page, picture="mairie-brouillon", width=1280)
    page.get_by_role("link", name=re.compile("2. Le site")).click()
    write_the_site(page)
    expect(page.locator("[data-save-text]")).to_have_text(re.compile(r"^Enregistré à\s\d+\sh\s\d\d$"), timeout=15_000)
    assert SectionAnswers.objects.get(section_code="site").values["titre"] == answers_of("76254")["site"]["titre"]
    page.get_by_role("button", name="Enregistrer et continuer").click()
    expect(page.locator(".error-summary")).to_be_focused()
    said = re.compile(r"^Quelle est sa surface\s: écrivez un nombre entre 1 et 1\s000\s000$")
    expect(page.locator(".error-summary a")).to_have_text(said)
    look(page, picture="mairie-section", width=1280, height=1500)
    page.get_by_label("Quelle est sa surface").fill("1 450")
    page.get_by_role("button", name="Enregistrer et continuer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Pourquoi ce projet")
    assert SectionAnswers.objects.get(section_code="site").values["surface"] == "1 450"


def write_the_site(page: Page) -> None:
    """Everything right but the surface."""
    site = answers_of("76254")["site"]
    page.get_by_label("Donnez un titre au projet").fill(site["titre"])
    page.get_by_label("Où se trouve le site").fill(site["adresse"])
    page.get_by_label("Quelle est sa surface").fill("grande")
    page.get_by_label("Place", exact=True).check()
    page.get_by_label("À quoi sert-il").fill(site["usage"])
    page.get_by_label("À la commune", exact=True).check()


def test_from_the_pieces_to_the_mayor(any_size_page: Page, live_server) -> None:
    page, call = any_size_page, scenery.make_real_call(closes_in=19)
    application, secretary, mayor = scenery.make_draft(call, leave=frozenset({"engagements"}))
    scenery.join_pieces(application, secretary)
    application.attachments.filter(piece_code="PLAN_SIT").update(
        removed_at=application.created_at, removed_by=secretary
    )
    application.promises.all().delete()
    enter(page, live_server.url, secretary)
    page.goto(f"{live_server.url}/candidatures/{application.uuid}/relire/")
    look(page)
    scenery.fill(application, secretary)
    page.goto(f"{live_server.url}/candidatures/{application.uuid}/pieces/")
    look(page, picture="mairie-pieces", width=1280)
    page.get_by_role("link", name="Joindre : Plan de situation").click()
    look(page)
    upload = pdf_file("plan-de-situation.pdf")
    page.get_by_label("Fichier").set_input_files(
        {"name": "plan-de-situation.pdf", "mimeType": "application/pdf", "buffer": upload.read()}
    )
    page.get_by_role("button", name="Joindre", exact=True).click()
    expect(page.get_by_text("plan-de-situation.pdf")).to_be_visible()
    page.get_by_role("link", name="Joindre : Délibération").click()
    look(page)
    page.get_by_role("button", name="Promettre la pièce").click()
    page.get_by_role("link", name="Tout relire").last.click()
    expect(page.get_by_text("Il ne manque rien.")).to_be_visible()
    look(page)
    page.get_by_role("link", name="Faire signer le maire").click()
    look(page, picture="mairie-faire-signer", width=1280)
    page.get_by_label(re.compile("^Maire")).check()
    page.get_by_role("button", name="Envoyer le lien", exact=True).click()
    expect(page.get_by_text(re.compile("Signature demandée à"))).to_be_visible()
    look(page)
    assert OutboundEmail.objects.get(kind="applications.signature").recipient == mayor.email
