"""A document that failed is asked again by who manages the call, from the same frozen data."""

import pytest
from django.urls import reverse

from portal.core.clock import portal_now
from portal.core.models import FrozenDocument, Job
from portal.core.outbox import run_jobs
from tests.applications.staff.makers import client_of, make_deposited, make_staffed_call
from tests.factories import make_role
from tests.juries.scenes import make_open_session
from tests.support.factories import make_agreement, make_programme

pytestmark = pytest.mark.django_db


@pytest.fixture
def failed():
    """A call, its manager and a receipt that could not be made."""
    call, manager = make_staffed_call()
    receipt = make_deposited(call).deposits.get().receipt
    fail(receipt)
    return call, manager, receipt


def fail(document: FrozenDocument) -> None:
    FrozenDocument.objects.filter(pk=document.pk).update(state="failed", failure="Image trop lourde.")
    Job.objects.filter(object_key=f"document:{document.pk}").update(state="failed", attempts=3)


def retry(user, document):
    return client_of(user).post(reverse("document_retry", args=[document.pk]))


def test_the_manager_sees_the_failure_and_asks_again(failed):
    call, manager, receipt = failed
    file = client_of(manager).get(reverse("staff_application", args=[call.applications.get().uuid])).content.decode()
    assert reverse("document_failures") in file
    page = client_of(manager).get(reverse("document_failures")).content.decode()
    assert ("Image trop lourde." in page, receipt.number in page) == (True, True)
    assert retry(manager, receipt).url == reverse("document_failures")
    assert Job.objects.get(object_key=f"document:{receipt.pk}").state == "queued"
    run_jobs()
    receipt.refresh_from_db()
    assert receipt.state == "ready"
    assert retry(manager, receipt).status_code == 404


@pytest.mark.parametrize("role", ["officer", "reader", "secretary", "adviser"])
def test_nobody_else_sees_it_nor_asks_again(failed, role):
    call, _, receipt = failed
    _, other_manager = make_staffed_call()
    for user in (make_role(call, role), other_manager):
        assert receipt.number not in client_of(user).get(reverse("document_failures")).content.decode()
        assert retry(user, receipt).status_code == 404
    receipt.refresh_from_db()
    assert receipt.state == "failed"


def test_an_agreement_is_asked_again_too():
    agreement = make_agreement(make_programme())
    document = make_document("agreement", "CONV-1")
    type(agreement).objects.filter(pk=agreement.pk).update(document=document)
    assert document.number in client_of(make_role(agreement.call)).get(reverse("document_failures")).content.decode()


def test_minutes_are_asked_again_too():
    scene = make_open_session(files=1)
    document = make_document("minutes", f"PV-{scene.call.code_prefix}-{scene.call.edition}-1")
    make_document("minutes", "PV-AUTRE-2027-1")
    page = client_of(scene.manager).get(reverse("document_failures")).content.decode()
    assert (document.number in page, "PV-AUTRE-2027-1" in page) == (True, False)


def make_document(kind: str, number: str) -> FrozenDocument:
    return FrozenDocument.objects.create(
        kind=kind, number=number, title="x", template="x", snapshot={}, issued_at=portal_now(), state="failed"
    )
