"""Who may download what: own commune, staff of the call, registered readers; each other reads nothing."""

import pytest
from django.urls import reverse

from applications.queries.files import applications_visible_to
from applications.rules import files as rules
from portal.core.calendar import day_of
from portal.core.clock import portal_now
from portal.core.models import AccessRecord
from tests.applications.files import deposit, make_attachment, make_ready, make_town
from tests.factories import HARFLEUR, make_call, make_institution, make_role, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def deposited():
    """A deposited file whose first plan was replaced after the deposit."""
    application, secretary, mayor = make_ready()
    deposit(application, mayor)
    later = make_attachment(application, "PLAN_SIT", secretary, b"%PDF-1.7 not deposited")
    return application, application.attachments.get(piece_code="DELIB"), later


def status(client, user, application, attachment):
    client.force_login(user)
    return client.get(reverse("piece_download", args=[application.uuid, attachment.file_id]), follow=True).status_code


def test_staff_read_what_was_deposited_and_nothing_written_since(client, deposited):
    application, received, later = deposited
    officer = make_role(application.call, "officer")
    assert status(client, officer, application, received) == 200
    assert status(client, officer, application, later) == 404
    (record,) = AccessRecord.objects.all()
    assert (record.user, record.what, record.object_key) == (officer, "pièce", f"application:{application.uuid}")


def test_the_commune_leaves_no_line_in_the_journal(client, deposited):
    application, received, later = deposited
    secretary = application.created_by
    assert {status(client, secretary, application, item) for item in (received, later)} == {200}
    assert not AccessRecord.objects.exists()


def test_another_tenant_another_call_and_a_draft_stay_closed(client, deposited):
    application, received, _ = deposited
    other_call = make_call(make_institution("200069821", "Autre agglomération", "autre"))
    for stranger in (make_role(other_call, "manager"), make_user(), make_town(HARFLEUR)[2]):
        assert status(client, stranger, application, received) == 404
    draft, _, _ = make_ready(application.call, make_town(HARFLEUR))
    officer = make_role(application.call, "officer")
    assert status(client, officer, draft, draft.attachments.first()) == 404
    assert set(applications_visible_to(officer)) == {application}
    assert set(applications_visible_to(make_role(other_call, "manager"))) == set()


def test_a_role_bounded_to_some_communes_or_ended_sees_no_other(deposited):
    application, *_ = deposited
    officer = make_role(application.call, "officer")
    officer.call_roles.update(scope=["76341"])
    assert set(applications_visible_to(officer)) == set()
    officer.call_roles.update(scope=[application.lead.commune_id])
    assert set(applications_visible_to(officer)) == {application}
    officer.call_roles.update(ends_at=portal_now())
    assert set(applications_visible_to(officer)) == set()


def test_an_adviser_sees_only_the_selected(deposited):
    application, *_ = deposited
    adviser = make_role(application.call, "adviser")
    assert set(applications_visible_to(adviser)) == set()
    decision = application.call.decisions.create(
        body="bureau", act_number="1", act_on=day_of(portal_now()), recorded_at=portal_now(), recorded_by=adviser,
        notified_at=portal_now(), notified_by=adviser,
    )  # fmt: skip
    decision.lines.create(application=application, outcome="selected", reason="Bien.")
    assert set(applications_visible_to(adviser)) == {application}


def test_a_registered_reader_reads_what_the_jury_may_see(client, deposited, monkeypatch):
    application, received, later = deposited
    juror = make_user()
    monkeypatch.setattr(rules, "READERS", [lambda user, file: user == juror and file == application])
    assert status(client, juror, application, received) == 200
    assert status(client, juror, application, later) == 404
    application.call.piece_types.filter(code="DELIB").update(visible_to_jury=False)
    assert status(client, juror, application, received) == 404


def test_an_anonymous_person_is_sent_to_log_in(client, deposited):
    application, received, _ = deposited
    response = client.get(reverse("piece_download", args=[application.uuid, received.file_id]))
    assert response.headers["Location"].startswith("/compte/login/")
