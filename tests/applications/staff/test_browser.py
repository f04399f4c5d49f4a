"""The officer and the manager in a real browser, at 1280 and 390 px: from the table to the letters, axe on every page."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from applications.models import Application, Decision, DecisionNotice
from applications.services.notices import prepare_notices, send_notices
from portal.core.clock import portal_now
from portal.core.models import FrozenDocument
from portal.core.uploads import store_bytes
from tests.applications.staff.makers import (
    client_of,
    make_decision,
    make_deposited,
    make_examined,
    make_staffed_call,
    make_strata,
)
from tests.factories import BENOUVILLE, HARFLEUR, make_application, make_role, make_town_hall
from tests.harness.browser import axe_violations, screenshot

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


def enter(page, live_server, user):
    cookie = client_of(user, stepped_up=True).cookies["sessionid"]
    page.context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": live_server.url}])


def look(page, name):
    """No accessibility violation, no sideways scroll, and a picture of the page."""
    assert axe_violations(page) == [], name
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
    screenshot(page, f"instruction-{name}")


def open_page(page, live_server, name, url_name, *args):
    page.goto(live_server.url + reverse(url_name, args=args))
    look(page, name)


def test_from_the_table_to_the_verdict(any_size_page, live_server):
    page = any_size_page
    call, manager = make_staffed_call()
    make_strata(call)
    make_deposited(call)
    make_application(call, make_town_hall(HARFLEUR))
    make_town_hall(BENOUVILLE)
    enter(page, live_server, manager)
    open_page(page, live_server, "communes", "staff_communes", call.slug)
    page.get_by_label("Commune", exact=True).fill("etretat")
    page.get_by_role("button", name="Filtrer").click()
    expect(page.get_by_text("1\u00a0commune", exact=True)).to_be_visible()
    open_page(page, live_server, "commune", "staff_commune", call.slug, BENOUVILLE[0])
    page.goto(live_server.url + reverse("staff_communes", args=[call.slug]))
    page.get_by_role("link", name="Étretat", exact=True).click()
    look(page, "candidature")
    page.get_by_text("Déclarer non recevable").first.click()
    page.get_by_role("button", name="Déclarer non recevable").click()
    look(page, "candidature-erreurs")
    page.get_by_role("button", name="Déclarer recevable").click()
    expect(page.get_by_text("Déclarée recevable", exact=True)).to_be_visible()
    look(page, "candidature-recevable")
    assert Application.objects.get(state="admissible").lead.name == "Commune de Étretat"


def test_from_the_decision_to_the_letters(any_size_page, live_server):
    page = any_size_page
    call, manager = make_staffed_call()
    make_examined(call, manager, refused=True)
    make_role(call, "manager", full_name="Direction")
    enter(page, live_server, manager)
    open_page(page, live_server, "decision-attendue", "decision", call.slug)
    page.get_by_role("link", name="Écrire la décision sans proposition du jury").click()
    page.get_by_role("button", name="Demander la confirmation").click()
    look(page, "decision-erreurs")


def test_letters_read_then_sent(any_size_page, live_server):
    page = any_size_page
    call, manager = make_staffed_call()
    decision = make_decision(call, manager)
    enter(page, live_server, manager)
    open_page(page, live_server, "lettres-a-preparer", "staff_letters", decision.uuid)
    ready(decision, manager)
    open_page(page, live_server, "decision", "decision", call.slug)
    open_page(page, live_server, "lettres-a-lire", "staff_letters", decision.uuid)
    notice = DecisionNotice.objects.first()
    open_page(page, live_server, "lettre", "staff_letter", notice.number)
    DecisionNotice.objects.update(read_at=portal_now(), read_by=manager)
    page.goto(live_server.url + reverse("staff_letters", args=[decision.uuid]))
    page.get_by_role("button", name="Envoyer les 3\u00a0lettres").click()
    look(page, "lettres-envoyees")
    assert Decision.objects.get().notified_by == manager


def test_the_commune_and_the_public_read_the_decision(any_size_page, live_server):
    page = any_size_page
    call, manager = make_staffed_call()
    decision = make_decision(call, manager)
    ready(decision, manager)
    DecisionNotice.objects.update(read_at=portal_now(), read_by=manager)
    open_page(page, live_server, "laureats-avant", "call_laureates", call.slug)
    send_notices(decision=decision, by=manager, at=portal_now())
    open_page(page, live_server, "laureats", "call_laureates", call.slug)
    application = decision.lines.get(outcome="selected").application
    enter(page, live_server, application.deposits.get().deposited_by)
    open_page(page, live_server, "decision-commune", "application_decision", application.uuid)


def ready(decision, manager):
    """The letters are there, with bytes that no worker had to draw."""
    now = portal_now()
    prepare_notices(decision=decision, by=manager, at=now)
    file = store_bytes(b"%PDF-1.7", name="lettre.pdf", detected_type="application/pdf", by=None, at=now)
    letters = FrozenDocument.objects.filter(kind__startswith="notice_")
    letters.update(state="ready", file=file, sha256=file.sha256, rendered_at=now)
