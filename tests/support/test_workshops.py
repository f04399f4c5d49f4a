"""Workshops, scenarios put to debate and the roadmap approved by the council."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from portal.core.calendar import day_of
from portal.core.clock import portal_now
from portal.core.outbox import run_jobs
from portal.core.rules import Refused
from portal.core.uploads import read_bytes
from support.plan.models import Need, Roadmap, Scenario, SupportPlan, Workshop, WorkshopPhoto
from support.plan.services_workshops import choose_scenario, give_opinion
from tests.applications.files import image_upload
from tests.documents.pdftools import text_of
from tests.factories import make_member, make_role
from tests.support.factories import make_plan
from tests.support.test_actions import make_action

pytestmark = pytest.mark.django_db


def make_workshop(plan: SupportPlan) -> Workshop:
    by = make_role(plan.application.call, "adviser")
    told = {"title": "Diagnostic en marchant", "place": "École", "objective": "Voir les obstacles"}
    return Workshop.objects.create(plan=plan, held_on=day_of(portal_now()), recorded_by=by, **told)


def make_scenario(plan: SupportPlan, code: str) -> Scenario:
    by = make_role(plan.application.call, "adviser")
    return Scenario.objects.create(plan=plan, code=code, title=f"Titre {code}", description="Par ici.", recorded_by=by)


def test_people_are_counted_by_college(client: Client) -> None:
    plan = make_plan()
    workshop = make_workshop(plan)
    client.force_login(make_role(plan.application.call, "adviser"))
    address = reverse("workshop_people", args=[plan.uuid, workshop.pk])
    assert "Écrivez un nombre positif." in client.post(address, {"elected_present": "-1"}).content.decode()
    for present in ("40", "46"):
        client.post(address, {"inhabitants_present": present, "inhabitants_invited": "300", "elected_present": "3"})
    assert set(workshop.attendances.filter(present__gt=0).values_list("college", "invited", "present")) == {
        ("inhabitants", 300, 46),
        ("elected", 0, 3),
    }
    assert [row.people for row in client.get(reverse("workshops", args=[plan.uuid])).context["page"]] == [49]


def test_a_need_becomes_one_action(client: Client) -> None:
    plan = make_plan()
    workshop = make_workshop(plan)
    client.force_login(make_member(plan.application.lead))
    typed = {"text": "Un banc à l’ombre", "college": "inhabitants"}
    assert client.post(reverse("need_new", args=[plan.uuid, workshop.pk]), typed).status_code == 302
    need = Need.objects.get()
    address = reverse("need_act", args=[plan.uuid, workshop.pk, need.pk])
    assert [client.post(address).status_code for _ in range(2)] == [302, 403]
    action = plan.actions.get()
    need.refresh_from_db()
    assert (need.action, action.title, "habitants" in action.description) == (action, "Un banc à l’ombre", True)


def test_a_photo_is_kept_only_with_consent(client: Client) -> None:
    plan = make_plan()
    workshop = make_workshop(plan)
    member = make_member(plan.application.lead)
    client.force_login(member)
    address = reverse("workshop_photo", args=[plan.uuid, workshop.pk])
    page = client.post(address, {"caption": "La place", "upload": image_upload()}).content.decode()
    assert ("Sans l’accord des personnes reconnaissables" in page, WorkshopPhoto.objects.count()) == (True, 0)
    told = {"caption": "La place", "consent": "on"}
    assert client.post(address, {**told, "upload": image_upload()}).status_code == 302
    photo = WorkshopPhoto.objects.get()
    where = reverse("workshop_photo_file", args=[plan.uuid, workshop.pk, photo.pk])
    assert client.get(where).status_code == 200
    with pytest.raises(IntegrityError, match="photo_with_consent"), transaction.atomic():
        WorkshopPhoto.objects.update(consent=False)


def test_one_scenario_is_chosen_and_closes_the_debate(client: Client) -> None:
    plan, at = make_plan(), portal_now()
    today = day_of(at)
    first, second = make_scenario(plan, "A"), make_scenario(plan, "B")
    member = make_member(plan.application.lead)
    client.force_login(member)
    address = reverse("scenario", args=[plan.uuid, second.pk])
    assert "Choisissez une position" in client.post(address, {"comment": "Oui"}).content.decode()
    for position in ("reserved", "for"):
        assert client.post(address, {"position": position, "comment": "Le plus sûr"}).status_code == 302
    assert list(second.opinions.values_list("author", "position")) == [(member.pk, "for")]
    assert client.post(reverse("scenario_choose", args=[plan.uuid, second.pk]), {}).status_code == 403
    told: dict[str, Any] = {"reason": "Le plus sûr.", "at": at}
    with pytest.raises(Refused, match="choisi demain"):
        choose_scenario(scenario=second, chosen_on=today + timedelta(days=1), **told)
    choose_scenario(scenario=second, chosen_on=today, **told)
    with pytest.raises(Refused, match="Le scénario B est déjà choisi"):
        choose_scenario(scenario=first, chosen_on=today, **told)
    with pytest.raises(IntegrityError, match="scenario_one_chosen"), transaction.atomic():
        Scenario.objects.filter(pk=first.pk).update(chosen_on=today, chosen_reason="x")
    with pytest.raises(Refused, match="le débat est clos"):
        give_opinion(scenario=first, position="for", comment="", by=member, at=at)
    client.force_login(make_role(plan.application.call, "adviser"))
    assert client.get(reverse("scenario_edit", args=[plan.uuid, first.pk])).status_code == 403


def test_the_roadmap_is_frozen_by_version_and_approved_by_an_act(client: Client) -> None:
    plan, today = make_plan(), day_of(portal_now())
    adviser = make_role(plan.application.call, "adviser")
    client.force_login(adviser)
    issue = reverse("roadmap_issue", args=[plan.uuid])
    assert "Inscrivez au moins une action" in client.post(issue).content.decode()
    make_action(plan, "Sentier", axis="Marcher", priority=1)
    make_action(plan, "Haie", priority=3)
    choose_scenario(scenario=make_scenario(plan, "B"), chosen_on=today, reason="Le plus sûr.", at=portal_now())
    client.post(issue)
    make_action(plan, "Banc", axis="Marcher")
    client.post(issue)
    run_jobs()
    second, first = Roadmap.objects.select_related("document__file")
    texts = [text_of(read_bytes(row.document.file)) for row in (first, second)]
    assert [("A1 Sentier" in text, "A3 Banc" in text, "Titre B" in text) for text in texts] == [
        (True, False, True),
        (True, True, True),
    ]
    assert (first.document.version, second.document.version) == (1, 2)
    client.force_login(make_member(plan.application.lead))
    assert client.get(reverse("roadmap_pdf", args=[plan.uuid, 2])).status_code == 200
    address = reverse("roadmap_approve", args=[plan.uuid, 2])
    late = {"act_number": "2027-12", "approved_on": (today + timedelta(days=1)).isoformat()}
    assert "date de cette version, et aujourd’hui" in client.post(address, late).content.decode()
    assert client.post(address, {**late, "approved_on": today.isoformat()}).status_code == 302
    assert "déjà approuvée" in client.post(address, {**late, "approved_on": today.isoformat()}).content.decode()
    second.refresh_from_db()
    assert (second.act_number, second.approved_on) == ("2027-12", today)
