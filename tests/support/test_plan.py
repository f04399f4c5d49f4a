"""The support as the commune and the adviser live it."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from portal.core.calendar import day_of
from portal.core.clock import portal_now
from portal.core.due import DueFact
from portal.core.rules import Refused
from portal.core.typography import format_date
from support.agreements.models import Agreement
from support.plan import presentation
from support.plan.due_facts import due_facts
from support.plan.models import LogEntry, Phase, SupportPlan
from support.plan.schedule import holds_up
from support.plan.services import finish_phase, write_log
from tests.calls.documents import ordinary
from tests.factories import make_call, make_institution, make_member, make_role, make_user, paris
from tests.support.factories import make_plan

pytestmark = pytest.mark.django_db


def note(plan: SupportPlan, **fields) -> LogEntry:
    values = {
        "kind": "visit",
        "happened_on": day_of(portal_now()),
        "title": "Repérage",
        "text": "",
        "visibility": "shared",
        "days": Decimal("0.5"),
        "by": make_user(),
        "at": portal_now(),
    }
    return write_log(plan=plan, **{**values, **fields})


def test_the_logbook_only_grows_and_tells_the_past() -> None:
    plan = make_plan()
    note(plan)
    with pytest.raises(Refused, match="ce qui s’est passé"):
        note(plan, happened_on=day_of(portal_now()) + timedelta(days=1))
    with pytest.raises(DatabaseError, match="insert-only"), transaction.atomic():
        LogEntry.objects.update(title="autre")


def test_a_deliverable_is_handed_once() -> None:
    plan, at = make_plan(), portal_now()
    phase = plan.phases.first()
    finish_phase(phase=phase, done_on=day_of(at), by=make_user(), at=at)
    with pytest.raises(Refused, match="déjà remis"):
        finish_phase(phase=phase, done_on=day_of(at), by=make_user(), at=at)


def test_the_commune_reads_shared_entries_only(client: Client) -> None:
    plan = make_plan()
    note(plan, title="Visite du site")
    note(plan, title="Secrétariat absent", visibility="internal")
    client.force_login(make_member(plan.application.lead))
    page = client.get(f"/accompagnement/{plan.uuid}/").content.decode()
    assert ("Visite du site" in page, "Secrétariat absent" in page) == (True, False)
    assert client.post(f"/accompagnement/{plan.uuid}/journal/", {"title": "x"}).status_code == 403
    client.force_login(make_role(plan.application.call, "adviser"))
    page = client.get(f"/accompagnement/{plan.uuid}/").content.decode()
    assert "Secrétariat absent" in page


def test_another_organiser_sees_nothing(client: Client) -> None:
    plan = make_plan()
    other = make_call(make_institution("200067445", "Buëch-Dévoluy", "buech-devoluy"))
    client.force_login(make_role(other))
    assert client.get(f"/accompagnement/{plan.uuid}/").status_code == 404
    assert plan.application.title not in client.get("/accompagnement/").content.decode()


def test_the_adviser_writes_in_the_field(client: Client) -> None:
    plan = make_plan()
    client.force_login(make_role(plan.application.call, "adviser"))
    today = day_of(portal_now()).isoformat()
    form = {"kind": "visit", "happened_on": today, "title": "Visite", "text": "", "visibility": "shared", "days": "0,5"}
    assert client.post(f"/accompagnement/{plan.uuid}/journal/", form).status_code == 302
    assert set(LogEntry.objects.values_list("title", "days")) == {("Visite", Decimal("0.50"))}
    page = client.post(f"/accompagnement/{plan.uuid}/journal/", {**form, "title": ""}).content.decode()
    assert "Écrivez une ligne" in page


def test_funding_above_its_base_is_refused_beside_the_field(client: Client) -> None:
    plan = make_plan()
    client.force_login(make_role(plan.application.call, "adviser"))
    form = {
        "funder": "État",
        "scheme": "",
        "base": "1 000",
        "amount": "1 001",
        "status": "asked",
        "status_on": "2026-11-01",
    }
    page = client.post(f"/accompagnement/{plan.uuid}/financements/nouveau/", form).content.decode()
    assert "L’aide ne peut pas dépasser la dépense." in page
    assert "1 001" in page
    client.post(f"/accompagnement/{plan.uuid}/financements/nouveau/", {**form, "amount": "300,50"})
    assert plan.funding_requests.get().amount == Decimal("300.50")


def test_a_measure_has_a_date_and_a_source(client: Client) -> None:
    plan = make_plan()
    client.force_login(make_role(plan.application.call, "adviser"))
    indicator = plan.application.call.indicators.first()
    form = {"indicator": indicator.pk, "value": "46", "measured_on": "2026-11-01", "source": "Feuilles de présence"}
    address = f"/accompagnement/{plan.uuid}/indicateurs/"
    assert client.post(address, form).status_code == 302
    assert "a déjà une valeur à cette date" in client.post(address, form).content.decode()
    assert plan.measures.count() == 1


def deliverables_recalled(at: datetime) -> list[DueFact]:
    return [fact for fact in due_facts(at) if fact.rule == "milestone_due"]


def test_deliverables_are_recalled_to_the_adviser_and_the_commune() -> None:
    plan = make_plan()
    member = make_member(plan.application.lead)
    first = plan.phases.first()
    Phase.objects.exclude(pk=first.pk).update(done_on=date(2026, 1, 1))
    Phase.objects.filter(pk=first.pk).update(ends_on=date(2027, 7, 6))
    call = plan.application.call
    type(call).objects.filter(pk=call.pk).update(extras={**call.extras, "reminders": []})
    facts = deliverables_recalled(paris(2027, 6, 10))
    assert {(fact.recipient, fact.due_at) for fact in facts} == {
        (member.email, paris(2027, 6, 22, 9)),
        (member.email, paris(2027, 7, 4, 9)),
    }
    rows = [("A", -1, "08:00"), ("B", 3, "09:00")]
    written = [{"code": code, "about": "milestone_due", "days": days, "at": at} for code, days, at in rows]
    type(call).objects.filter(pk=call.pk).update(extras={**call.extras, "reminders": written})
    assert {fact.due_at for fact in deliverables_recalled(paris(2027, 6, 10))} == {
        paris(2027, 7, 5, 8),
        paris(2027, 7, 9, 9),
    }
    (late,) = deliverables_recalled(paris(2027, 7, 8))
    assert "s’est terminée le 6\u00a0juillet\u00a02027" in late.body
    Phase.objects.filter(pk=first.pk).update(done_on=date(2027, 6, 11))
    assert deliverables_recalled(paris(2027, 6, 12)) == []


def test_the_list_costs_the_same_at_one_and_three_plans(client: Client, django_assert_num_queries) -> None:
    from tests.factories import BENOUVILLE, HARFLEUR
    from tests.support.factories import make_agreement, make_laureate, sign_backdated

    plan = make_plan()
    call = plan.application.call
    manager = make_role(call)
    client.force_login(manager)
    client.get("/accompagnement/")
    with django_assert_num_queries(10):
        client.get("/accompagnement/")
    for n, spec in enumerate((BENOUVILLE, HARFLEUR), 2):
        sign_backdated(make_agreement(call, make_laureate(call, spec, n=n), manager=manager), manager)
    with django_assert_num_queries(10):
        page = client.get("/accompagnement/").content.decode()
    assert "<b>3\u00a0projets</b>" in page


def test_what_is_awaited_is_what_has_begun_and_says_what_it_holds_up() -> None:
    plan, now = make_plan(), portal_now()
    first, second, third = plan.phases.all()[:3]
    today = day_of(now)
    Phase.objects.filter(pk=first.pk).update(starts_on=today - timedelta(days=30), ends_on=today - timedelta(days=1))
    Phase.objects.filter(pk=second.pk).update(starts_on=today, ends_on=today + timedelta(days=60))
    rows = presentation.awaited(plan, now)
    assert [(row.phase, row.late, ordinary(row.line)) for row in rows] == [
        (first, "En retard d’un jour", f"La phase « {second.title} » attend ce livrable."),
        (second, "", f"Phase « {second.title} »"),
    ]
    plan.phases.filter(pk__in=[first.pk, second.pk]).update(done_on=today)
    plan = SupportPlan.objects.get(pk=plan.pk)
    assert presentation.next_awaited(plan, now).phase == third
    plan.phases.update(done_on=today)
    assert presentation.next_awaited(SupportPlan.objects.get(pk=plan.pk), now) is None


def test_the_last_deliverable_holds_up_the_balance() -> None:
    phases = list(make_plan().phases.all())
    assert holds_up(phases, phases[-1]) == "Le bilan de l’accompagnement attend ce livrable."


def test_the_plan_counts_its_phases_and_its_months_in_words() -> None:
    plan = make_plan()
    Agreement.objects.update(months=12)
    plan = SupportPlan.objects.get(pk=plan.pk)
    assert presentation.phases_heading(plan) == "Six phases, douze mois"
    assert presentation.today_words(plan, plan.starts_on) == f"Aujourd’hui, {format_date(plan.starts_on)}\u00a0: mois 1"
    before = plan.starts_on - timedelta(days=1)
    assert presentation.today_words(plan, before) == f"Aujourd’hui, {format_date(before)}"
