"""The mayor: from the link of the mail to the receipt, on a phone as on a desk."""

import re

import pytest
from playwright.sync_api import Page, expect

from applications.models import Application
from applications.services.signature import ask_signature
from portal.core.clock import portal_now
from portal.core.models import OutboundEmail
from portal.core.outbox import run_jobs
from tests.journeys import scenery
from tests.journeys.look import look

pytestmark = pytest.mark.django_db(transaction=True)


def link_in(mail: OutboundEmail) -> str:
    (path,) = re.findall(r"https://ami\.exemple\.fr(/\S+)", mail.body)
    return path


def ask_the_mayor(*, closes_in: int = 19) -> tuple[Application, str]:
    """A complete draft, and the link that its mayor has just received."""
    call = scenery.make_real_call(closes_in=closes_in)
    application, secretary, mayor = scenery.make_draft(call)
    ask_signature(application=application, signatory=mayor, by=secretary, at=portal_now())
    mail = OutboundEmail.objects.get(kind="applications.signature")
    assert mail.recipient == mayor.email
    return application, link_in(mail)


def test_from_the_link_to_the_receipt(any_size_page: Page, live_server) -> None:
    page = any_size_page
    application, link = ask_the_mayor()
    page.goto(f"{live_server.url}{link}")
    look(page)
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_text("Page 1 sur 2")).to_be_visible()
    look(page, picture="maire-lire", width=390, height=1400)
    page.get_by_role("link", name="Continuer vers le dépôt").click()
    expect(page.get_by_text("Page 2 sur 2")).to_be_visible()
    assert page.locator("input[type=checkbox]:checked").count() == 0
    tick_all(page)
    look(page, picture="maire-deposer", width=390)
    page.locator("#id_confirm").uncheck()
    page.get_by_role("button", name="Déposer la candidature").click()
    expect(page.locator(".error-summary")).to_be_focused()
    look(page)
    tick_all(page)
    page.get_by_role("button", name="Déposer la candidature").click()
    expect(page.get_by_text("Le récépissé PDF se prépare.")).to_be_visible()
    look(page)
    run_jobs()
    page.get_by_role("link", name="Actualiser la page").click()
    expect(page.get_by_role("link", name="Télécharger le récépissé (PDF)")).to_be_visible()
    look(page, picture="maire-recepisse", width=390, height=1500)
    application.refresh_from_db()
    assert (application.state, application.number) == ("submitted", f"TPS-{application.call.edition}-0001")
    page.goto(f"{live_server.url}/mes-actions/")
    look(page)


def tick_all(page: Page) -> None:
    for box in page.locator("main input[type=checkbox]").all():
        box.check()


def test_the_mayor_says_why_not(any_size_page: Page, live_server) -> None:
    page = any_size_page
    application, link = ask_the_mayor()
    page.goto(f"{live_server.url}{link}")
    page.get_by_role("button", name="Continuer").click()
    page.get_by_role("link", name="Ne pas déposer, et dire pourquoi").click()
    look(page)
    page.get_by_label("Pourquoi").fill("Le plan n’est pas le bon.")
    page.get_by_role("button", name="Envoyer ma réponse").click()
    expect(page.get_by_text("Votre réponse est envoyée. Rien n’est déposé.")).to_be_visible()
    look(page)
    assert application.signature_requests.get().reason == "Le plan n’est pas le bon."
    page.context.clear_cookies()
    page.goto(f"{live_server.url}{link}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ce lien ne s’ouvre plus")
    look(page)
