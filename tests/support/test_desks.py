"""The desks: who is late or silent, what the team carries, what a provider owes, what a commune reads first."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from portal.accounts.models import Organisation
from portal.core.calendar import day_of
from portal.core.clock import portal_now
from portal.core.models import OutboundEmail
from portal.home.dashboard import actions_for
from support.plan.models import Consultation, LogEntry, Phase, SupportPlan
from support.plan.queries_load import loads_of
from support.plan.services import write_log
from support.plan.sheets import BY_SLUG
from tests.applications.files import pdf_upload
from tests.calls.documents import ordinary
from tests.factories import BENOUVILLE, HARFLEUR, make_call, make_institution, make_member, make_role
from tests.support.factories import make_agreement, make_laureate, make_plan, make_programme, sign_backdated
from tests.support.test_actions import block, make_action

pytestmark = pytest.mark.django_db


def note(plan: SupportPlan, by: Any, happened_on: date, kind: str = "visit", days: str = "1") -> LogEntry:
    told = {"title": "Note", "text": "", "visibility": "shared", "days": Decimal(days)}
    return write_log(plan=plan, by=by, at=portal_now(), happened_on=happened_on, kind=kind, **told)


def three_plans() -> tuple[Any, Any, list[SupportPlan]]:
    call = make_programme()
    manager, adviser = make_role(call), make_role(call, "adviser")
    for n, spec in enumerate((None, BENOUVILLE, HARFLEUR), 1):
        line = make_laureate(call, n=n) if spec is None else make_laureate(call, spec, n=n)
        sign_backdated(make_agreement(call, line, manager=manager), manager)
    plans = list(SupportPlan.objects.order_by("application__number"))
    begun = day_of(portal_now()) - timedelta(days=100)
    SupportPlan.objects.update(starts_on=begun)
    return manager, adviser, plans


def shown(client: Client, **query: str) -> list[str]:
    return [plan.application.lead.name for plan, _, _ in client.get(reverse("support_home"), query).context["rows"]]


def test_the_desk_finds_mine_the_late_and_the_silent(client: Client) -> None:
    _, adviser, (first, second, third) = three_plans()
    today = day_of(portal_now())
    SupportPlan.objects.filter(pk=third.pk).update(adviser=None)
    note(first, adviser, today - timedelta(days=10))
    note(second, adviser, today - timedelta(days=36))
    note(third, adviser, today)
    Phase.objects.filter(plan=first, position=1).update(
        starts_on=today - timedelta(days=60), ends_on=today - timedelta(days=2)
    )
    client.force_login(adviser)
    names = {plan.pk: plan.application.lead.name for plan in (first, second, third)}
    assert shown(client) == [names[first.pk], names[second.pk], names[third.pk]]
    assert shown(client, suivi="moi") == [names[first.pk], names[second.pk]]
    assert shown(client, suivi="personne") == [names[third.pk]]
    assert shown(client, quoi="retard") == [names[first.pk]]
    assert shown(client, quoi="silence") == [names[second.pk]]
    assert "Sans nouvelle depuis 5 semaines" in ordinary(client.get(reverse("support_home")).content.decode())
    silent = [ordinary(row.title) for row in actions_for(adviser, portal_now()) if "nouvelles" in row.title]
    assert silent == [f"Prendre des nouvelles : {second.application.lead}"]


def test_the_load_is_counted_by_person_against_a_ceiling_and_by_commune_and_kind(client: Client) -> None:
    manager, adviser, (first, second, third) = three_plans()
    today = day_of(portal_now())
    for plan, kind, days in ((first, "visit", "2"), (first, "call", "0.5"), (second, "visit", "1")):
        note(plan, adviser, today, kind, days)
    call = first.application.call
    client.force_login(adviser)
    address = reverse("support_ceiling", args=[call.slug, adviser.pk])
    assert client.post(address, {"days": "4"}).status_code == 403
    client.force_login(manager)
    assert "Écrivez au moins un jour" in client.post(address, {"days": "0"}).content.decode()
    for ceiling, over in (("4", False), ("3", True)):
        assert client.post(address, {"days": ceiling}).status_code == 302
        (load,) = [load for load in loads_of(call, portal_now()) if load.user == adviser]
        assert (load.projects, load.days, load.ceiling, load.over) == (3, Decimal("3.50"), int(ceiling), over)
    page = client.get(reverse("support_load"))
    assert "Plafond dépassé" in page.content.decode()
    lines = {plan.pk: [float(days) for days in line] for plan, line in page.context["rows"]}
    assert lines == {
        first.pk: [2, 0.5, 0, 0, 0, 0, 2.5],
        second.pk: [1, 0, 0, 0, 0, 0, 1],
        third.pk: [0, 0, 0, 0, 0, 0, 0],
    }
    client.force_login(make_role(make_call(make_institution("200067445", "Buëch-Dévoluy", "buech-devoluy"))))
    assert client.get(reverse("support_load"), {"appel": call.slug}).context["call"] is None
    assert client.post(address, {"days": "4"}).status_code == 404


def test_the_commune_reads_first_what_is_awaited_from_it_and_only_that(client: Client) -> None:
    plan, today = make_plan(), day_of(portal_now())
    member, adviser = make_member(plan.application.lead), make_role(plan.application.call, "adviser")
    action = make_action(plan, "Sentier")
    block(action)
    plan.report_rows.create(title="Rapport", due_on=today, recorded_by=adviser)
    client.force_login(member)
    rows = client.get(reverse("support_plan", args=[plan.uuid])).context["mine"]
    assert [ordinary(row.title) for row in rows] == ["Remettre : Rapport"]
    type(action).objects.update(blocked_side="commune")
    rows = client.get(reverse("support_plan", args=[plan.uuid])).context["mine"]
    assert [ordinary(row.title) for row in rows] == ["Remettre : Rapport", "Lever le blocage : Sentier"]


def test_a_provider_hands_its_deliverable_and_sees_nothing_else(client: Client) -> None:
    plan = make_plan()
    firm = Organisation.objects.create(kind="firm", name="Bureau", siren="552100554")
    person, member = make_member(firm), make_member(plan.application.lead)
    told = {"plan": plan, "recorded_by": make_role(plan.application.call, "adviser")}
    row = Consultation.objects.create(**told, title="Maîtrise d’œuvre", provider_name="Bureau", provider=firm)
    other = Consultation.objects.create(**told, title="Autre", provider_name="Autre")
    client.force_login(person)
    assert list(client.get(reverse("provider_desk")).context["page"]) == [row]
    assert "Livrables" in client.get("/mes-actions/").content.decode()
    address = reverse("provider_deliverable", args=[row.pk])
    assert "Choisissez un fichier." in client.post(address, {}).content.decode()
    assert client.post(address, {"deliverable_upload": pdf_upload()}).status_code == 302
    row.refresh_from_db()
    assert (row.delivered_on, row.deliverable_file.name) == (day_of(portal_now()), pdf_upload().name)
    assert set(OutboundEmail.objects.filter(kind="support.deliverable").values_list("recipient", flat=True)) == {
        member.email
    }
    for path in (
        reverse("provider_deliverable", args=[other.pk]),
        reverse("support_plan", args=[plan.uuid]),
        reverse("sheet", args=[plan.uuid, "consultations"]),
    ):
        assert client.get(path).status_code == 404
    assert BY_SLUG["consultations"].rows(plan, staff=False).count() == 2
