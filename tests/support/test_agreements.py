"""From the laureates to an agreement in force, and the support that it opens."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from portal.core.calendar import day_of
from portal.core.clock import portal_now
from portal.core.models import OutboundEmail
from portal.core.outbox import run_jobs
from portal.core.rules import Refused
from portal.core.uploads import read_bytes
from support.agreements.models import Agreement, Party
from support.agreements.services import draw_up, record_signature, send
from support.plan.models import Phase, SupportPlan
from tests.applications.staff.makers import client_of
from tests.documents.pdftools import text_of
from tests.factories import BENOUVILLE, ETRETAT, make_member, make_role
from tests.support.factories import STARTS_ON, make_agreement, make_laureate, make_programme, sign_all

pytestmark = pytest.mark.django_db


def test_the_agreement_binds_the_owner_and_each_commune_with_its_act() -> None:
    call = make_programme()
    lines = [make_laureate(call, ETRETAT), make_laureate(call, BENOUVILLE, n=2)]
    agreement = make_agreement(call, *lines)
    assert agreement.number == "CONV-TPS-2027-01"
    assert list(agreement.parties.values_list("organisation__name", "side", "act_number", "act_on")) == [
        ("Le Havre Seine Métropole", "owner", "BU-2027-118", date(2027, 5, 27)),
        ("Commune de Étretat", "beneficiary", "2027-1", date(2027, 5, 3)),
        ("Commune de Bénouville", "beneficiary", "2027-2", date(2027, 5, 3)),
    ]


def test_a_laureate_has_one_agreement() -> None:
    call = make_programme()
    line = make_laureate(call)
    make_agreement(call, line)
    with pytest.raises(Refused, match="Une convention existe déjà pour : Commune de Étretat."):
        draw_up(call=call, lines=[line], starts_on=STARTS_ON, by=make_role(call), at=portal_now())


def test_it_is_not_sent_while_an_act_is_missing() -> None:
    agreement = make_agreement()
    agreement.parties.filter(side="beneficiary").update(act_number="", act_on=None)
    with pytest.raises(Refused, match="Il manque l’acte qui autorise à signer : Commune de Étretat."):
        send(agreement=agreement, by=make_role(agreement.call), at=portal_now())
    assert Agreement.objects.get().state == "drafting"


def test_the_document_says_parties_articles_and_dates() -> None:
    call = make_programme()
    agreement = make_agreement(call, make_laureate(call), make_laureate(call, BENOUVILLE, n=2))
    send(agreement=agreement, by=make_role(call), at=portal_now())
    run_jobs()
    agreement.document.refresh_from_db()
    assert (agreement.document.state, agreement.document.failure) == ("ready", "")
    text = text_of(read_bytes(agreement.document.file))
    for sentence in (
        "Convention n° CONV-TPS-2027-01",
        "La commune d’Étretat, SIREN 217 602 549",
        "La commune de Bénouville, SIREN 217 600 790",
        "délibération du conseil municipal n° 2027-1 du 3 mai 2027",
        "d’autre part, les deux dernières étant ci-après désignées ensemble « les communes »",
        "L’accompagnement dure douze mois, du 7 juin 2027 au 6 juin 2028",
        "tribunal administratif de Rouen",
        "Établie en trois exemplaires originaux, un pour chaque partie.",
    ):
        assert sentence in text


def test_the_last_signature_puts_it_in_force_and_opens_the_plans() -> None:
    call = make_programme()
    manager = make_role(call)
    adviser = make_role(call, "adviser")
    agreement = make_agreement(call, make_laureate(call), make_laureate(call, BENOUVILLE, n=2), manager=manager)
    agreement.parties.update(act_on=date(2026, 1, 5))
    today = day_of(portal_now())
    sign_all(agreement, manager, today)
    assert (agreement.state, agreement.effective_on) == ("in_force", today)
    plans = SupportPlan.objects.filter(agreement=agreement)
    assert set(plans.values_list("application__number", "adviser", "starts_on")) == {
        ("TPS-2027-0001", adviser.pk, STARTS_ON),
        ("TPS-2027-0002", adviser.pk, STARTS_ON),
    }
    assert Phase.objects.filter(plan__in=plans).count() == 12
    kinds = OutboundEmail.objects.filter(object_key=f"agreement:{agreement.uuid}").values_list("kind", "recipient")
    assert set(kinds) == {
        (kind, f"mairie.{insee}@exemple.fr")
        for kind in ("agreement.sent", "agreement.in_force")
        for insee in ("76254", "76079")
    }


def test_signatures_are_recorded_once_and_never_before_the_act() -> None:
    agreement = make_agreement()
    manager = make_role(agreement.call)
    agreement.parties.update(act_on=date(2026, 1, 5))
    send(agreement=agreement, by=manager, at=portal_now())
    party = agreement.parties.get(side="owner")
    with pytest.raises(Refused, match="doit précéder la signature"):
        record_signature(party=party, signed_on=date(2026, 1, 1), by=manager, at=portal_now())
    record_signature(party=party, signed_on=day_of(portal_now()), by=manager, at=portal_now())
    with pytest.raises(Refused, match="déjà enregistrée"):
        record_signature(party=party, signed_on=day_of(portal_now()), by=manager, at=portal_now())


def test_the_database_refuses_a_signature_before_its_act() -> None:
    party = make_agreement().parties.get(side="owner")
    with pytest.raises(IntegrityError), transaction.atomic():
        Party.objects.filter(pk=party.pk).update(signed_on=date(2020, 1, 1))


def test_a_commune_sees_its_agreement_once_sent(client) -> None:
    agreement = make_agreement()
    organisation = agreement.parties.get(side="beneficiary").organisation
    client.force_login(make_member(organisation))
    address = f"/conventions/{agreement.uuid}/"
    assert client.get(address).status_code == 404
    send(agreement=agreement, by=make_role(agreement.call), at=portal_now())
    page = client.get(address)
    assert page.status_code == 200
    assert "Envoyer à la signature" not in page.content.decode()


def test_recording_a_signature_asks_for_a_fresh_code(client) -> None:
    agreement = make_agreement()
    manager = make_role(agreement.call)
    agreement.parties.update(act_on=date(2026, 1, 5))
    send(agreement=agreement, by=manager, at=portal_now())
    party = agreement.parties.get(side="owner")
    address, typed = reverse("party_sign", args=[agreement.uuid, party.pk]), {"signed_on": day_of(portal_now())}
    client.force_login(manager)
    assert client.post(address, typed).url.startswith(reverse("step_up"))
    party.refresh_from_db()
    assert party.signed_on is None
    assert client_of(manager, stepped_up=True).post(address, typed).status_code == 302
    party.refresh_from_db()
    assert party.signed_on == day_of(portal_now())
