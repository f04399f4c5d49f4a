"""The address of a piece: signed, for one person, for a minute (reliability F11)."""

import time

import pytest
from django.core import signing
from django.urls import reverse

from portal.core.downloads import ADDRESS_SECONDS, short_address
from portal.core.models import StoredFile
from tests.applications.files import make_ready, make_town
from tests.factories import HARFLEUR, make_role

pytestmark = pytest.mark.django_db


@pytest.fixture
def opened(client):
    """A draft, its secretary logged in, and the address that its first piece was given."""
    application, secretary, _ = make_ready()
    client.force_login(secretary)
    piece = application.attachments.get(piece_code="DELIB")
    answer = client.get(reverse("piece_download", args=[application.uuid, piece.file_id]))
    assert answer.status_code == 302
    return application, piece.file, answer.headers["Location"]


def test_whoever_was_given_it_opens_it(client, opened):
    _, file, address = opened
    answer = client.get(address)
    assert (answer.status_code, answer.content) == (200, b"%PDF-1.7 DELIB")
    assert str(file.key) not in address
    assert answer.headers["Content-Disposition"] == 'attachment; filename="DELIB.pdf"'


def test_nobody_else_opens_it(client, opened):
    """A colleague, a stranger, staff of the call: each has an address of their own, or none."""
    application, _, address = opened
    for other in (application.lead.memberships.last().user, make_town(HARFLEUR)[1], make_role(application.call)):
        client.force_login(other)
        assert client.get(address).status_code == 404
    client.logout()
    assert client.get(address).headers["Location"].startswith("/compte/login/?next=%2Ffichiers%2F")


def test_after_a_minute_one_comes_back_by_the_page(client, opened, monkeypatch):
    application, file, _ = opened
    now = time.time()
    with monkeypatch.context() as earlier:
        earlier.setattr(signing.time, "time", lambda: now - ADDRESS_SECONDS - 2)
        old = short_address(file, application.created_by)
    answer = client.get(old)
    assert answer.status_code == 403
    assert "Cette adresse ne valait qu’une minute." in answer.content.decode()


def test_a_forged_address_is_not_found(client, opened):
    application, file, address = opened
    token = address.strip("/").rpartition("/")[2]
    other = application.attachments.get(piece_code="PLAN_SIT").file
    body = signing.b64_encode(signing.JSONSerializer().dumps([str(other.key), application.created_by_id])).decode()
    for forged in (token[:-1] + ("A" if token[-1] != "A" else "B"), f"{body}:{token.split(':', 1)[1]}", "x"):
        assert client.get(reverse("stored_file", args=[forged])).status_code == 404
    elsewhere = signing.dumps([str(file.key), application.created_by_id])
    assert client.get(reverse("stored_file", args=[elsewhere])).status_code == 404


def test_a_file_isolated_meanwhile_opens_no_more(client, opened):
    _, file, address = opened
    StoredFile.objects.filter(pk=file.pk).update(scan=StoredFile.Scan.INFECTED)
    answer = client.get(address)
    assert answer.status_code == 403
    assert "il est isolé, personne ne peut l’ouvrir" in answer.content.decode()
