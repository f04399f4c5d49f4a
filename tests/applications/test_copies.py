"""The applicant's own PDF: a project before the deposit, the frozen content afterwards."""

import pytest
from django.urls import reverse

from applications.documents.copy import request_deposited, request_draft
from portal.core.clock import portal_now
from portal.core.documents import render_document
from portal.core.models import FrozenDocument
from portal.core.uploads import read_bytes
from tests.applications.files import deposit, make_ready
from tests.documents.pdftools import text_of
from tests.factories import make_member

pytestmark = pytest.mark.django_db


def url(application) -> str:
    return reverse("application_pdf", args=[application.uuid])


def text_of_document(document) -> str:
    return text_of(read_bytes(render_document(document, at=portal_now()).file))


def test_a_draft_is_printed_as_a_project_then_the_deposit_as_it_was_received(client):
    application, _, mayor = make_ready()
    project = text_of_document(request_draft(application, portal_now()))
    assert "Projet : cette candidature n’est pas déposée." in project
    received = deposit(application, mayor)
    row = application.sections.get(section_code="S1")
    row.values["Q1"] = "Une place de plus."
    row.save()
    printed = text_of_document(request_deposited(received, portal_now()))
    assert f"sous le numéro {application.number}, version 1" in printed
    assert received.answers_sha256 in printed
    assert "Une place de plus." not in printed
    assert "Une place de plus." in text_of_document(request_draft(application, portal_now()))


def test_the_same_content_asked_twice_is_one_document():
    application, _, mayor = make_ready()
    first = request_draft(application, portal_now())
    assert request_draft(application, portal_now()) == first
    row = application.sections.get(section_code="S1")
    row.values["Q1"] = "Autre chose."
    row.save()
    assert request_draft(application, portal_now()).version == 2
    received = deposit(application, mayor)
    assert request_deposited(received, portal_now()) == request_deposited(received, portal_now())


def test_a_person_asks_waits_and_downloads(client):
    application, secretary, _ = make_ready()
    client.force_login(secretary)
    assert "Préparer le PDF" in client.get(url(application)).content.decode()
    assert client.post(url(application), {"copie": "projet"}).url == url(application)
    assert "Le PDF se prépare." in client.get(url(application)).content.decode()
    download = reverse("application_pdf_download", args=[application.uuid, "projet"])
    assert client.get(download).status_code == 404
    document = render_document(FrozenDocument.objects.get(kind="applications.file"), at=portal_now())
    assert "Télécharger le PDF du" in client.get(url(application)).content.decode()
    answer = client.get(download)
    assert answer.content == read_bytes(document.file)
    assert answer.headers["Content-Type"] == "application/pdf"
    assert client.post(url(application), {"copie": "projet"}).url == download


def test_what_does_not_exist_yet_is_not_offered(client):
    application, secretary, _ = make_ready()
    client.force_login(secretary)
    assert client.post(url(application), {"copie": "depose"}).status_code == 404
    assert client.post(url(application), {"copie": ""}).status_code == 404
    assert FrozenDocument.objects.count() == 0


def test_a_reader_of_the_commune_has_it_too(client):
    application, _, _ = make_ready()
    client.force_login(make_member(application.lead, "reader"))
    assert client.post(url(application), {"copie": "projet"}).status_code == 302
    assert FrozenDocument.objects.filter(kind="applications.file").count() == 1
