"""The service: team and jury, decision, letters, agreement, reminders; the adviser: plan and logbook; each role's actions."""

import re

import pytest
from playwright.sync_api import Page, expect

from applications.models import Decision
from calls.models import Call
from portal.accounts.models import User
from portal.core.calendar import day_of
from portal.core.clock import portal_now
from portal.core.models import OutboundEmail, Reminder
from portal.core.outbox import run_jobs
from portal.home.reminders import plan
from support.agreements.models import Agreement
from tests.factories import make_member, make_role, make_user
from tests.journeys import scenery
from tests.journeys.look import enter, look
from tests.journeys.territory import import_communes

pytestmark = pytest.mark.django_db(transaction=True)


def test_login_by_code(any_size_page: Page, live_server) -> None:
    page, user = any_size_page, make_user("mission@exemple.fr", role_title="Chargée de mission santé")
    scenery.make_real_call(closes_in=19)
    page.goto(live_server.url)
    look(page)
    page.goto(f"{live_server.url}/compte/login/")
    look(page)
    page.locator("#id_login").fill(user.email)
    page.get_by_role("button", name="Recevoir un code").click()
    look(page)
    mail = OutboundEmail.objects.get(kind="login_code", recipient=user.email)
    page.locator("#id_code").fill(mail.subject.split()[-1])
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mes actions")
    look(page)


def test_the_decision_is_asked_of_a_second_person(any_size_page: Page, live_server) -> None:
    page = any_size_page
    call, _, _ = scenery.make_judged_call("76254", "76716")
    manager = make_role(call, role_title="Chargée de mission santé")
    director = make_member(call.owner, "signatory", role_title="Directrice de la résilience")
    enter(page, live_server.url, manager)
    page.goto(f"{live_server.url}/gestion/appels/{call.slug}/decision/")
    look(page)
    page.get_by_label("Numéro de l’acte").fill("BU-2027-118")
    page.get_by_label("Qui confirme").select_option(str(director.pk))
    page.get_by_role("button", name="Demander la confirmation").click()
    expect(page.get_by_role("heading", name="En attente de confirmation")).to_be_visible()
    look(page)
    mail = OutboundEmail.objects.get(kind="approval-asked")
    page.context.clear_cookies()
    page.goto(live_server.url + link_in(mail))
    look(page, picture="service-confirmer", width=390)
    page.get_by_role("button", name="Confirmer").click()
    expect(page.get_by_text(re.compile("C’est confirmé et fait"))).to_be_visible()
    look(page)
    assert Decision.objects.get(call=call).act_number == "BU-2027-118"


def test_the_letters_are_prepared_read_and_sent(any_size_page: Page, live_server) -> None:
    page = any_size_page
    call, files, _ = scenery.make_judged_call("76254", "76716")
    manager = make_role(call, role_title="Chargée de mission santé", email="mission@exemple.fr")
    decision = scenery.make_decision(call, files, manager)
    enter(page, live_server.url, manager, code_given=True)
    page.goto(f"{live_server.url}/gestion/decisions/{decision.uuid}/lettres/")
    look(page)
    page.get_by_role("button", name=re.compile("Préparer 2")).click()
    expect(page.get_by_text(re.compile("lettres en préparation."))).to_be_visible()
    run_jobs(20)
    page.reload()
    page.get_by_role("link", name="Lire la prochaine lettre").click()
    look(page)
    for _ in files:
        number = page.url.rstrip("/").rsplit("/")[-1]
        answer = page.request.get(f"{live_server.url}/gestion/lettres/{number}/pdf/")
        assert answer.body()[:5] == b"%PDF-"
        page.reload()
        page.get_by_role("button", name="J’ai lu cette lettre, elle peut partir").click()
    look(page, picture="service-lettres", width=1280)
    page.get_by_role("button", name=re.compile("Envoyer les 2")).click()
    expect(page.get_by_role("heading", name="Décision notifiée")).to_be_visible()
    look(page)
    decision.refresh_from_db()
    assert decision.notified_by == manager
    enter(page, live_server.url, User.objects.get(email="maire-76254@exemple.fr"))
    for path in ("", "decision/"):
        page.goto(f"{live_server.url}/candidatures/{files[0].uuid}/{path}")
        look(page)


def test_the_agreement_from_the_outline_to_the_signatures(any_size_page: Page, live_server) -> None:
    page = any_size_page
    call, _, manager = scenery.make_notified("76254", "76716")
    enter(page, live_server.url, manager, code_given=True)
    page.goto(f"{live_server.url}/gestion/appels/{call.slug}/conventions/")
    page.get_by_label(re.compile("Commune d’Étretat")).check()
    look(page)
    page.get_by_role("button", name="Établir la convention").click()
    look(page)
    page.get_by_role("link", name=re.compile("Indiquer l’acte")).click()
    look(page)
    page.get_by_label("Numéro de l’acte").fill("2027-31")
    page.get_by_label("Date de l’acte").fill(f"{day_of(portal_now())}")
    page.get_by_role("button", name="Enregistrer l’acte").click()
    page.get_by_role("button", name="Envoyer à la signature").click()
    run_jobs(20)
    page.reload()
    look(page, picture="service-convention", width=1280)
    for name in ("Le Havre Seine Métropole", "Commune d’Étretat"):
        page.get_by_label(f"Date de signature de {name}").fill(f"{day_of(portal_now())}")
        page.get_by_role("button", name=re.compile(f"signature de {name}")).click()
    expect(page.get_by_role("link", name="Ouvrir l’accompagnement")).to_be_visible()
    look(page)
    assert Agreement.objects.get().state == "in_force"


def test_the_support_of_a_commune(any_size_page: Page, live_server) -> None:
    page = any_size_page
    call, decision, manager = scenery.make_notified("76254", "76716")
    adviser = make_role(call, "adviser", role_title="Référente, urbanisme favorable à la santé", email="ref@exemple.fr")
    support = scenery.make_signed(call, decision, manager)
    enter(page, live_server.url, adviser)
    for path in ("/mes-actions/", "/accompagnement/"):
        page.goto(f"{live_server.url}{path}")
        look(page, picture="referent-communes" if "accompagnement" in path else "", width=1280)
    page.get_by_role("link", name="Étretat").click()
    page.get_by_role("link", name="Noter au journal").click()
    page.get_by_label("Nature").select_option(label="visite")
    page.get_by_label("Date", exact=True).fill(f"{day_of(portal_now())}")
    page.get_by_label("Temps passé, en jours").fill("0,5")
    page.get_by_label("En une ligne").fill("Première visite du site avec l’élue référente")
    look(page, picture="referent-journal", width=1280)
    page.get_by_role("button", name="Noter au journal").click()
    expect(page.get_by_text("Première visite du site avec l’élue référente")).to_be_visible()
    page.get_by_role("button", name=re.compile("^Remis")).first.click()
    expect(page.get_by_text(re.compile("Livrable remis : Note de cadrage".replace(" :", r"\s:")))).to_be_visible()
    look(page, picture="referent-plan", width=1280)
    assert support.phases.exclude(done_on=None).count() == 1
    mayor = User.objects.get(email="maire-76254@exemple.fr")
    enter(page, live_server.url, mayor)
    for path in ("/mes-actions/", f"/accompagnement/{support.uuid}/", f"/conventions/{support.agreement.uuid}/"):
        page.goto(f"{live_server.url}{path}")
        look(page)


def test_the_pages_of_the_manager_and_the_reminders(any_size_page: Page, live_server) -> None:
    page = any_size_page
    import_communes()
    call = scenery.make_real_call(closes_in=19)
    scenery.make_draft(call, "76254", leave=frozenset({"budget"}))
    manager = make_role(call, role_title="Chargée de mission santé", email="mission@exemple.fr")
    plan(portal_now())
    assert Reminder.objects.filter(state="planned").count() == 4
    enter(page, live_server.url, manager)
    page.goto(f"{live_server.url}/mes-actions/")
    look(page)
    for path in pages_of(call):
        page.goto(f"{live_server.url}{path}")
        look(page, picture="service-appel" if path == f"/gestion/appels/{call.slug}/" else "", width=1280)
    page.goto(f"{live_server.url}/gestion/relances/")
    page.locator("summary", has_text="secretariat-76254@exemple.fr").first.click()
    look(page, picture="service-relances", width=1280, height=1200)
    page.get_by_role("button", name=re.compile("Suspendre « Brouillon non déposé »")).click()
    expect(page.get_by_role("button", name=re.compile("Reprendre « Brouillon non déposé »"))).to_be_visible()


def pages_of(call: Call) -> list[str]:
    base = f"/gestion/appels/{call.slug}/"
    return [
        "/gestion/", base, f"{base}equipe/", f"{base}courriels/", f"{base}jury/", f"{base}decision/",
        f"{base}communes/76254/",
    ]  # fmt: skip


def link_in(mail: OutboundEmail) -> str:
    (path,) = re.findall(r"https://ami\.exemple\.fr(/\S+)", mail.body)
    return path
