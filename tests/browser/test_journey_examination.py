"""An officer takes four files from deposit to « prêt pour le jury »: compléments, two opinions, a derogation, a refusal."""

import uuid
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from applications.models import Application, CompletionRequest, OpinionRequest
from applications.services.conditions import ask_derogation
from applications.services.decision import not_ready
from applications.services.submission import submit_application
from calls.models import Call, EligibilityRule
from portal.accounts.models import User
from portal.core.clock import at_instant, portal_now
from tests.factories import make_role
from tests.journeys import scenery
from tests.journeys.look import enter, look

pytestmark = pytest.mark.django_db(transaction=True)
COMPLETED, ADVISED, DEROGATED, REFUSED = "76254", "76716", "76660", "76693"


def make_derogating(call: Call) -> Application:
    """A file that asked to derogate from a rule which bears on it alone: the others are already judged."""
    EligibilityRule.objects.create(
        call=call, code="PETITE", position=9, kind="population", label="Petite commune", effect="blocking",
        derogable=True,
        parameters={
            "sentence": "La commune compte moins de cent habitants.", "population_kind": "municipale", "year": 2023,
            "below": 100, "derogable_by": "officer",
        },
    )  # fmt: skip
    with at_instant(call.windows.get().closes_at - timedelta(days=4)):
        application, secretary, mayor = scenery.make_draft(call, DEROGATED)
        ask_derogation(application=application, code="PETITE", reason="Bourg isolé.", by=secretary, at=portal_now())
        submit_application(
            application=application, by=mayor, idempotency_key=uuid.uuid4(), web_clock_at=portal_now(),
            undertakings=list(call.undertakings.values_list("code", flat=True)),
        )  # fmt: skip
    return application


def test_from_deposit_to_ready_for_the_jury(any_size_page: Page, live_server) -> None:
    page, url = any_size_page, live_server.url
    call = scenery.make_real_call(closes_in=8)
    files = {insee: scenery.make_deposited(call, insee) for insee in (COMPLETED, ADVISED, REFUSED)}
    officer = make_role(call, "officer", role_title="Instructeur", email="instruction@exemple.fr")
    enter(page, url, officer)
    complete(page, url, files[COMPLETED], officer)
    files[DEROGATED] = make_derogating(call)
    advise(page, url, files[ADVISED], officer)
    derogate(page, url, files[DEROGATED])
    refuse(page, url, files[REFUSED])
    states = {insee: Application.objects.get(pk=file.pk).state for insee, file in files.items()}
    assert states == {
        COMPLETED: "admissible", ADVISED: "admissible", DEROGATED: "admissible", REFUSED: "inadmissible",
    }  # fmt: skip
    assert not_ready(call) == ""
    page.goto(f"{url}/gestion/candidatures/{files[ADVISED].uuid}/chronologie/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Chronologie")
    look(page)


def open_file(page: Page, url: str, file: Application) -> None:
    page.goto(f"{url}/gestion/candidatures/{file.uuid}/")


def admit(page: Page) -> None:
    page.get_by_role("button", name="Déclarer recevable").click()
    expect(page.get_by_text("déclarée recevable.")).to_be_visible()


def complete(page: Page, url: str, file: Application, officer: User) -> None:
    """Ask for one answer again; the town hall gives it; what changed is read; the file is admitted."""
    open_file(page, url, file)
    page.get_by_role("link", name="Demander des compléments").click()
    page.locator("summary", has_text="Le site").click()
    page.get_by_label("Donnez un titre au projet", exact=True).check()
    page.get_by_label("Message à la commune").fill("Merci de préciser le titre.")
    look(page)
    page.get_by_role("button", name="Envoyer la demande").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Compléments demandés")
    look(page)
    request = CompletionRequest.objects.get()
    enter(page, url, User.objects.get(email=f"secretariat-{COMPLETED}@exemple.fr"))
    page.goto(f"{url}/candidatures/{file.uuid}/complements/{request.uuid}/")
    page.get_by_label("Donnez un titre au projet").fill("La place des Marronniers, ombre et bancs")
    look(page)
    page.get_by_role("button", name="Transmettre les compléments").click()
    expect(page.get_by_text("ils forment la version 2")).to_be_visible()
    enter(page, url, officer)
    page.goto(f"{url}/gestion/complements/{request.uuid}/")
    expect(page.locator("ins")).to_have_text("La place des Marronniers, ombre et bancs")
    look(page)
    open_file(page, url, file)
    admit(page)


def advise(page: Page, url: str, file: Application, officer: User) -> None:
    """Two services are asked; one answers with reserves; the file says so."""
    for address, service in (("eau@exemple.fr", "DDTM"), ("sante@exemple.fr", "ARS")):
        open_file(page, url, file)
        page.get_by_role("link", name="Demander un avis").click()
        page.get_by_label("Adresse de la personne").fill(address)
        page.get_by_label("Son service").fill(service)
        page.get_by_label("Question posée").fill("Le site convient-il ?")
        page.get_by_role("button", name="Envoyer la demande").click()
        expect(page.get_by_role("link", name=service)).to_be_visible()
    opinion = OpinionRequest.objects.get(service="DDTM")
    enter(page, url, opinion.giver)
    page.goto(f"{url}/avis/{opinion.uuid}/")
    look(page)
    page.get_by_label("Favorable avec réserves").check()
    page.get_by_label("Ce qui le motive").fill("Étude hydraulique à produire.")
    page.get_by_role("button", name="Rendre l’avis").click()
    expect(page.get_by_text("Votre avis est rendu")).to_be_visible()
    enter(page, url, officer)
    open_file(page, url, file)
    expect(page.get_by_text("2\u00a0demandés, 1\u00a0reçu")).to_be_visible()
    look(page)
    admit(page)


def derogate(page: Page, url: str, file: Application) -> None:
    open_file(page, url, file)
    page.get_by_role("link", name="Répondre à la demande de dérogation").click()
    page.get_by_label("Motif").fill("Bourg le plus isolé du canton.")
    page.get_by_role("button", name="Accorder la dérogation").click()
    admit(page)


def refuse(page: Page, url: str, file: Application) -> None:
    open_file(page, url, file)
    page.locator("summary", has_text="Déclarer non recevable").click()
    page.get_by_label("Motif").select_option(
        label="Le projet a dépassé l’état de programme, ou ses travaux ont commencé."
    )
    page.get_by_label("Explication").fill("Le chantier a commencé en mars.")
    page.get_by_role("button", name="Déclarer non recevable").click()
    expect(page.get_by_text("déclarée non recevable.")).to_be_visible()
