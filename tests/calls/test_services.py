"""Import, publication by two persons, invitation of the town halls."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError, transaction

from calls.definition.reading import canonical, read
from calls.models import Call, CallRevision, CallRole
from calls.services import publication
from portal.core.clock import portal_now
from portal.core.models import FrozenDocument, OutboundEmail
from portal.core.rules import Refused
from tests.factories import BENOUVILLE, ETRETAT, HARFLEUR, make_call, make_institution, make_town_hall, make_user

TPS = (Path(__file__).parents[2] / "calls/catalogue/territoire-promoteur-de-sante.yaml").read_text()

pytestmark = pytest.mark.django_db


def imported() -> tuple[Call, object]:
    manager = make_user()
    return publication.import_call(TPS, owner=make_institution(), by=manager, at=portal_now()), manager


def test_the_importer_manages_the_call_in_preparation() -> None:
    call, manager = imported()
    assert call.state == "draft"
    assert set(CallRole.objects.values_list("user", "call", "role")) == {(manager.pk, call.pk, "manager")}


def test_a_file_of_another_body_is_refused() -> None:
    other = make_institution("200067445", "Buëch-Dévoluy", "buech-devoluy")
    with pytest.raises(Refused, match="SIREN 200084952"):
        publication.import_call(TPS, owner=other, by=make_user(), at=portal_now())


def test_a_published_call_is_never_replaced() -> None:
    call, manager = imported()
    publication.publish_call(call=call, asked_by=manager, by=make_user(), at=portal_now())
    with pytest.raises(Refused, match="il ne se remplace plus"):
        publication.import_call(TPS, owner=call.owner, by=manager, at=portal_now())


def test_publication_freezes_the_document_and_orders_two_pdf() -> None:
    call, manager = imported()
    at = portal_now()
    revision = publication.publish_call(call=call, asked_by=manager, by=make_user(), at=at)
    assert (Call.objects.get().state, Call.objects.get().published_at) == ("published", at)
    assert revision.document == canonical(read(TPS))
    assert set(FrozenDocument.objects.values_list("kind", "number", "version")) == {
        ("rules", "REG-TPS-2027", 1),
        ("questions", "QUE-TPS-2027", 1),
    }


def test_one_person_alone_cannot_publish() -> None:
    call, manager = imported()
    with pytest.raises(Refused, match="ne peut pas la confirmer elle-même"):
        publication.publish_call(call=call, asked_by=manager, by=manager, at=portal_now())
    assert not CallRevision.objects.exists()


def test_a_published_limit_never_comes_forward() -> None:
    call = make_call()
    window = call.windows.get()
    with pytest.raises(DatabaseError, match="never comes forward"), transaction.atomic():
        call.windows.update(closes_at=window.closes_at - timedelta(seconds=1))
    call.windows.update(closes_at=window.closes_at + timedelta(days=1))


def test_every_town_hall_of_the_perimeter_is_written_to_once() -> None:
    call = make_call()
    for spec in (ETRETAT, HARFLEUR):
        make_town_hall(spec)
    silent = make_town_hall(BENOUVILLE)
    silent.official_email = ""
    silent.save()
    at = portal_now()
    assert [publication.invite_communes(call=call, at=at) for _ in range(2)] == [2, 0]
    mails = OutboundEmail.objects.filter(kind="call.invitation")
    assert set(mails.values_list("recipient", flat=True)) == {"mairie.76254@exemple.fr", "mairie.76341@exemple.fr"}
    mail = mails.get(recipient="mairie.76254@exemple.fr")
    assert mail.reply_to == "ami-sante@exemple.fr"
    assert mail.from_name == "Le Havre Seine Métropole"
    assert f"https://ami.exemple.fr/appels/{call.slug}/" in mail.body
    assert "invite Étretat à répondre" in mail.body
