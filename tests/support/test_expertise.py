"""Requests for expertise: to the competent body, answered from its mail, rated by the commune."""

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from portal.accounts.models import Organisation
from portal.core.calendar import day_of
from portal.core.clock import portal_now
from portal.core.models import OutboundEmail
from portal.home.dashboard import actions_for
from support.network.due_facts import due_facts
from support.network.models import EngineeringBody, ExpertiseRequest
from support.network.queries_expertise import competent
from support.plan.models import SupportPlan
from tests.calls.documents import ordinary
from tests.factories import make_member, make_role
from tests.support.factories import make_plan

pytestmark = pytest.mark.django_db


def body(plan: SupportPlan, name: str = "CAUE", **fields: Any) -> EngineeringBody:
    told = {"themes": ["Paysage"], "email": f"{name.lower()}@exemple.fr", **fields}
    return EngineeringBody.objects.create(owner=plan.application.call.owner, name=name, **told)


def asked(client: Client, plan: SupportPlan, **more: Any) -> Any:
    due = (day_of(portal_now()) + timedelta(days=20)).isoformat()
    told = {"theme": "Paysage", "subject": "La traversée", "question": "Quels arbres ?", "due_on": due}
    return client.post(reverse("expertise_new", args=[plan.uuid]), {**told, **more})


def links(recipient: str) -> list[str]:
    """The paths of the links of the last mail to a body: accept, decline."""
    mail = OutboundEmail.objects.filter(recipient=recipient).latest("pk")
    return sorted(set(re.findall(r"/expertises/lien/[^\s]+", mail.body)), key=lambda path: "non" in path)


def titles(person: Any) -> set[str]:
    return {ordinary(row.title) for row in actions_for(person, portal_now())}


def test_the_competent_bodies_are_those_of_the_theme_and_the_place_the_local_ones_first() -> None:
    plan = make_plan()
    call, commune = plan.application.call, plan.application.lead.commune
    everywhere, local = body(plan, "Z partout"), body(plan, "Y local", places=[commune.department_id])
    body(plan, "Autre thème", themes=["Énergie"])
    body(plan, "Ailleurs", places=["05"])
    body(plan, "Parti", active=False)
    epci = body(plan, "X intercommunal", places=[commune.intercommunality_id])
    assert competent(call, "paysage", commune) == [epci, local, everywhere]


def test_the_only_competent_body_receives_the_request_at_once_and_accepts_in_one_click_and_a_confirmation(
    client: Client,
) -> None:
    plan = make_plan()
    caue, member = body(plan), make_member(plan.application.lead)
    client.force_login(member)
    assert asked(client, plan).status_code == 302
    row = ExpertiseRequest.objects.get()
    assert (row.state, row.body) == ("assigned", caue)
    yes, no = links(caue.email)
    client.logout()
    page = client.get(yes).content.decode()
    row.refresh_from_db()
    assert ("Rien n’est fait tant que vous n’avez pas confirmé" in page, row.state) == (True, "assigned")
    assert client.post(yes, {"acte": "accepter"}).status_code == 302
    row.refresh_from_db()
    assert row.state == "accepted"
    assert "n’est plus possible" in ordinary(client.post(yes, {"acte": "accepter"}).content.decode())
    assert "Rendre notre réponse" in client.get(no).content.decode()


def test_a_body_declines_with_a_reason_and_its_link_dies(client: Client) -> None:
    plan = make_plan()
    caue, cerema = body(plan), body(plan, "Cerema", themes=["Mobilité"])
    adviser = make_role(plan.application.call, "adviser")
    SupportPlan.objects.update(adviser=adviser)
    client.force_login(adviser)
    asked(client, plan)
    row = ExpertiseRequest.objects.get()
    yes, no = links(caue.email)
    client.logout()
    assert "Écrivez le motif" in client.post(no, {"acte": "decliner", "refus-reason": ""}).content.decode()
    assert client.post(no, {"acte": "decliner", "refus-reason": "Trop de demandes"}).status_code == 302
    assert client.get(yes).status_code == 404
    assert "Confier la demande d’expertise : La traversée" in titles(adviser)
    client.force_login(adviser)
    assert client.post(reverse("expertise_assign", args=[row.uuid]), {"body": cerema.pk}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.body) == ("assigned", cerema)
    client.logout()
    assert client.get(links(cerema.email)[0]).status_code == 200


def test_the_answer_says_the_days_and_who_bears_them_then_the_commune_rates_it(client: Client) -> None:
    plan = make_plan()
    caue, member = body(plan), make_member(plan.application.lead)
    client.force_login(member)
    asked(client, plan)
    row = ExpertiseRequest.objects.get()
    assert {fact.recipient for fact in due_facts(portal_now())} == {caue.email}
    (yes, _), told = links(caue.email), {"reponse-answer": "Des frênes.", "reponse-bearer": "partner"}
    client.logout()
    page = client.post(yes, {"acte": "repondre", **told, "reponse-days": "beaucoup"}).content.decode()
    assert ["Écrivez un nombre" in page, "Des frênes." in page] == [True, True]
    assert client.post(yes, {"acte": "repondre", **told, "reponse-days": "1,5"}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.days, row.get_bearer_display()) == ("answered", Decimal("1.50"), "le partenaire")
    assert list(due_facts(portal_now())) == []
    client.force_login(member)
    assert "Dire si l’expertise convient : La traversée" in titles(member)
    assert "Choisissez une note" in client.post(reverse("expertise_rate", args=[row.uuid]), {}).content.decode()
    assert client.post(reverse("expertise_rate", args=[row.uuid]), {"satisfaction": "4"}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.satisfaction) == ("closed", 4)


def test_urgency_has_a_reason_in_the_form_and_in_the_database(client: Client) -> None:
    plan = make_plan()
    body(plan)
    client.force_login(make_member(plan.application.lead))
    assert "Dites pourquoi c’est urgent." in asked(client, plan, urgent="on").content.decode()
    assert asked(client, plan, urgent="on", urgent_reason="Le conseil vote lundi").status_code == 302
    with pytest.raises(IntegrityError, match="expertise_urgency_has_reason"), transaction.atomic():
        ExpertiseRequest.objects.update(urgent_reason="")


def test_a_body_with_an_account_sees_what_it_owes_and_the_projects_of_its_territory_only(client: Client) -> None:
    plan = make_plan()
    firm = Organisation.objects.create(kind="association", name="CAUE de la Seine-Maritime", siren="552100554")
    caue = body(plan, organisation=firm, places=["76"])
    person = make_member(firm)
    other = make_member(Organisation.objects.create(kind="firm", name="Autre"))
    client.force_login(make_member(plan.application.lead))
    asked(client, plan)
    row = ExpertiseRequest.objects.get()
    address = reverse("expertise", args=[row.uuid])
    client.force_login(person)
    desk = client.get(reverse("partner_desk"))
    assert (list(desk.context["page"]), list(desk.context["projects"])) == ([row], [plan])
    assert "Rendre l’expertise : La traversée" in titles(person)
    assert client.get(address).status_code == 200
    assert client.get(reverse("support_plan", args=[plan.uuid])).status_code == 404
    assert client.post(reverse("expertise_reply", args=[row.uuid]), {"acte": "accepter"}).status_code == 302
    client.force_login(other)
    desk = client.get(reverse("partner_desk"))
    assert (list(desk.context["page"]), list(desk.context["projects"])) == ([], [])
    assert client.get(address).status_code == 404
    EngineeringBody.objects.filter(pk=caue.pk).update(places=["05"])
    client.force_login(person)
    assert list(client.get(reverse("partner_desk")).context["projects"]) == []


def test_the_directory_is_kept_by_the_team_with_codes_that_exist(client: Client) -> None:
    plan = make_plan()
    owner = plan.application.call.owner
    address = reverse("body_new", args=[owner.uuid])
    told = {
        "name": "CAUE",
        "themes": "Paysage\nÉnergie",
        "places": "76\n99999",
        "email": "caue@exemple.fr",
        "active": "on",
    }
    client.force_login(make_role(plan.application.call, "adviser"))
    page = client.post(address, told).content.decode()
    assert "Ces codes ne sont pas connus\u202f: 99999" in page or "Ces codes ne sont pas connus" in page
    assert client.post(address, {**told, "places": "76"}).status_code == 302
    assert client.post(address, {**told, "places": "76"}).status_code == 200
    row = EngineeringBody.objects.get()
    assert (row.themes, row.places) == (["Paysage", "Énergie"], ["76"])
    client.force_login(make_member(plan.application.lead))
    assert "CAUE" in client.get(reverse("directory", args=[owner.uuid])).content.decode()
    assert client.post(address, told).status_code == 403
