"""The board of aids looked for: the nearest deadline first, in Mes actions, in a calendar, with its reminders."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from portal.core.calendar import day_of
from portal.core.clock import portal_now
from support.money.actions import actions_for
from support.money.due_facts import ASK_RULE, due_facts
from support.money.models import FundingRequest
from support.plan.models import PlanAction
from support.plan.services_actions import save_action
from tests.applications.staff.makers import client_of
from tests.support.money.makers import Funded, make_funded
from tests.support.money.test_envelope import plain

pytestmark = pytest.mark.django_db


def seek(on: Funded, funder: str, days: int | None = None, **changes: Any) -> FundingRequest:
    today = day_of(portal_now())
    told = {"base": Decimal(1_000), "amount": Decimal(400), "status_on": today, "recorded_by": on.adviser, **changes}
    deadline = None if days is None else today + timedelta(days=days)
    return FundingRequest.objects.create(plan=on.plan, funder=funder, deadline_on=deadline, **told)


def test_what_is_to_be_asked_comes_first_by_deadline() -> None:
    on = make_funded()
    seek(on, "Refusée", 1, status="refused")
    seek(on, "Plus tard", 60)
    seek(on, "Sans date")
    seek(on, "Bientôt", 5)
    seek(on, "Demandée", 2, status="asked")
    client = client_of(on.secretary)
    response = client.get(reverse("funding_board"))
    assert [row.funder for row in response.context["page"]] == [
        "Bientôt", "Plus tard", "Demandée", "Sans date", "Refusée",
    ]  # fmt: skip
    assert "en tout 2 à demander, 400,00 € demandés, 0,00 € obtenus" in plain(response.content.decode())
    found = client.get(reverse("funding_board"), {"echeance": "1", "q": "plus"}).context["page"]
    assert [row.funder for row in found] == ["Plus tard"]


def test_deadlines_are_in_mes_actions_in_the_calendar_and_reminded_until_asked() -> None:
    on, now = make_funded(), portal_now()
    row = seek(on, "Région", 40)
    seek(on, "Passée", -1)
    (action,) = actions_for(on.secretary, now)
    assert (plain(action.title), action.due) == ("Demander une aide : Région", row.deadline_on)
    book = client_of(on.secretary).get(reverse("funding_calendar")).content.decode()
    assert book.count("BEGIN:VEVENT") == 1
    assert f"DTSTART;VALUE=DATE:{row.deadline_on:%Y%m%d}" in book
    facts = [fact for fact in due_facts(now) if fact.recipient == on.secretary.email]
    assert {fact.rule for fact in facts} == {ASK_RULE}
    assert [(row.deadline_on - day_of(fact.due_at)).days for fact in facts] == [30, 7, 2]
    row.status = "asked"
    row.save()
    assert (actions_for(on.secretary, now), list(due_facts(now))) == ([], [])


def test_an_aid_is_sought_for_an_action() -> None:
    on = make_funded()
    action = save_action(PlanAction(title="La halle"), plan=on.plan)
    sent = {
        "funder": "Région", "action": action.pk, "base": "1 000 €", "amount": "400", "status": "considered",
        "status_on": "2026-11-01", "deadline_on": "2027-02-01", "address": "region.fr",
    }  # fmt: skip
    address = reverse("funding_new", args=[on.plan.uuid])
    client = client_of(on.adviser)
    assert set(client.post(address, sent).context["form"].errors) == {"address"}
    assert client.post(address, {**sent, "address": "https://region.exemple.fr/halles"}).status_code == 302
    row = FundingRequest.objects.get()
    assert (row.action, row.base, str(row.deadline_on)) == (action, 1_000, "2027-02-01")
    page = plain(client.get(reverse("funding_board")).content.decode())
    assert "La halle" in page
    assert 'href="https://region.exemple.fr/halles"' in page
