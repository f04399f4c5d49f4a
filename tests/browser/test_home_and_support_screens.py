"""*Mes actions*, the staff's pages of a call and the support in a real browser, at 1280, 390 and 320 px."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from applications.models import Application
from portal.core.calendar import day_of
from portal.core.clock import portal_now
from portal.core.models import Reminder
from support.money.models import FundingRequest
from support.plan.models import Phase
from support.plan.services import write_log
from tests.browser.screens import enter, faults_of
from tests.factories import BENOUVILLE, make_application, make_call, make_member, make_role, make_town_hall
from tests.support.factories import make_plan, make_programme

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def plan() -> Any:
    """A support whose first deliverable is late, with money sought, a measure and an entry of the logbook."""
    plan, today = make_plan(), day_of(portal_now())
    phases = list(plan.phases.all())
    Phase.objects.filter(pk=phases[0].pk).update(
        starts_on=today - timedelta(days=40), ends_on=today - timedelta(days=3)
    )
    adviser = make_role(plan.application.call, "adviser", role_title="Référente")
    type(plan).objects.filter(pk=plan.pk).update(adviser=adviser)
    money = {"base": Decimal("86400"), "amount": Decimal("25920"), "status": "asked", "status_on": today}
    FundingRequest.objects.create(plan=plan, funder="État", scheme="Fonds vert", recorded_by=adviser, **money)
    plan.measures.create(
        indicator=plan.application.call.indicators.first(),
        value=Decimal("46.50"),
        measured_on=today,
        source="Feuilles de présence",
        recorded_by=adviser,
    )
    write_log(
        plan=plan, kind="visit", happened_on=today, title="Repérage de la traversée", text="Avec le Département.",
        visibility="shared", days=Decimal("0.5"), by=adviser, at=portal_now(),
    )  # fmt: skip
    plan.refresh_from_db()
    return plan


def of_commune(plan: Any) -> dict[str, str]:
    return {"actions-commune": "/mes-actions/", "plan-commune": f"/accompagnement/{plan.uuid}/", "clubs": "/club/"}


def of_manager(plan: Any) -> dict[str, str]:
    call = plan.application.call
    return {
        "actions-manager": "/mes-actions/",
        "staff-calls": "/gestion/",
        "staff-call": f"/gestion/appels/{call.slug}/",
        "invitations": f"/gestion/appels/{call.slug}/courriels/",
        "reminders": "/gestion/relances/",
        "mail-failures": "/gestion/courriels-en-echec/",
        "support": "/accompagnement/",
        "plan-manager": f"/accompagnement/{plan.uuid}/",
        "log": f"/accompagnement/{plan.uuid}/journal/",
        "agreements": f"/gestion/appels/{call.slug}/conventions/",
        "agreement": f"/conventions/{plan.agreement.uuid}/",
        "club": f"/club/{call.owner.uuid}/",
    }


def test_the_pages_of_a_commune_pass_axe_and_fit_every_window(any_size_page: Page, live_server, plan: Any) -> None:
    make_application(make_call(), plan.application.lead, title="La place des Marronniers")
    enter(any_size_page, live_server.url, make_member(plan.application.lead))
    paths = of_commune(plan)
    assert faults_of(any_size_page, live_server.url, paths) == {name: [] for name in paths}


def test_the_pages_of_the_staff_pass_axe_and_fit_every_window(any_size_page: Page, live_server, plan: Any) -> None:
    call, due = plan.application.call, portal_now() + timedelta(days=2)
    Reminder.objects.create(
        rule="milestone_due", object_key="phase:1", call_key=f"call:{call.slug}", recipient="mairie@exemple.fr",
        due_at=due, subject="Note de cadrage : attendue", body="Ce rappel cesse dès que le livrable est remis.",
        action_url="/",
    )  # fmt: skip
    enter(any_size_page, live_server.url, make_role(call, role_title="Chargée de mission"))
    paths = of_manager(plan)
    assert faults_of(any_size_page, live_server.url, paths) == {name: [] for name in paths}


def test_a_newcomer_and_a_call_in_preparation(any_size_page: Page, live_server) -> None:
    draft = make_programme()
    type(draft).objects.filter(pk=draft.pk).update(state="draft", published_at=None)
    make_call()
    enter(any_size_page, live_server.url, make_member(make_town_hall(BENOUVILLE)))
    paths = {"actions-newcomer": "/mes-actions/"}
    assert faults_of(any_size_page, live_server.url, paths) == {"actions-newcomer": []}
    expect(any_size_page.locator(".side .deadline-big")).to_have_text("29\u00a0jours")
    enter(any_size_page, live_server.url, make_role(draft))
    paths = {"staff-draft": f"/gestion/appels/{draft.slug}/", "staff-publish": f"/gestion/appels/{draft.slug}/publier/"}
    assert faults_of(any_size_page, live_server.url, paths) == {name: [] for name in paths}


def test_a_draft_is_paper_and_a_deposited_file_is_stone(page: Page, live_server) -> None:
    town_hall = make_town_hall()
    draft = make_application(make_call(), town_hall)
    Application.objects.filter(pk=make_application(make_call(), town_hall).pk).update(
        state="submitted", number="T2-2027-0001"
    )
    enter(page, live_server.url, make_member(town_hall))
    page.goto(f"{live_server.url}/mes-actions/")
    cards = page.locator(".file-card")
    styles = cards.evaluate_all("cards => cards.map(card => getComputedStyle(card).borderTopStyle)")
    assert (styles, cards.locator(".badge").all_inner_texts()) == (
        ["dashed", "solid"],
        ["Brouillon, non déposé", "Déposée"],
    )
    expect(cards.first.get_by_role("link")).to_have_attribute("href", f"/candidatures/{draft.uuid}/")


def test_lateness_is_red_and_says_what_it_holds_up(page: Page, live_server, plan: Any) -> None:
    enter(page, live_server.url, make_member(plan.application.lead))
    page.goto(f"{live_server.url}/accompagnement/{plan.uuid}/")
    row = page.locator(".action-row").first
    expect(row.locator(".err")).to_have_text("En retard de 3\u00a0jours")
    following = plan.phases.all()[1].title
    expect(row).to_contain_text(f"La phase «\u202f{following}\u202f» attend ce livrable.")
    assert row.locator(".err").evaluate("e => getComputedStyle(e).color") == "rgb(161, 26, 43)"


def test_a_deliverable_is_handed_without_javascript(page_without_javascript: Page, live_server, plan: Any) -> None:
    page = page_without_javascript
    enter(page, live_server.url, plan.adviser)
    page.goto(f"{live_server.url}/accompagnement/{plan.uuid}/")
    page.locator(".action-row button").first.click()
    page.wait_for_load_state()
    assert plan.phases.get(position=1).done_on == day_of(portal_now())
