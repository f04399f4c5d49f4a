"""The first arrival in a real browser, with and without JavaScript; every page passes axe and fits a phone."""

import re

import pytest

from portal.accounts.models import Membership
from portal.accounts.services import claim_commune, invite, personal_link
from portal.core import approvals
from portal.core.clock import portal_now
from portal.core.models import OutboundEmail
from tests.accounts.helpers import mails, path_in
from tests.factories import (
    BENOUVILLE,
    ETRETAT,
    make_commune,
    make_institution,
    make_member,
    make_town_hall,
    make_user,
)
from tests.harness.browser import axe_violations

pytestmark = pytest.mark.django_db(transaction=True)


def code_sent() -> str:
    return re.search(r"\S+$", OutboundEmail.objects.get(kind="login_code").subject)[0]


def too_wide(page) -> list[str]:
    """How far the page scrolls sideways, if it does."""
    extra = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return [f"{extra} points wider than the window"] if extra > 0 else []


def say_who_one_is(page):
    page.fill("#id_email", "agent@exemple.fr")
    page.fill("#id_full_name", "Camille Essai")
    page.fill("#id_role_title", "secrétaire de mairie")
    page.check("#id_signs_0")
    page.get_by_role("button", name="Recevoir mon code").click()
    page.fill("#id_code", code_sent())
    page.get_by_role("button", name="Continuer").click()
    page.get_by_role("button", name="Rejoindre la commune").click()
    page.wait_for_url("**/territoires/recherche/**")
    assert Membership.objects.get().organisation.commune_id == "76254"


def test_the_combobox_leads_to_the_commune(any_size_page, live_server):
    page = any_size_page
    make_commune(ETRETAT)
    make_commune(BENOUVILLE)
    page.goto(f"{live_server.url}/rejoindre/?next=/territoires/recherche/")
    page.locator("#id_q").focus()
    field = page.get_by_role("combobox")
    field.press_sequentially("etretat")
    page.get_by_role("option", name=re.compile("Étretat")).wait_for()
    assert axe_violations(page) == []
    field.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/rejoindre/76254/**")
    say_who_one_is(page)


def test_everything_works_without_javascript(page_without_javascript, live_server):
    page = page_without_javascript
    make_commune(ETRETAT)
    page.goto(f"{live_server.url}/rejoindre/?next=/territoires/recherche/")
    page.fill("#id_q", "etretat")
    page.get_by_role("button", name="Chercher ma commune").click()
    page.get_by_role("link", name="Étretat").click()
    say_who_one_is(page)


@pytest.fixture
def paths(monkeypatch) -> dict[str, str]:
    """Every page of accounts with something to show: name → path; those of the signed-in mayor begin with a star."""
    monkeypatch.setitem(approvals.ACTS, "try", lambda approval, at: None)
    town_hall, now = make_town_hall(), portal_now()
    mayor = make_member(town_hall, "signatory", email="maire@demo.exemple.fr", role_title="maire")
    manager = make_member(make_institution(), "manager", email="responsable@demo.exemple.fr", is_platform_admin=True)
    claim_commune(user=make_user(), commune=town_hall.commune, at=now)
    invite(email="adjoint@exemple.fr", organisation=town_hall, right="signatory", by=mayor, at=now)
    asked = {"act": "try", "object_key": "call:x", "title": "Publier l’appel", "arguments": {}, "reason": "Oui."}
    approvals.ask(**asked, asked_by=manager, approver=mayor, at=now)
    members = f"/organismes/{town_hall.uuid}"
    return {
        "claim": path_in(mails("claim-official")[0]),
        "invitation": path_in(mails("invitation")[0]),
        "approval": path_in(mails("approval-asked")[0]),
        "link": personal_link(mayor, "/territoires/recherche/", at=now),
        "search": "/territoires/recherche/?q=etretat",
        "who": "/rejoindre/76254/",
        "cards": "/developpement/",
        "mails": "/developpement/courriels/",
        "*members": f"{members}/membres/",
        "*invite": f"{members}/invitations/nouvelle/",
        "*file": f"{members}/invitations/fichier/",
        "*code": "/confirmer-identite/",
        "+claims": "/gestion/rattachements/",
        **{f"+{step}": f"/institution/nouvelle/{step}/" for step in ("identite", "apparence", "responsable")},
    }


def test_every_page_passes_axe_and_fits_a_phone(page, live_server, paths):
    page.set_viewport_size({"width": 320, "height": 700})
    people = {"*": "maire@demo.exemple.fr", "+": "responsable@demo.exemple.fr"}
    entered, faults = "", {}
    for name, path in paths.items():
        if name[0] in people and entered != name[0]:
            entered = name[0]
            page.goto(f"{live_server.url}/developpement/")
            page.locator(f'button[value="{people[entered]}"]').click()
            page.wait_for_url("**/mes-actions/")
        page.goto(f"{live_server.url}{path}")
        faults[name] = [*axe_violations(page), *too_wide(page)]
    assert faults == {name: [] for name in paths}
