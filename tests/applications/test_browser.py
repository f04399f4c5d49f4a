"""The commune's journey in a real browser: at 1280 and 390 px, axe on every page; and whole without JavaScript."""

import re
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from applications.models import Application, Attachment, SectionAnswers
from applications.services.drafting import promise, start_application
from applications.services.signature import ask_signature
from calls.models import PieceType, Question
from portal.core.clock import portal_now
from portal.core.outbox import run_jobs
from portal.core.uploads import store_bytes
from tests.applications.catalogue import make_catalogue_call, typed_answer
from tests.applications.files import deposit, make_town, pdf_upload
from tests.factories import make_call
from tests.harness.browser import axe_violations, screenshot

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


def enter(page: Page, live_server, user) -> None:
    """Open the portal as this person."""
    client = Client()
    client.force_login(user)
    cookie = client.cookies["sessionid"]
    page.context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": live_server.url}])


def look(page: Page, live_server, path: str, name: str) -> None:
    """Open a page: no accessibility violation, no sideways scroll, and its picture."""
    page.goto(f"{live_server.url}{path}")
    page.wait_for_load_state("networkidle")
    assert axe_violations(page) == [], name
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
    screenshot(page, f"candidature-{name}")


def fill(application: Application, by, *, leave: frozenset[str] = frozenset()) -> None:
    """Right answers everywhere but in the sections left."""
    for section in application.call.sections.exclude(code__in=leave):
        values = {question.code: typed_answer(question) for question in section.questions.all()}
        SectionAnswers.objects.update_or_create(
            application=application,
            section_code=section.code,
            defaults={"values": values, "version": 2, "updated_at": portal_now(), "updated_by": by},
        )


def attach_all(application: Application, by) -> None:
    content = pdf_upload().read()
    for piece in PieceType.objects.filter(call=application.call).exclude(need="optional").exclude(code="DELIB"):
        for n in range(piece.min_count):
            name = f"{piece.label.lower()} {n + 1}.pdf"
            file = store_bytes(content, name=name, detected_type="application/pdf", by=by, at=portal_now())
            Attachment.objects.create(
                application=application, piece_code=piece.code, file=file, added_at=portal_now(), added_by=by
            )


def test_every_page_of_the_commune_at_both_sizes(any_size_page, live_server):
    page = any_size_page
    organisation, secretary, mayor = make_town()
    call = make_catalogue_call()
    enter(page, live_server, secretary)
    look(page, live_server, reverse("applications"), "liste-vide")
    look(page, live_server, reverse("application_new", args=[call.slug]), "commencer")
    application = start_application(call=call, organisation=organisation, by=secretary, at=portal_now())
    base = reverse("application", args=[application.uuid])
    fill(application, secretary, leave=frozenset({"pourquoi", "besoins"}))
    broken = Question.objects.filter(call=call, section__position=3)
    bad = {q.code: "314" if q.kind == "percent" else [] if q.kind == "multiple" else typed_answer(q) for q in broken}
    row, _ = SectionAnswers.objects.update_or_create(
        application=application, section_code=broken[0].section.code,
        defaults={"values": bad, "updated_at": portal_now(), "updated_by": secretary},
    )  # fmt: skip
    look(page, live_server, base, "brouillon")
    look(page, live_server, f"{base}sections/{row.section_code}/?manque", "section")
    look(page, live_server, f"{base}pieces/", "pieces")
    look(page, live_server, f"{base}pieces/DELIB/", "piece")
    look(page, live_server, f"{base}relire/", "relire")
    look(page, live_server, f"{base}deposer/", "deposer-incomplet")
    fill(application, secretary)
    attach_all(application, secretary)
    delib = call.piece_types.get(code="DELIB")
    promise(application=application, piece=delib, due_on=delib.promised_until, by=secretary, at=portal_now())
    look(page, live_server, f"{base}faire-signer/", "faire-signer")
    ask_signature(application=application, signatory=mayor, by=secretary, at=portal_now())
    enter(page, live_server, mayor)
    look(page, live_server, f"{base}signature/", "signature-1")
    look(page, live_server, f"{base}deposer/", "signature-2")
    look(page, live_server, f"{base}ne-pas-deposer/", "decliner")
    codes = list(call.undertakings.values_list("code", flat=True))
    deposit(application, mayor, undertakings=codes)
    look(page, live_server, f"{base}recepisse/", "recepisse-attente")
    run_jobs()
    look(page, live_server, f"{base}recepisse/", "recepisse")
    look(page, live_server, f"{base}dossier-depose/", "depose")
    look(page, live_server, base, "apres-depot")
    look(page, live_server, reverse("applications"), "liste")


def test_typing_saves_by_itself_and_a_cut_loses_nothing(page, live_server):
    organisation, secretary, _ = make_town()
    application = start_application(call=make_call(), organisation=organisation, by=secretary, at=portal_now())
    enter(page, live_server, secretary)
    page.goto(f"{live_server.url}{reverse('section', args=[application.uuid, 'S1'])}")
    page.get_by_label("Intitulé du projet").fill("La place des Marronniers")
    expect(page.locator("[data-save-text]")).to_have_text(re.compile("Enregistré à"), timeout=10_000)
    assert SectionAnswers.objects.get().values["Q1"] == "La place des Marronniers"
    page.context.set_offline(True)
    page.get_by_label("Intitulé du projet").fill("La place et le square")
    expect(page.locator("[data-save-text]")).to_have_text(
        re.compile("votre texte est gardé sur ce poste"), timeout=10_000
    )
    context = page.context
    page.close()
    context.set_offline(False)
    later = context.new_page()
    with later.expect_response(lambda answer: answer.url.endswith("/enregistrer/") and answer.ok):
        later.goto(f"{live_server.url}{reverse('section', args=[application.uuid, 'S1'])}")
    expect(later.get_by_label("Intitulé du projet")).to_have_value("La place et le square")
    assert SectionAnswers.objects.get().values["Q1"] == "La place et le square"


def test_the_whole_journey_without_javascript(page_without_javascript, live_server):
    page = page_without_javascript
    _, secretary, mayor = make_town()
    call = make_call(prefix="TPS")
    enter(page, live_server, secretary)
    page.goto(f"{live_server.url}/candidatures/")
    page.get_by_role("link", name="Commencer").click()
    page.get_by_role("button", name="Commencer la candidature").click()
    page.get_by_role("link", name="Écrire « Le site »").click()
    page.get_by_label("Intitulé du projet").fill("La place des Marronniers")
    page.get_by_label("Surface").fill("beaucoup")
    page.get_by_role("button", name="Enregistrer et continuer").click()
    expect(page.get_by_text("Une réponse est à reprendre")).to_be_visible()
    page.get_by_label("Surface").fill("1 200")
    page.get_by_role("button", name="Enregistrer et continuer").click()
    page.get_by_label("Quels besoins").fill("Un banc, de l’ombre.")
    page.get_by_role("button", name="Enregistrer et continuer").click()
    page.get_by_role("link", name="Joindre : Plan de situation").click()
    upload = pdf_upload("plan.pdf")
    page.get_by_label("Fichier").set_input_files(
        {"name": "plan.pdf", "mimeType": "application/pdf", "buffer": upload.read()}
    )
    page.get_by_role("button", name="Joindre").click()
    page.get_by_role("link", name="Joindre : Délibération").click()
    page.get_by_role("button", name="Promettre la pièce").click()
    page.get_by_role("link", name="Tout relire").last.click()
    expect(page.get_by_text("Il ne manque rien.")).to_be_visible()
    page.get_by_role("link", name="Faire signer le maire").click()
    page.get_by_label("Maire").check()
    page.get_by_role("button", name="Envoyer le lien", exact=True).click()
    enter(page, live_server, mayor)
    page.goto(f"{live_server.url}{urlsplit(page.url).path}signature/")
    page.get_by_role("link", name="Continuer vers le dépôt").click()
    page.get_by_label("Participer à cinq réunions dans l’année").check()
    page.get_by_label("Je confirme avoir qualité").check()
    page.get_by_role("button", name="Déposer la candidature").click()
    expect(page.get_by_text("TPS-2027-0001").first).to_be_visible()
    assert call.applications.get().state == "submitted"
