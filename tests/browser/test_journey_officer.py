"""The officer: the table of the 54 communes, a filter, a file, its verdict, the technical score."""

import pytest
from playwright.sync_api import Page, expect

from juries.models import Assessment
from tests.factories import make_role
from tests.journeys import scenery
from tests.journeys.look import enter, give_note, look
from tests.journeys.territory import import_communes

pytestmark = pytest.mark.django_db(transaction=True)


def test_from_the_table_to_the_verdict(any_size_page: Page, live_server) -> None:
    page = any_size_page
    import_communes()
    call = scenery.make_real_call(closes_in=8)
    for n, insee in enumerate(("76254", "76716", "76660")):
        scenery.make_deposited(call, insee, days_before=14 - n)
    scenery.make_draft(call, "76693", leave=frozenset({"budget", "engagements"}))
    officer = make_role(call, "officer", role_title="Instructeur", email="instruction@exemple.fr")
    enter(page, live_server.url, officer)
    page.goto(f"{live_server.url}/mes-actions/")
    look(page)
    page.goto(f"{live_server.url}/gestion/appels/{call.slug}/communes/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Les 54\u00a0communes")
    look(page, picture="service-communes", width=1280, height=1500)
    filter_drafts(page)
    look(page)
    page.goto(f"{live_server.url}/gestion/appels/{call.slug}/communes/")
    page.get_by_role("link", name="Instruire la prochaine candidature").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Commune d’Étretat")
    look(page, picture="service-candidature", width=1280, height=1300)
    page.get_by_role("button", name="Déclarer recevable").click()
    expect(page.get_by_text("déclarée recevable.")).to_be_visible()
    look(page)
    page.get_by_role("link", name="Avis technique, sur la grille de l’appel").click()
    for code in ("C1", "C2", "C3", "C4", "C5", "C6"):
        give_note(page, code, 4)
    page.get_by_role("button", name="Valider l’avis technique").click()
    expect(page.get_by_text("Avis technique validé.")).to_be_visible()
    look(page)
    assert Assessment.objects.get().total == 90


def filter_drafts(page: Page) -> None:
    """Only the drafts: the count follows, the content of the draft is not there."""
    if page.viewport_size and page.viewport_size["width"] < 768:
        page.locator(".filter-bar summary, summary:has-text('Filtres')").first.click()
    page.get_by_label("État", exact=True).select_option(label="Brouillon")
    page.get_by_role("button", name="Filtrer").click()
    expect(page.locator("main [aria-live=polite]").first).to_contain_text("1\u00a0commune")
    expect(page.get_by_role("rowheader", name="Le Tilleul")).to_be_visible()
    assert "La mare et le préau" not in page.content()


def test_a_file_is_declared_not_admissible_with_its_reason(any_size_page: Page, live_server) -> None:
    page, call = any_size_page, scenery.make_real_call(closes_in=8)
    application = scenery.make_deposited(call, "76254", days_before=10)
    enter(page, live_server.url, make_role(call, "officer", role_title="Instructeur"))
    page.goto(f"{live_server.url}/gestion/candidatures/{application.uuid}/")
    page.locator("summary", has_text="Déclarer non recevable").click()
    page.get_by_role("button", name="Déclarer non recevable").click()
    expect(page.locator(".error-summary")).to_be_visible()
    look(page)
    page.get_by_label("Motif").select_option(
        label="Le projet a dépassé l’état de programme, ou ses travaux ont commencé."
    )
    page.get_by_label("Explication").fill("Le chantier a commencé en mars.")
    page.get_by_role("button", name="Déclarer non recevable").click()
    expect(page.get_by_text("déclarée non recevable.")).to_be_visible()
    look(page)
    application.refresh_from_db()
    assert application.state == "inadmissible"
