"""Visits, messages and meetings: told once to the other side, answered, recorded, their minutes frozen."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from portal.core.calendar import PARIS, day_of
from portal.core.clock import portal_now
from portal.core.models import OutboundEmail
from portal.core.outbox import run_jobs
from portal.core.rules import Refused
from portal.core.uploads import read_bytes
from portal.home.dashboard import actions_for
from support.plan.models import LogEntry, Meeting, Message, SupportPlan, Task, Visit
from support.plan.services_exchanges import convene, issue_minutes, record
from tests.applications.files import pdf_upload
from tests.calls.documents import ordinary
from tests.documents.pdftools import text_of
from tests.factories import BENOUVILLE, make_member, make_role
from tests.support.factories import (
    make_adviser_of,
    make_agreement,
    make_laureate,
    make_plan,
    make_programme,
    sign_backdated,
)

pytestmark = pytest.mark.django_db


def followed(plan: SupportPlan) -> Any:
    adviser = make_role(plan.application.call, "adviser", role_title="Référente")
    SupportPlan.objects.filter(pk=plan.pk).update(adviser=adviser)
    return adviser


def written(kind: str) -> set[str]:
    return set(OutboundEmail.objects.filter(kind=f"support.{kind}").values_list("recipient", flat=True))


def titles(person: Any) -> set[str]:
    return {ordinary(row.title) for row in actions_for(person, portal_now())}


def test_a_message_goes_to_the_other_side_once(client: Client) -> None:
    plan = make_plan()
    adviser, member = followed(plan), make_member(plan.application.lead)
    address = reverse("plan_messages", args=[plan.uuid])
    for person, text in ((member, "Le sentier est boueux."), (adviser, "Nous venons lundi.")):
        client.force_login(person)
        assert client.post(address, {"text": text}).status_code == 302
    sent = OutboundEmail.objects.filter(kind="support.message").order_by("created_at")
    assert [(row.recipient, row.body.split("\n\n")[2]) for row in sent] == [
        (adviser.email, "Le sentier est boueux."),
        (member.email, "Nous venons lundi."),
    ]
    assert set(Message.objects.values_list("text", "from_commune")) == {
        ("Le sentier est boueux.", True),
        ("Nous venons lundi.", False),
    }
    with pytest.raises(DatabaseError, match="insert-only"), transaction.atomic():
        Message.objects.update(text="x")
    assert "Écrivez votre message." in client.post(address, {"text": " "}).content.decode()
    client.force_login(make_member(plan.application.lead, "reader"))
    assert (client.get(address).status_code, client.post(address, {"text": "x"}).status_code) == (200, 403)


def test_a_visit_is_planned_awaited_then_told_in_the_logbook_with_its_photo(client: Client) -> None:
    plan, today = make_plan(), day_of(portal_now())
    adviser = followed(plan)
    client.force_login(adviser)
    typed = {"planned_on": today.isoformat(), "purpose": "Repérage", "place": "Le parvis"}
    assert client.post(reverse("visit_new", args=[plan.uuid]), typed).status_code == 302
    visit = Visit.objects.get()
    assert "Visite : Repérage" in titles(adviser)
    address = reverse("visit_report", args=[plan.uuid, visit.pk])
    assert 'value="Repérage"' in client.get(address).content.decode()
    told = {"kind": "visit", "happened_on": today.isoformat(), "title": "Vu", "text": "", "visibility": "shared"}
    assert client.post(address, {**told, "days": "1", "upload": pdf_upload()}).status_code == 302
    entry = LogEntry.objects.get()
    assert (entry.visit, entry.file.name, "Visite : Repérage" in titles(adviser)) == (visit, pdf_upload().name, False)
    assert client.get(address).status_code == 404
    client.force_login(make_member(plan.application.lead))
    assert client.get(reverse("log_file", args=[plan.uuid, entry.pk])).status_code == 200


def test_the_file_of_an_internal_entry_is_not_the_communes(client: Client) -> None:
    plan, today = make_plan(), day_of(portal_now())
    client.force_login(followed(plan))
    told = {"kind": "visit", "happened_on": today.isoformat(), "title": "Vu", "text": "", "visibility": "internal"}
    client.post(reverse("log_new", args=[plan.uuid]), {**told, "days": "1", "upload": pdf_upload()})
    entry = LogEntry.objects.get()
    assert client.get(reverse("log_file", args=[plan.uuid, entry.pk])).status_code == 200
    client.force_login(make_member(plan.application.lead))
    assert client.get(reverse("log_file", args=[plan.uuid, entry.pk])).status_code == 404


def typed_meeting(at: datetime, **more: str) -> dict[str, str]:
    told = {"kind": "technical", "place": "Mairie", "chair": "Le maire", "agenda": "Le tracé\nLe budget"}
    return {**told, "held_at": f"{at.astimezone(PARIS):%Y-%m-%dT%H:%M}", **more}


def test_a_meeting_is_convened_answered_moved_recorded_and_its_minutes_sent(client: Client) -> None:
    plan, at = make_plan(), portal_now()
    adviser, member = followed(plan), make_member(plan.application.lead)
    client.force_login(adviser)
    address = reverse("meeting_new", args=[plan.uuid])
    assert "Choisissez une date à venir" in client.post(address, typed_meeting(at)).content.decode()
    assert client.post(address, typed_meeting(at + timedelta(days=9))).status_code == 302
    meeting = Meeting.objects.get()
    assert (written("meeting"), "Comité technique" in titles(member)) == ({adviser.email, member.email}, True)
    client.post(reverse("meeting_edit", args=[meeting.uuid]), typed_meeting(at + timedelta(days=10)))
    assert OutboundEmail.objects.filter(kind="support.meeting", recipient=member.email).count() == 2
    place = meeting.attendees.get(organisation=plan.application.lead)
    assert client.post(reverse("meeting_answer", args=[meeting.uuid, place.pk]), {"reponse": "oui"}).status_code == 404
    client.force_login(member)
    assert client.post(reverse("meeting_answer", args=[meeting.uuid, place.pk]), {"reponse": "non"}).status_code == 302
    place.refresh_from_db()
    assert (place.answer, "Comité technique" in titles(member)) == ("excused", False)
    Meeting.objects.update(held_at=at - timedelta(hours=2))
    client.force_login(adviser)
    assert "Enregistrez d’abord" in client.post(reverse("meeting_minutes", args=[meeting.uuid])).content.decode()
    told = {f"presence_{place.pk}": "excused", "summary": "Le tracé est vu.", "decisions": "Le scénario B est retenu."}
    assert client.post(reverse("meeting_record", args=[meeting.uuid]), told).status_code == 302
    todo = {"text": "Chiffrer le tracé", "side": "commune", "due_on": day_of(at).isoformat()}
    client.post(reverse("meeting_task", args=[meeting.uuid]), todo)
    assert "Chiffrer le tracé" in titles(member)
    client.post(reverse("meeting_minutes", args=[meeting.uuid]))
    run_jobs()
    meeting.refresh_from_db()
    assert (meeting.minutes.state, meeting.minutes.failure) == ("ready", "")
    text = text_of(read_bytes(meeting.minutes.file))
    for said in ("Compte rendu : comité technique", "Le scénario B est retenu.", "Chiffrer le tracé", "excusé"):
        assert said in text
    assert written("meeting_minutes") == {adviser.email, member.email}
    client.force_login(member)
    task = Task.objects.get()
    assert client.post(reverse("task_done", args=[meeting.uuid, task.pk])).status_code == 302
    assert "Chiffrer le tracé" not in titles(member)


def test_all_the_laureates_of_a_call_are_convened_together_and_read_it(client: Client) -> None:
    call = make_programme()
    manager = make_role(call)
    lines = [make_laureate(call), make_laureate(call, BENOUVILLE, n=2)]
    for line in lines:
        sign_backdated(make_agreement(call, line, manager=manager), manager)
    people = [make_member(line.application.lead) for line in lines]
    plan = SupportPlan.objects.earliest("pk")
    client.force_login(manager)
    client.post(
        reverse("meeting_new", args=[plan.uuid]), typed_meeting(portal_now() + timedelta(days=9), kind="laureates")
    )
    meeting = Meeting.objects.get()
    assert (meeting.plan, written("meeting")) == (None, {person.email for person in people})
    for person in people:
        client.force_login(person)
        assert client.get(reverse("meeting", args=[meeting.uuid])).status_code == 200
        assert client.get(reverse("meeting_record", args=[meeting.uuid])).status_code == 403


def test_a_role_over_one_commune_convenes_its_project_only(client: Client) -> None:
    plan = make_plan()
    scoped = make_adviser_of(plan.application.call, [plan.application.lead.commune_id])
    client.force_login(scoped)
    address = reverse("meeting_new", args=[plan.uuid])
    later = portal_now() + timedelta(days=9)
    assert client.post(address, typed_meeting(later, kind="laureates")).status_code == 200
    assert client.post(address, typed_meeting(later)).status_code == 302
    assert Meeting.objects.get().plan == plan


def test_minutes_of_a_meeting_not_recorded_are_refused() -> None:
    plan, at = make_plan(), portal_now()
    adviser = followed(plan)
    told = {"kind": "steering", "place": "Mairie", "chair": "Le maire", "agenda": "Un"}
    meeting = Meeting(call=plan.application.call, plan=plan, held_at=at + timedelta(days=1), **told)
    convene(meeting=meeting, by=adviser, at=at)
    with pytest.raises(Refused, match="Enregistrez d’abord"):
        issue_minutes(meeting=meeting, at=at)
    with pytest.raises(Refused, match="pas encore eu lieu"):
        record(meeting=meeting, presences={}, summary="", decisions="", by=adviser, at=at)
