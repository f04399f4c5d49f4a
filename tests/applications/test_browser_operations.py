"""Operations and their financing plans, in a real browser at 1280 and 390 px, with and without scripts."""

import json
import re

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from applications.models import SectionAnswers
from calls.models import Call
from portal.core.clock import portal_now
from tests.applications.catalogue import operation
from tests.applications.files import deposit, make_ready
from tests.applications.test_browser import enter, look
from tests.applications.test_operations import MONEY, line
from tests.applications.test_question_kinds import ask
from tests.applications.test_site import PARCEL, POLYGON, site
from tests.factories import make_call, make_role

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
OTHER = {"funder": "Département de la Seine-Maritime", "kind": "public", "amount": "15 000", "state": "asked"}


SITE = site(
    address="Place des Marronniers",
    communes=[{"commune": "76254\tÉtretat (76)"}],
    geojson=json.dumps(POLYGON),
)


def make_costed_call() -> Call:
    call = make_call()
    call.extras["money"] = {**MONEY, "public_ceiling": 80}
    call.save()
    ask(call, "LIEU", "site", required=False, label="Où se trouve le projet ?")
    ask(
        call, "OPS", "operations", min_rows=1, max_rows=3, label="Quelles opérations, et comment sont-elles financées ?"
    )
    return call


def write(application, by, *operations, parcels=(PARCEL,)) -> None:
    place = [{**SITE[0], "parcels": list(parcels)}]
    values = {"Q1": "La place des Marronniers", "Q2": "1 200", "LIEU": place, "OPS": list(operations)}
    SectionAnswers.objects.update_or_create(
        application=application,
        section_code="S1",
        defaults={"values": values, "version": 3, "updated_at": portal_now(), "updated_by": by},
    )


def test_the_plan_of_a_file_at_both_sizes(any_size_page, live_server):
    page = any_size_page
    application, secretary, mayor = make_ready(make_costed_call())
    base = reverse("application", args=[application.uuid])
    wrong = operation(**line("expenses", 0, amount="-40 000", vat="120"), end="")
    write(application, secretary, operation(), wrong, parcels=[PARCEL, {**PARCEL, "number": "12 bis"}])
    enter(page, live_server, secretary)
    look(page, live_server, f"{base}sections/S1/", "operations-a-corriger")
    resources = [*operation()["resources"], OTHER]
    write(application, secretary, operation("55 000", resources=resources), operation("50 000", "40 000", "10 000"))
    look(page, live_server, f"{base}sections/S1/", "operations")
    look(page, live_server, f"{base}relire/", "operations-relire")
    deposit(application, mayor)
    enter(page, live_server, make_role(application.call, "officer"))
    look(page, live_server, reverse("staff_application", args=[application.uuid]), "operations-service")


def cell(page: Page, name: str):
    return page.locator(f"[name='OPS-0-{name}']")


def fill_one(page: Page) -> None:
    """An operation of 50 000 €, of which 40 000 asked where 20 000 are given at most."""
    rows = operation("50 000", "40 000", "10 000")
    for name in ("title", "owner", "start", "end"):
        cell(page, name).fill(rows[name])
    cell(page, "owner_kind").select_option(rows["owner_kind"])
    for name, value in rows["expenses"][0].items():
        field = cell(page, f"expenses-0-{name}")
        field.select_option(value) if name in {"item", "nature", "eligible"} else field.fill(value)
    fill_resource(page, 0, rows["resources"][0])


def fill_resource(page: Page, n: int, row: dict[str, str]) -> None:
    for name, value in row.items():
        field = cell(page, f"resources-{n}-{name}")
        field.select_option(value) if name in {"kind", "state"} else field.fill(value)


def test_the_totals_follow_what_one_types(page, live_server):
    application, secretary, _ = make_ready(make_costed_call())
    enter(page, live_server, secretary)
    page.goto(f"{live_server.url}{reverse('section', args=[application.uuid, 'S1'])}")
    fill_one(page)
    result = page.locator("[id='plan_OPS-0']")
    expect(result).to_contain_text("Il manque 10\u202f000\u00a0€ de ressources", timeout=15_000)
    page.get_by_role("button", name=re.compile("Ajouter une ligne : Une ressource")).click()
    fill_resource(page, 1, operation("50 000", "40 000", "10 000")["resources"][1])
    expect(result).to_contain_text("Le plan est équilibré", timeout=15_000)
    expect(result).to_contain_text("20\u202f000\u00a0€ de trop. L’aide est de 20\u202f000\u00a0€ au plus")
    kept = SectionAnswers.objects.get(application=application, section_code="S1").values["OPS"]
    assert kept == [operation("50 000", "40 000", "10 000")]


def test_a_plan_is_written_on_a_phone_without_javascript(page_without_javascript, live_server):
    page = page_without_javascript
    page.set_viewport_size({"width": 390, "height": 844})
    application, secretary, _ = make_ready(make_costed_call())
    enter(page, live_server, secretary)
    page.goto(f"{live_server.url}{reverse('section', args=[application.uuid, 'S1'])}")
    fill_one(page)
    cell(page, "expenses-0-amount").fill("-5")
    page.get_by_role("button", name=re.compile("Ajouter une ligne : Une ressource")).click()
    expect(page.locator("[id='id_OPS-0-expenses-0-amount_error']")).to_contain_text("Écrivez un montant en euros entre")
    expect(cell(page, "expenses-0-amount")).to_have_value("-5")
    cell(page, "expenses-0-amount").fill("50 000")
    fill_resource(page, 1, operation("50 000", "40 000", "10 000")["resources"][1])
    page.get_by_role("button", name="Enregistrer et continuer").last.click()
    page.goto(f"{live_server.url}{reverse('section', args=[application.uuid, 'S1'])}")
    expect(page.locator("[id='plan_OPS-0']")).to_contain_text("Le plan est équilibré")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
