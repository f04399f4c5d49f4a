"""Many parties, the visa, the meeting, what comes back signed; and nobody changes what was sent."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.urls import get_resolver

from portal.accounts.models import Organisation
from portal.core.calendar import day_of
from portal.core.clock import portal_now
from portal.core.models import FrozenDocument, StoredFile
from portal.core.outbox import run_jobs
from portal.core.rules import Refused
from portal.core.uploads import UploadRefused, read_bytes
from support.agreements.models import Agreement, Party, SignedCopy
from support.agreements.rules import agreement_required
from support.agreements.services import give_visa, record_event, record_signature, send
from support.agreements.services_parties import add_annex, add_party, keep_copy, move_party, record_act, set_text
from tests.applications.files import pdf_upload
from tests.applications.staff.makers import client_of
from tests.documents.pdftools import text_of
from tests.factories import make_member, make_role
from tests.harness.disk import path_of
from tests.support.bessin import BAYEUX, COUNCIL_ON, PORT, accession, make_pvd
from tests.support.factories import make_agreement, sign_all

pytestmark = pytest.mark.django_db


@pytest.fixture
def bayeux():
    """The accession agreement of Bayeux and Port-en-Bessin-Huppain with Bayeux Intercom, and who manages it."""
    call = make_pvd()
    manager = make_role(call)
    return accession(call, "241400555", (BAYEUX, PORT), manager), manager


def pdf(text: bytes = b"") -> SimpleUploadedFile:
    content = pdf_upload().read() + b"%" + text
    return SimpleUploadedFile("exemplaire.pdf", content, content_type="application/pdf")


# --- parties -------------------------------------------------------------------------------------------------------


def test_the_text_names_each_party_its_act_and_who_stands_by(bayeux) -> None:
    agreement, manager = bayeux
    department = Organisation.objects.create(kind="department", name="Le Département du Calvados", siren="221400019")
    party = add_party(
        agreement=agreement, organisation=department, side="witness",
        representative_title="Le Président du Conseil départemental", by=manager,
    )  # fmt: skip
    mayor = agreement.parties.get(organisation__commune="14047")
    record_act(
        party=mayor, by=manager, representative_title="Le Maire", representative_name="Madame X",
        delegation="arrêté n° 12", delegated_on=COUNCIL_ON,
    )  # fmt: skip
    send(agreement=agreement, by=manager, at=portal_now())
    run_jobs()
    agreement.document.refresh_from_db()
    text = text_of(read_bytes(agreement.document.file))
    for sentence in (
        "Convention d’adhésion",
        "La commune de Bayeux, SIREN 211 400 478",
        "représentée par son Maire, Madame X, par délégation de signature (arrêté n° 12 du 15 mars 2021)",
        "en vertu de la délibération du conseil communautaire n° CC-55 du 15 mars 2021",
        "d’autre part, les trois derniers organismes étant ci-après désignés ensemble « les bénéficiaires »",
        "En présence du Département du Calvados, représenté par son Président du Conseil départemental",
        "Établie en quatre exemplaires originaux",
    ):
        assert sentence in text, text
    assert party.side == "witness"


def test_parties_sign_in_their_order_when_the_text_says_so(bayeux) -> None:
    agreement, manager = bayeux
    move_party(party=agreement.parties.get(organisation__siren="241400555"), up=True, by=manager)
    set_text(agreement=agreement, articles=[], by=manager, ordered=True)
    send(agreement=agreement, by=manager, at=portal_now())
    order = list(agreement.parties.values_list("organisation__name", flat=True))
    assert order == [
        "Préfecture du Calvados", "Commune de Bayeux", "Communauté de communes de Bayeux Intercom",
        "Commune de Port-en-Bessin-Huppain",
    ]  # fmt: skip
    with pytest.raises(Refused, match=r"^Les parties signent dans l’ordre : Préfecture du Calvados d’abord\.$"):
        record_signature(
            party=agreement.parties.get(organisation__siren="241400555"), signed_on=date(2021, 4, 6), by=manager,
            at=portal_now(),
        )  # fmt: skip


def test_a_body_is_party_once(bayeux) -> None:
    agreement, manager = bayeux
    town = Organisation.objects.get(commune="14047")
    with pytest.raises(Refused, match="est déjà partie à cette convention"):
        add_party(agreement=agreement, organisation=town, side="partner", representative_title="Le Maire", by=manager)


def test_it_is_in_force_at_the_last_signature_or_on_the_later_day_that_parties_set(bayeux) -> None:
    agreement, manager = bayeux
    set_text(agreement=agreement, articles=[], by=manager, in_force_from=date(2021, 5, 1))
    sign_all(agreement, manager, date(2021, 4, 6))
    assert (agreement.state, agreement.effective_on) == ("in_force", date(2021, 5, 1))


# --- visa ----------------------------------------------------------------------------------------------------------


def test_the_visa_comes_from_another_and_covers_one_text(bayeux) -> None:
    agreement, manager = bayeux
    set_text(agreement=agreement, articles=[], by=manager, needs_visa=True)
    other = make_role(agreement.call)
    with pytest.raises(Refused, match=r"^Le texte attend son visa"):
        send(agreement=agreement, by=manager, at=portal_now())
    with pytest.raises(Refused, match=r"^Vous avez établi cette convention"):
        give_visa(agreement=agreement, given=True, comment="", by=manager, at=portal_now())
    give_visa(agreement=agreement, given=True, comment="", by=other, at=portal_now())
    party = agreement.parties.get(organisation__commune="14515")
    record_act(party=party, by=manager, act_number="2021-99")
    with pytest.raises(Refused, match=r"^Le texte attend son visa, ou il a changé depuis\.$"):
        send(agreement=agreement, by=manager, at=portal_now())
    give_visa(agreement=agreement, given=True, comment="", by=other, at=portal_now())
    send(agreement=agreement, by=manager, at=portal_now())
    agreement.refresh_from_db()
    assert agreement.state == "signing"


# --- the meeting, the copies -----------------------------------------------------------------------------------------


def test_one_meeting_signs_for_all_on_its_day(bayeux) -> None:
    agreement, manager = bayeux
    send(agreement=agreement, by=manager, at=portal_now())
    event = record_event(
        agreement=agreement, parties=agreement.parties.all(), held_on=date(2021, 4, 6),
        place="Bayeux Intercom, Bayeux", witnesses="Le Président du Département\nLa députée", by=manager,
        at=portal_now(),
    )  # fmt: skip
    agreement.refresh_from_db()
    assert (agreement.state, agreement.effective_on) == ("in_force", date(2021, 4, 6))
    assert set(agreement.parties.values_list("signed_on", "event")) == {(date(2021, 4, 6), event.pk)}
    page = client_of(manager).get(f"/conventions/{agreement.uuid}/").content.decode().replace("\xa0", " ")
    assert "mardi 6 avril 2021" in page
    assert "La députée" in page


def test_a_signed_copy_is_never_replaced(bayeux) -> None:
    agreement, manager = bayeux
    with pytest.raises(Refused, match="envoyée à la signature"):
        keep_copy(agreement=agreement, party=None, upload=pdf(), by=manager, at=portal_now())
    send(agreement=agreement, by=manager, at=portal_now())
    for party in (None, agreement.parties.get(organisation__commune="14047")):
        keep_copy(agreement=agreement, party=party, upload=pdf(str(party).encode()), by=manager, at=portal_now())
    with pytest.raises(UploadRefused, match="déjà gardé"):
        keep_copy(agreement=agreement, party=None, upload=pdf(b"None"), by=manager, at=portal_now())
    for sql in ("UPDATE agreements_signedcopy SET party_id = NULL", "DELETE FROM agreements_signedcopy"):
        refused(sql)
    assert SignedCopy.objects.count() == 2


# --- nobody changes what was sent -----------------------------------------------------------------------------------


def refused(sql: str, *values: object) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


def columns(model: type) -> set[str]:
    return {field.column for field in model._meta.concrete_fields}


def changed(model: type, column: str, key: int) -> str:
    """A statement that gives a column another value of its type, whatever its type."""
    table = model._meta.db_table
    field = next(field for field in model._meta.concrete_fields if field.column == column)
    kind = field.get_internal_type()
    fresh = {
        "UUIDField": "gen_random_uuid()", "DateField": "DATE '1999-01-01'", "DateTimeField": "now() + interval '1 day'",
        "BooleanField": f"NOT {column}", "JSONField": "'[1]'::jsonb", "CharField": f"'x' || left({column}, 5)",
        "TextField": f"'x' || {column}",
    }.get(kind, f"coalesce({column}, 0) + 1")  # fmt: skip
    return f"UPDATE {table} SET {column} = {fresh} WHERE id = {key}"


TOLD = {Agreement: {"state", "effective_on", "ended_on"}, Party: {"organisation_id", "recorded_by_id"}}


@pytest.mark.parametrize("model", [Agreement, Party])
def test_the_database_keeps_every_column_of_a_signed_agreement(bayeux, model) -> None:
    agreement, manager = bayeux
    sign_all(agreement, manager, date(2021, 4, 6))
    key = agreement.pk if model is Agreement else agreement.parties.get(organisation__commune="14047").pk
    for column in sorted(columns(model) - TOLD[model]):
        refused(changed(model, column, key))
    refused(f"DELETE FROM {model._meta.db_table} WHERE id = {key}")


def test_no_party_beneficiary_nor_annex_comes_or_goes_once_sent(bayeux) -> None:
    agreement, manager = bayeux
    add_annex(agreement=agreement, title="Périmètre", upload=pdf(), by=manager, at=portal_now())
    send(agreement=agreement, by=manager, at=portal_now())
    through = Agreement.beneficiaries.through._meta.db_table
    for sql in (
        (
            "INSERT INTO agreements_party (agreement_id, position, organisation_id, side, representative_title,"
            " representative_name, act_kind, act_body, act_number, delegation)"
            f" VALUES ({agreement.pk}, 9, {agreement.call.owner_id}, 'partner', '', '', '', '', '', '')"
        ),
        f"DELETE FROM {through} WHERE agreement_id = {agreement.pk}",
        "UPDATE agreements_annex SET title = 'Autre'",
        "DELETE FROM agreements_annex",
        (
            f"UPDATE core_frozendocument SET snapshot = '{{}}' WHERE uuid = '{agreement.document_id}' AND state = 'ready'"
            " RETURNING 1/0"
        ),
    ):
        if "RETURNING" in sql:
            run_jobs()
        refused(sql)


def test_the_portal_has_no_administration_of_tables() -> None:
    assert [key for key in get_resolver().reverse_dict if str(key).startswith("admin")] == []
    assert "admin" not in get_resolver().namespace_dict


def test_a_ready_document_and_its_bytes_are_kept(bayeux) -> None:
    agreement, manager = bayeux
    send(agreement=agreement, by=manager, at=portal_now())
    run_jobs()
    document = FrozenDocument.objects.get(pk=agreement.document_id)
    for column, value in (("sha256", "0" * 64), ("snapshot", "{}"), ("state", "pending"), ("number", "X")):
        refused(f"UPDATE core_frozendocument SET {column} = %s WHERE uuid = %s", value, document.pk)
    refused("UPDATE core_storedfile SET sha256 = %s WHERE key = %s", "0" * 64, document.file_id)
    refused("DELETE FROM core_frozendocument WHERE uuid = %s", document.pk)
    member = make_member(agreement.parties.get(organisation__commune="14047").organisation)
    address = f"/conventions/{agreement.uuid}/document.pdf"
    assert client_of(member).get(address).status_code == 200
    path_of(document.file_id).write_bytes(read_bytes(document.file) + b" ")
    answer = client_of(member).get(address)
    assert answer.status_code == 403
    assert "ne correspond plus à son empreinte" in answer.content.decode()
    StoredFile.objects.filter(pk=document.file_id).update(scan="clean")


# --- money ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "amount", "asked"),
    [
        ("association", Decimal("23000.01"), True),
        ("association", Decimal(23000), False),
        ("firm", Decimal(30000), True),
        ("commune", Decimal(100000), False),
        ("firm", None, False),
    ],
)
def test_a_private_body_above_23_000_euros_signs_and_is_published(kind, amount, asked) -> None:
    answer = agreement_required(kind, amount)
    assert (answer.allowed, "obligatoire" in answer.reason) == (asked, asked)


def test_signing_by_hand_keeps_the_screens_honest() -> None:
    agreement = make_agreement()
    manager = make_role(agreement.call)
    agreement.parties.update(act_on=date(2026, 1, 5))
    send(agreement=agreement, by=manager, at=portal_now())
    tomorrow = day_of(portal_now()) + timedelta(days=1)
    answer = client_of(manager, stepped_up=True).post(
        f"/conventions/{agreement.uuid}/seance/",
        {"held_on": tomorrow, "place": "Hôtel de ville", "parties": [p.pk for p in agreement.parties.all()]},
    )
    assert "Une signature ne peut pas être datée de demain." in answer.content.decode()
    assert Party.objects.exclude(signed_on=None).count() == 0
