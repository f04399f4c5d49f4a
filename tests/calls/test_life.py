"""The life of a call: visa, publication, suspension, resumption, extension, end; who is told of each."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from applications.models import Deposit
from calls.definition.moments import write_instant
from calls.definition.reading import canonical, read
from calls.definition.shifting import with_calendar
from calls.models import Call, CallRevision, WindowExtension
from calls.services import life, publication
from portal.core import approvals
from portal.core.calendar import end_of_day
from portal.core.clock import portal_now
from portal.core.models import Approval, OutboundEmail
from portal.core.rules import Refused
from portal.core.workflow import TransitionRefused
from tests.applications.files import deposit, make_ready
from tests.calls.documents import ordinary
from tests.factories import HARFLEUR, make_call, make_institution, make_member, make_role, make_town_hall, make_user

TPS = (Path(__file__).parents[2] / "calls/catalogue/territoire-promoteur-de-sante.yaml").read_text()

pytestmark = pytest.mark.django_db


def drafted() -> tuple[Call, object]:
    """An imported call in preparation, open in a month, and its manager."""
    manager = make_user()
    document = with_calendar(read(TPS), closes_at=portal_now().replace(microsecond=0) + timedelta(days=90))
    return publication.import_call(canonical(document), owner=make_institution(), by=manager, at=portal_now()), manager


def published() -> tuple[Call, object, object]:
    call, manager = drafted()
    second = make_user()
    publication.publish_call(call=call, asked_by=manager, by=second, at=portal_now())
    return call, manager, second


def mails(about: str) -> set[str]:
    return set(OutboundEmail.objects.filter(kind=f"call.{about}").values_list("recipient", flat=True))


# --- visa --------------------------------------------------------------------------------------------------------


def test_the_visa_bears_the_act_and_an_edit_undoes_it() -> None:
    call, manager = drafted()
    life.validate_call(call=call, number="2027-12", acted_on=date(2027, 1, 4), by=manager, at=portal_now())
    call = Call.objects.get()
    assert (call.state, call.visa_number, call.visa_on) == ("validated", "2027-12", date(2027, 1, 4))
    publication.import_call(publication.export_call(call), owner=call.owner, by=manager, at=portal_now())
    call = Call.objects.get()
    assert (call.state, call.visa_number, call.visa_on, call.visa_sha256) == ("draft", "", None, "")
    told = [(name, ordinary(reason)) for name, reason in call.transitions.values_list("transition", "reason")]
    assert told == [
        ("validate", "acte 2027-12 du 4 janvier 2027"),
        ("amend", "modifié après le visa 2027-12"),
    ]


def test_a_call_with_its_visa_is_published_and_stays_unseen_before() -> None:
    from calls.queries import published_calls

    call, manager = drafted()
    life.validate_call(call=call, number="2027-12", acted_on=date(2027, 1, 4), by=manager, at=portal_now())
    assert not published_calls().exists()
    assert [ordinary(line) for line in publication.publication_arguments(call)["details"]] == [
        "Visa : acte 2027-12 du 4 janvier 2027."
    ]
    publication.publish_call(call=call, asked_by=manager, by=make_user(), at=portal_now())
    assert Call.objects.get().state == "published"


def test_a_document_changed_behind_its_visa_is_not_published() -> None:
    call, manager = drafted()
    life.validate_call(call=call, number="2027-12", acted_on=date(2027, 1, 4), by=manager, at=portal_now())
    Call.objects.update(summary="Autre chose.")
    call.refresh_from_db()
    with pytest.raises(Refused, match="a changé depuis son visa"):
        publication.publish_call(call=call, asked_by=manager, by=make_user(), at=portal_now())


def test_the_database_refuses_a_visa_without_its_act() -> None:
    call = make_call(state="draft")
    with pytest.raises(IntegrityError, match="call_validated_has_visa"):
        Call.objects.filter(pk=call.pk).update(state="validated")


# --- suspension --------------------------------------------------------------------------------------------------


def test_a_suspended_call_receives_nothing_and_says_why() -> None:
    application, secretary, mayor = make_ready()
    manager = make_role(application.call)
    life.suspend_call(call=application.call, reason="Recours contre le règlement.", by=manager)
    with pytest.raises(Refused, match="suspendu depuis le .* aucun dépôt n’est reçu. Motif\u00a0: Recours contre le"):
        deposit(application, mayor)
    assert mails("suspended") == {secretary.email, mayor.email}
    assert "Recours contre le règlement." in OutboundEmail.objects.filter(kind="call.suspended").first().body


def test_the_database_refuses_a_deposit_during_a_suspension() -> None:
    application, _, mayor = make_ready()
    first = deposit(application, mayor)
    life.suspend_call(call=application.call, reason="Recours.", by=make_role(application.call))
    first.pk, first.uuid, first.idempotency_key, first.n = None, make_uuid(), make_uuid(), 2
    first.received_at = portal_now()
    with pytest.raises(DatabaseError, match="the call is suspended"), transaction.atomic():
        first.save()


def make_uuid():
    from uuid import uuid4

    return uuid4()


def test_the_database_refuses_a_limit_that_the_file_does_not_have() -> None:
    application, _, mayor = make_ready()
    first = deposit(application, mayor)
    first.pk, first.uuid, first.idempotency_key, first.n = None, make_uuid(), make_uuid(), 2
    first.closes_at += timedelta(days=1)
    with pytest.raises(DatabaseError, match="no such limit"), transaction.atomic():
        first.save()


def test_a_suspension_needs_its_reason() -> None:
    call = make_call()
    with pytest.raises(TransitionRefused, match="demande un motif"):
        life.suspend_call(call=call, reason=" ", by=make_role(call))
    with pytest.raises(IntegrityError, match="call_suspended_says_why"):
        Call.objects.filter(pk=call.pk).update(state="suspended")


def test_the_call_resumes_with_a_limit_put_back_by_two_persons() -> None:
    call, manager, second = published()
    life.suspend_call(call=call, reason="Recours.", by=manager)
    before, at = call.windows.get().closes_at, portal_now()
    approval = approvals.ask(
        act=life.RESUME_ACT, object_key=f"call:{call.slug}", title="Reprendre",
        arguments={"slug": call.slug, "limits": {"W1": (before + timedelta(days=14)).isoformat()}},
        asked_by=manager, approver=second, reason="Recours rejeté.", at=at,
    )  # fmt: skip
    approvals.answer(approval=approval, by=second, approved=True, at=at)
    call = Call.objects.get()
    assert (call.state, call.state_reason, call.suspended_at) == ("published", "", None)
    assert call.windows.get().closes_at == before + timedelta(days=14)
    assert list(call.revisions.values_list("n", "note")) == [(1, "Publication"), (2, "Recours rejeté.")]
    with pytest.raises(Refused, match="ne peut pas la confirmer elle-même"):
        life.resume_call(call=call, limits={}, reason="", asked_by=manager, by=manager, at=at)


# --- extension ---------------------------------------------------------------------------------------------------


def test_an_extension_reopens_deposited_files_and_tells_everyone() -> None:
    call, manager, second = published()
    make_town_hall(HARFLEUR)
    publication.invite_communes(call=call, at=portal_now())
    OutboundEmail.objects.filter(kind="call.invitation").exclude(recipient="mairie.76341@exemple.fr").delete()
    etretat = make_town_hall()
    mayor = make_member(etretat, "signatory")
    window = call.windows.get()
    from applications.models import Application, ApplicationMember

    now = portal_now()
    application = Application.objects.create(
        call=call, window=window, lead=etretat, created_at=now, last_activity_at=now, created_by=mayor
    )
    ApplicationMember.objects.create(
        application=application, call=call, organisation=etretat, role="lead", confirmed_at=now
    )
    limit = window.closes_at + timedelta(days=21)
    revision = life.extend_call(
        call=call, limits={window.code: limit}, reason="Panne du réseau.", asked_by=manager, by=second, at=now
    )
    assert (revision.n, revision.note) == (2, "Panne du réseau.")
    assert revision.changes[0].startswith("Clôture des candidatures reportée au ")
    assert write_instant(limit) in revision.document
    assert call.windows.get().closes_at == limit
    assert mails("extended") == {mayor.email, "mairie.76341@exemple.fr"}
    extension = WindowExtension.objects.get()
    assert (extension.previous_closes_at, extension.asked_by, extension.approved_by) == (
        window.closes_at, manager, second,
    )  # fmt: skip


def test_reminders_follow_the_new_limit() -> None:
    from applications.due_facts import due_facts

    application, _, _mayor = make_ready()
    call = application.call
    before = {fact.due_at for fact in due_facts(portal_now())}
    call.windows.update(closes_at=application.window.closes_at + timedelta(days=10))
    after = {fact.due_at for fact in due_facts(portal_now())}
    assert len(before) == len(after) == 2
    assert min(after) > min(before)


@pytest.mark.parametrize(
    ("delta", "same", "sentence"),
    [
        (timedelta(0), False, "La limite est déjà le"),
        (timedelta(days=1), True, "ne peut pas la confirmer elle-même"),
    ],
)
def test_an_extension_refused(delta, same, sentence) -> None:
    call, manager, second = published()
    window = call.windows.get()
    with pytest.raises(Refused, match=sentence):
        life.extend_call(
            call=call,
            limits={window.code: window.closes_at + delta},
            reason="Panne.",
            asked_by=manager,
            by=manager if same else second,
            at=portal_now(),
        )
    assert not WindowExtension.objects.exists()
    assert CallRevision.objects.count() == 1


# --- the end -----------------------------------------------------------------------------------------------------


def test_a_call_closed_without_action_tells_its_holders() -> None:
    application, secretary, mayor = make_ready()
    call, manager = application.call, make_role(application.call)
    life.cancel_call(call=call, reason="Crédits retirés.", asked_by=manager, by=make_user(), at=portal_now())
    assert mails("cancelled") == {secretary.email, mayor.email}
    with pytest.raises(Refused, match="classé sans suite"):
        deposit(application, mayor)
    life.archive_call(call=call, by=manager, at=portal_now())
    assert Call.objects.get().state == "archived"
    assert not Deposit.objects.exists()
    with pytest.raises(Refused, match="ne peut pas confirmer"):
        life.cancel_call(call=call, reason="Non.", asked_by=manager, by=manager, at=portal_now())


# --- screens -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "hour", "sentence"),
    [
        ("", "", "Indiquez la nouvelle date de clôture."),
        ("2026-01-05", "12:00:00", "La nouvelle limite doit venir après celle d’aujourd’hui."),
        ("2028-03-26", "02:30:00", "n’existe pas le 26 mars 2028"),
        ("n’importe quoi", "12:00:00", "date"),
    ],
)
def test_a_wrong_limit_is_refused_beside_its_field(client, day, hour, sentence) -> None:
    call, manager, second = published()
    make_member(call.owner, "editor", user=second)
    client.force_login(manager)
    window = call.windows.get()
    told = {"reason": "Panne.", "approver": second.pk, f"day_{window.pk}": day, f"hour_{window.pk}": hour}
    page = client.post(f"/gestion/appels/{call.slug}/prolonger/", told)
    assert page.status_code == 200
    assert sentence in ordinary(page.text)
    assert not Approval.objects.filter(act="calls.extend").exists()


def test_an_extension_goes_from_the_screen_to_the_second_person(client) -> None:
    call, manager, second = published()
    make_member(call.owner, "editor", user=second)
    client.force_login(manager)
    window = call.windows.get()
    day = (window.closes_at + timedelta(days=21)).date()
    told = {"reason": "Panne.", "approver": second.pk, f"day_{window.pk}": f"{day}", f"hour_{window.pk}": "23:59:59"}
    assert client.post(f"/gestion/appels/{call.slug}/prolonger/", told).status_code == 302
    assert call.windows.get().closes_at == window.closes_at
    approval = Approval.objects.get(act="calls.extend")
    assert "au lieu du" in approval.arguments["details"][0]
    approvals.answer(approval=approval, by=second, approved=True, at=portal_now())
    assert call.windows.get().closes_at == end_of_day(day)


def test_the_page_of_the_call_says_that_it_is_suspended_and_why(client) -> None:
    call, manager, _ = published()
    life.suspend_call(call=call, reason="Recours contre le règlement.", by=manager)
    page = ordinary(client.get(f"/appels/{call.slug}/").text)
    assert "Appel suspendu : aucun dépôt n’est reçu." in page
    assert "Motif : Recours contre le règlement." in page
