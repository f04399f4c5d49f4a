"""The life of a support: paused, taken up, extended, handed over, ended with its report."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from portal.core.calendar import day_of
from portal.core.clock import portal_now
from portal.core.models import OutboundEmail
from portal.core.outbox import run_jobs
from portal.core.rules import Refused
from portal.core.uploads import read_bytes
from portal.home.dashboard import actions_for
from support.plan import states
from support.plan.due_facts import due_facts
from support.plan.models import LogEntry, Milestone, PlanTransition, SupportPlan
from support.plan.services_actions import change_action
from support.plan.services_life import change_plan, extend, hand_over
from tests.documents.pdftools import text_of
from tests.factories import BENOUVILLE, make_member, make_role, make_user
from tests.support.factories import make_agreement, make_laureate, make_plan, make_programme, sign_backdated
from tests.support.test_actions import block, make_action

pytestmark = pytest.mark.django_db


def act(client: Client, plan: SupportPlan, name: str, **typed: Any) -> Any:
    return client.post(reverse("plan_act", args=[plan.uuid, name]), typed)


def recalled(plan: SupportPlan) -> set[str]:
    return {fact.object_key.partition(":")[0] for fact in due_facts(portal_now()) if fact.call_key}


def test_a_pause_stops_what_is_recalled_and_awaited_until_the_resumption() -> None:
    plan, at = make_plan(), portal_now()
    member = make_member(plan.application.lead)
    day = day_of(at) + timedelta(days=20)
    Milestone.objects.create(plan=plan, title="Conseil", due_on=day, recorded_by=make_user())
    told = {"blocked_side": "commune", "blocked_by": "le conseil", "blocked_until": day}
    action = make_action(plan, "Sentier")
    change_action(action=action, transition=states.BLOCK, by=member, at=at, reason="Pas de quorum", **told)
    assert recalled(plan) == {"phase", "milestone", "support"}
    assert [row.title for row in actions_for(member, at) if "blocage" in row.title] == [
        "Lever le blocage\u00a0: Sentier"
    ]
    change_plan(plan=plan, transition=states.PAUSE, by=make_user(), at=at, reason="Élections")
    assert (recalled(plan), [row for row in actions_for(member, at) if "blocage" in row.title]) == (set(), [])
    change_plan(plan=plan, transition=states.RESUME, by=make_user(), at=at)
    assert recalled(plan) == {"phase", "milestone", "support"}
    assert list(PlanTransition.objects.values_list("transition", "reason")) == [("pause", "Élections"), ("resume", "")]
    with pytest.raises(DatabaseError, match="insert-only"), transaction.atomic():
        PlanTransition.objects.update(reason="x")


def test_a_person_who_left_is_not_recalled() -> None:
    plan = make_plan()
    adviser = make_role(plan.application.call, "adviser")
    SupportPlan.objects.update(adviser=adviser)
    assert adviser.email in {fact.recipient for fact in due_facts(portal_now())}
    adviser.is_active = False
    adviser.save()
    assert adviser.email not in {fact.recipient for fact in due_facts(portal_now())}


def test_an_extension_only_puts_off_and_is_told() -> None:
    plan, at = make_plan(), portal_now()
    member = make_member(plan.application.lead)
    with pytest.raises(Refused, match="Choisissez une date après le"):
        extend(plan=plan, ends_on=plan.ends_on, reason="x", by=make_user(), at=at)
    later = plan.ends_on + timedelta(days=90)
    extend(plan=plan, ends_on=later, reason="Le chantier a glissé", by=make_user(), at=at)
    plan.refresh_from_db()
    assert (plan.ends_on, plan.state) == (later, "active")
    mail = OutboundEmail.objects.get(kind="support.plan_life", recipient=member.email)
    assert "Le chantier a glissé" in mail.body


def test_an_adviser_passes_all_their_projects_with_what_to_know() -> None:
    call = make_programme()
    manager, old, new = make_role(call), make_role(call, "adviser"), make_role(call, "adviser")
    for n, spec in enumerate((None, BENOUVILLE), 1):
        line = make_laureate(call, n=n) if spec is None else make_laureate(call, spec, n=n)
        sign_backdated(make_agreement(call, line, manager=manager), manager)
    SupportPlan.objects.update(adviser=old)
    told = {"reason": "Mutation", "note": "Le maire préfère le téléphone.", "by": manager, "at": portal_now()}
    assert hand_over(plan=SupportPlan.objects.first(), adviser=new, everywhere=True, **told) == 2
    assert set(SupportPlan.objects.values_list("adviser", flat=True)) == {new.pk}
    assert set(LogEntry.objects.values_list("text", "visibility")) == {("Le maire préfère le téléphone.", "internal")}
    with pytest.raises(Refused, match="déjà la référente"):
        hand_over(plan=SupportPlan.objects.select_related("adviser").first(), adviser=new, everywhere=False, **told)


def test_the_end_report_is_frozen_and_says_what_was_done(client: Client) -> None:
    plan = make_plan()
    block(make_action(plan, "Sentier"))
    client.force_login(make_role(plan.application.call, "adviser"))
    assert act(client, plan, "end", summary="Un chemin est ouvert.\nDix bancs.", reason="Douze mois").status_code == 302
    run_jobs()
    plan.refresh_from_db()
    assert (plan.state, plan.end_report.state, plan.end_report.failure) == ("ended", "ready", "")
    text = text_of(read_bytes(plan.end_report.file))
    for said in ("Bilan de l’accompagnement", "Un chemin est ouvert.", "A1 Sentier", "1 action au plan : 1 blocage."):
        assert said in text
    assert list(due_facts(portal_now())) == []
    assert "n’est plus possible" in act(client, plan, "pause", reason="x").content.decode()
    client.force_login(make_member(plan.application.lead))
    assert client.get(reverse("plan_end_report", args=[plan.uuid])).status_code == 200
    assert act(client, plan, "pause", reason="x").status_code == 403
