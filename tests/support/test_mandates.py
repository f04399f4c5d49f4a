"""After an election every commune is asked at once; the site of a support is of four kinds."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from portal.core.calendar import day_of
from portal.core.clock import portal_now
from portal.core.models import OutboundEmail
from portal.core.rules import Refused
from portal.home.dashboard import actions_for
from support.plan.due_facts import due_facts
from support.plan.models import Mandate, Renewal, Site, SupportPlan
from support.plan.services_mandates import ask_renewal, confirm_mandate
from tests.factories import BENOUVILLE, HARFLEUR, make_commune, make_member, make_role, make_user
from tests.support.factories import make_agreement, make_laureate, make_plan, make_programme, sign_backdated

pytestmark = pytest.mark.django_db


def test_all_the_communes_are_asked_at_once_but_those_whose_support_is_over(client: Client) -> None:
    call = make_programme()
    manager = make_role(call)
    lines = [make_laureate(call), make_laureate(call, BENOUVILLE, n=2), make_laureate(call, HARFLEUR, n=3)]
    for line in lines:
        sign_backdated(make_agreement(call, line, manager=manager), manager)
    SupportPlan.objects.filter(application=lines[2].application).update(state="ended")
    people = [make_member(line.application.lead) for line in lines]
    client.force_login(make_role(call, "adviser"))
    address = reverse("renewals", args=[call.slug])
    later = (day_of(portal_now()) + timedelta(days=30)).isoformat()
    typed = {"reason": "Élections municipales de mars 2026", "due_on": later, "needs_resolution": "on"}
    assert (client.get(address).status_code, client.post(address, typed).status_code) == (200, 403)
    client.force_login(manager)
    assert "Choisissez une date à venir" in client.post(address, {**typed, "due_on": "2020-01-01"}).content.decode()
    assert client.post(address, typed).status_code == 302
    told = OutboundEmail.objects.filter(kind="support.mandate").values_list("recipient", flat=True)
    assert set(told) == {person.email for person in people[:2]}
    assert client.get(address).context["left"] == 2
    awaited = [row for row in actions_for(people[0], portal_now()) if row.title == "Dire qui représente la commune"]
    assert len(awaited) == 1
    assert {fact.recipient for fact in due_facts(portal_now()) if fact.rule == "mandate_due"} == set(told)
    mandate = Mandate.objects.get(plan__application=lines[0].application)
    client.force_login(people[0])
    where = reverse("plan_mandate", args=[mandate.plan.uuid, mandate.pk])
    said = {"representative": "La maire", "referent": "Adjoint aux travaux", "act_number": "2026-4"}
    assert "indiquez son numéro et sa date" in client.post(where, said).content.decode()
    assert client.post(where, {**said, "act_on": day_of(portal_now()).isoformat()}).status_code == 302
    mandate.refresh_from_db()
    assert (mandate.confirmed_by, mandate.act_number) == (people[0], "2026-4")
    assert [row for row in actions_for(people[0], portal_now()) if row.title == "Dire qui représente la commune"] == []


def answer(plan: SupportPlan, referent: str) -> None:
    at = portal_now()
    renewal = Renewal(reason="Élections", due_on=day_of(at) + timedelta(days=9))
    ask_renewal(call=plan.application.call, renewal=renewal, by=make_user(), at=at)
    told: dict[str, Any] = {"representative": "Le maire", "act_number": "", "act_on": None}
    confirm_mandate(mandate=Mandate.objects.get(renewal=renewal), referent=referent, by=make_user(), at=at, **told)


def test_the_elected_referent_follows_and_the_same_one_goes_on() -> None:
    plan, today = make_plan(), day_of(portal_now())
    for referent in ("Adjointe", "Adjointe", "Maire"):
        answer(plan, referent)
    assert list(plan.teammember_rows.order_by("pk").values_list("title", "until")) == [
        ("Adjointe", today),
        ("Maire", None),
    ]
    with pytest.raises(Refused, match="déjà répondu"):
        confirm_mandate(
            mandate=Mandate.objects.latest("pk"), representative="x", referent="x", act_number="", act_on=None,
            by=make_user(), at=portal_now(),
        )  # fmt: skip


def test_the_end_of_a_support_is_recalled_until_it_is_put_off() -> None:
    plan = make_plan()
    make_member(plan.application.lead)
    ends = {(fact.due_at.date() - plan.ends_on).days for fact in due_facts(portal_now()) if fact.rule == "support_end"}
    assert ends == {-60, -30}
    SupportPlan.objects.update(state="ended")
    assert [fact for fact in due_facts(portal_now()) if fact.rule == "support_end"] == []


@pytest.mark.parametrize("kind", Site.Kind.values)
def test_a_site_is_of_four_kinds_with_its_communes(client: Client, kind: str) -> None:
    plan = make_plan()
    commune = make_commune(BENOUVILLE)
    client.force_login(make_role(plan.application.call, "adviser"))
    address = reverse("plan_site", args=[plan.uuid])
    typed = {"kind": kind, "name": "Le plateau de Caux"}
    assert "ne sont pas ceux de communes" in client.post(address, {**typed, "codes": "99999"}).content.decode()
    for codes in ("", f"{commune.insee}\n{plan.application.lead.commune_id}"):
        assert client.post(address, {**typed, "codes": codes}).status_code == 302
    site = Site.objects.get()
    assert (site.kind, site.communes) == (kind, [commune.insee, plan.application.lead.commune_id])
    assert "Le plateau de Caux" in client.get(reverse("workshops", args=[plan.uuid])).content.decode()
