"""The screens of the life of a call, whole: accessibility, width, pictures."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page

from calls.definition.dump import dump
from calls.definition.identity import Template
from calls.definition.reading import canonical
from calls.services import editions, life, publication
from calls.services.correction import stage_document
from portal.core.clock import portal_now
from tests.applications.files import make_ready
from tests.browser.screens import enter, faults_of
from tests.calls.test_correction import fields, made, text_of
from tests.factories import make_call, make_institution, make_member, make_role, make_user, paris

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_life_of_a_published_call(any_size_page: Page, live_server) -> None:
    call, manager = made()
    fields(call)
    make_member(call.owner, "editor", role_title="Directrice")
    proposal = stage_document(
        text_of(call, ("label: Titre du projet", "label: Nom du projet"), ("summary: Un", "summary: L")),
        owner=call.owner, by=manager, at=portal_now(), call=call,
    )  # fmt: skip
    refused = stage_document(
        text_of(call, ("points: 60", "points: 50"), ("points: 40", "points: 50")),
        owner=call.owner, by=manager, at=portal_now(), call=call,
    )  # fmt: skip
    replaced = stage_document(
        canonical(dump(call).model_copy(update={"slug": "autre-appel", "code_prefix": "AUT"})),
        owner=call.owner, by=manager, at=portal_now(),
    )  # fmt: skip
    enter(any_size_page, live_server.url, manager, stepped_up=True)
    base = f"/gestion/appels/{call.slug}"
    organisation = f"/gestion/organismes/{call.owner.uuid}"
    paths = {
        "life": f"{base}/vie/",
        "life-staff-call": f"{base}/",
        "life-extend": f"{base}/prolonger/",
        "life-suspend": f"{base}/suspendre/",
        "life-cancel": f"{base}/sans-suite/",
        "life-correct": f"{base}/corriger/",
        "life-correction": f"{base}/corriger/{proposal.uuid}/",
        "life-correction-refused": f"{base}/corriger/{refused.uuid}/",
        "life-import-confirm": f"{organisation}/importer/{replaced.uuid}/",
        "life-new": f"{organisation}/nouvel-appel/",
        "life-clone": f"{base}/repartir/",
        "life-advice": f"{base}/conseils/",
    }
    assert faults_of(any_size_page, live_server.url, paths) == {name: [] for name in paths}


def test_a_suspended_call_says_it_everywhere(any_size_page: Page, live_server) -> None:
    call, manager = made()
    _, draft, _ = fields(call)
    reason = "Un recours a été déposé contre le règlement ; le service l’examine."
    life.suspend_call(call=call, reason=reason, by=manager)
    enter(any_size_page, live_server.url, manager, stepped_up=True)
    staff = {
        "suspended-life": f"/gestion/appels/{call.slug}/vie/",
        "suspended-resume": f"/gestion/appels/{call.slug}/reprendre/",
    }
    assert faults_of(any_size_page, live_server.url, staff) == {name: [] for name in staff}
    for path in (f"/appels/{call.slug}/", f"/gestion/appels/{call.slug}/", f"/gestion/appels/{call.slug}/communes/"):
        any_size_page.goto(f"{live_server.url}{path}")
        assert "Appel suspendu" in any_size_page.inner_text("body")
    enter(any_size_page, live_server.url, draft.created_by)
    mine = {"suspended-file": f"/candidatures/{draft.uuid}/", "suspended-page": f"/appels/{call.slug}/"}
    assert faults_of(any_size_page, live_server.url, mine) == {name: [] for name in mine}
    any_size_page.goto(f"{live_server.url}/candidatures/{draft.uuid}/")
    assert reason[:20] in any_size_page.inner_text("body")


def test_visa_reopening_and_template(any_size_page: Page, live_server) -> None:
    owner = make_institution()
    manager = make_member(owner, "manager")
    call, _ = made()
    national = dump(call).model_copy(update={"slug": "national", "code_prefix": "NAT", "inherits": None})
    national = national.model_copy(update={"template": Template(locked=("grid",))})
    template = publication.import_call(canonical(national), owner=owner, by=manager, at=portal_now())
    publication.publish_call(call=template, asked_by=manager, by=make_user(), at=portal_now())
    instance = editions.open_instance(
        template="national", owner=owner, closes_at=paris(2028, 6, 28, 23, 59, 59), slug="local", prefix="LOC",
        edition="2028", by=manager, at=portal_now(),
    )  # fmt: skip
    type(template).objects.filter(pk=template.pk).update(summary="Un résumé national, corrigé.")
    template.refresh_from_db()
    publication.new_revision(template, by=manager, at=portal_now(), note="Correction")
    now = portal_now()
    closed = make_call(opens_at=now - timedelta(days=60), closes_at=now - timedelta(hours=1))
    application, _, _ = make_ready(closed)
    make_role(application.call, user=manager)
    enter(any_size_page, live_server.url, manager, stepped_up=True)
    paths = {
        "life-visa": f"/gestion/appels/{instance.slug}/visa/",
        "life-template": f"/gestion/appels/{instance.slug}/modele/",
    }
    assert faults_of(any_size_page, live_server.url, paths) == {name: [] for name in paths}
    late = {"life-reopen": f"/gestion/appels/{application.call.slug}/communes/{application.lead.commune_id}/rouvrir/"}
    assert faults_of(any_size_page, live_server.url, late) == {name: [] for name in late}
