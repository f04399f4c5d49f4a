"""Files at several, signatories to confirm, documents asked again: in a real browser, at 1280, 390 and 320 px."""

from typing import Any

import pytest
from playwright.sync_api import Page

from applications.services.partners import confirm_partner, invite_partner
from applications.services.signature import ask_signature, designate_signatory
from portal.core.clock import portal_now
from portal.core.models import FrozenDocument, OutboundEmail
from tests.applications.files import deposit, make_ready
from tests.browser.screens import enter, faults_of
from tests.factories import BENOUVILLE, TILLEUL, make_call, make_member, make_role, make_town_hall
from tests.harness.sql import unkept

pytestmark = pytest.mark.django_db(transaction=True)
JOINT = {"perimeter_label": "x", "applicants": {"kinds": ["commune"], "group": {"min": 2, "max": 4}}}


@pytest.fixture
def shared() -> tuple[Any, ...]:
    """A complete draft, one co-applicant confirmed, one invited, a mayor named and awaited."""
    application, secretary, mayor = make_ready(make_call(extras=JOINT))
    type(application).objects.filter(pk=application.pk).update(title="La place des Marronniers")
    people = []
    for spec in (BENOUVILLE, TILLEUL):
        town = make_town_hall(spec)
        people.append(make_member(town, "editor", role_title="Secrétaire de mairie"))
        member = invite_partner(
            application=application, organisation=town, role="member", share=None, by=secretary, at=portal_now()
        )
        if spec == BENOUVILLE:
            confirm_partner(member=member, by=people[0], at=portal_now())
    named = designate_signatory(
        organisation=application.lead, email="maire@exemple.fr", full_name="Dominique Essai", role_title="Maire",
        by=secretary, at=portal_now(),
    )  # fmt: skip
    ask_signature(application=application, signatory=named, by=secretary, at=portal_now())
    return application, secretary, mayor, named, people, member


def look(page: Page, live_server: Any, user: Any, paths: dict[str, str]) -> None:
    size = page.viewport_size
    enter(page, live_server.url, user)
    assert faults_of(page, live_server.url, paths) == {name: [] for name in paths}
    page.set_viewport_size(size)


def test_the_pages_of_the_communes(any_size_page: Page, live_server: Any, shared: tuple[Any, ...]) -> None:
    application, secretary, _, named, people, member = shared
    base = f"/candidatures/{application.uuid}/"
    look(any_size_page, live_server, secretary, {
        "partners": f"{base}co-candidats/",
        "partners-search": f"{base}co-candidats/?q=le",
        "signature-awaited": f"{base}faire-signer/",
        "draft-shared": base,
    })  # fmt: skip
    look(any_size_page, live_server, people[0], {"draft-partner": base, "read-partner": f"{base}relire/"})
    look(any_size_page, live_server, people[1], {"partner-answer": f"{base}invitation/{member.pk}/"})
    look(any_size_page, live_server, named, {"signature-read-awaited": f"{base}signature/"})
    question = OutboundEmail.objects.get(kind="claim-official").body
    path = "/rattachements/" + question.split("/rattachements/")[1].split("/")[0] + "/"
    look(any_size_page, live_server, secretary, {"claim-signature": path})


def test_the_pages_of_the_staff(any_size_page: Page, live_server: Any, shared: tuple[Any, ...]) -> None:
    application, _, mayor, *_ = shared
    deposit(application, mayor)
    manager = make_role(application.call)
    staff = f"/gestion/candidatures/{application.uuid}/"
    look(
        any_size_page,
        live_server,
        manager,
        {"staff-file-receipt": staff, "claims-signature": "/gestion/rattachements/"},
    )
    with unkept():
        FrozenDocument.objects.update(state="failed", failure="Une image dépasse 40 millions de points.")
    paths = {"staff-file-failed": staff, "document-failures": "/gestion/documents-en-echec/"}
    look(any_size_page, live_server, manager, paths)
