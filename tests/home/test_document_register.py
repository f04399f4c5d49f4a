"""The register of a call: every document, its progress, and the check of all the bytes."""

import pytest
from django.urls import reverse

from applications.models import DecisionNotice
from applications.services.notices import prepare_notices
from portal.core.clock import portal_now
from portal.core.models import DocumentCheck, FrozenDocument
from portal.core.outbox import run_jobs
from portal.core.uploads import read_bytes
from portal.home.queries_documents import counts_of, documents_of
from tests.applications.staff.makers import client_of, make_decision, make_deposited, make_staffed_call
from tests.factories import BENOUVILLE, make_call, make_institution, make_role
from tests.harness.disk import path_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def decided():
    call, manager = make_staffed_call()
    decision = make_decision(call, manager)
    prepare_notices(decision=decision, by=manager, at=portal_now())
    return call, manager


def test_the_register_holds_every_document_of_the_call_and_of_no_other(decided) -> None:
    call, manager = decided
    other = make_call(make_institution())
    make_deposited(other, BENOUVILLE)
    kinds = sorted(kind.rpartition(".")[2] for kind in documents_of(call).values_list("kind", flat=True))
    assert kinds == ["notice_not_selected", "notice_reserve", "notice_selected", *["receipt"] * 3]
    assert counts_of(documents_of(call)) == {"total": 6, "pending": 6, "ready": 0, "failed": 0}
    run_jobs(limit=20)
    page = client_of(manager).get(reverse("document_register", args=[call.slug])).content.decode()
    for document in documents_of(call):
        assert document.number in page
        assert document.sha256[:4] in page


def test_every_byte_is_read_again_and_what_was_altered_is_named(decided) -> None:
    call, manager = decided
    run_jobs(limit=20)
    letter = DecisionNotice.objects.get(line__outcome="selected").document
    client = client_of(manager)
    client.post(reverse("document_check", args=[call.slug]))
    run_jobs()
    check = DocumentCheck.objects.get()
    assert (check.total, check.altered) == (6, [])
    path = path_of(FrozenDocument.objects.get(pk=letter.pk).file_id)
    path.write_bytes(read_bytes(letter.file) + b"x")
    path_of(documents_of(call).filter(kind__endswith="receipt").first().file_id).unlink()
    client.post(reverse("document_check", args=[call.slug]))
    run_jobs()
    lost = documents_of(call).filter(kind__endswith="receipt").first()
    assert DocumentCheck.objects.order_by("-pk").first().altered == sorted([str(letter), str(lost)])
    assert str(letter) in client.get(reverse("document_register", args=[call.slug])).content.decode()


def test_who_supports_communes_does_not_read_the_register(decided) -> None:
    call, _ = decided
    assert client_of(make_role(call, "adviser")).get(reverse("document_register", args=[call.slug])).status_code == 403
