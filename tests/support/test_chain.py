"""Accession, framework, amendments, linked agreements, ends: on the real communes of the two instances."""

from datetime import date, time, timedelta
from decimal import Decimal

import pytest

from calls.models import CallRole
from portal.accounts.models import Organisation
from portal.accounts.services.takeover import take_over
from portal.core.calendar import day_of, wall_clock
from portal.core.clock import portal_now
from portal.core.models import OutboundEmail, Reminder
from portal.core.outbox import run_jobs
from portal.core.rules import Refused
from portal.core.typography import format_date
from portal.core.uploads import read_bytes
from portal.home.reminders import plan
from support.agreements.due_facts import due_facts
from support.agreements.models import Agreement
from support.agreements.queries import awaiting_agreement
from support.agreements.queries_chain import framework_due, is_expired, terms_of
from support.agreements.services import draw_up, record_signature, send
from support.agreements.services_chain import abandon, lapse, open_amendment, open_framework, open_linked, terminate
from support.agreements.services_parties import add_party, record_act
from support.agreements.term import follow_on_due
from support.plan.models import SupportPlan
from tests.documents.pdftools import text_of
from tests.factories import make_role
from tests.support.bessin import BAYEUX, CALVADOS, COUNCIL_ON, HAUTES_ALPES, PORT, accession, make_lines, make_pvd
from tests.support.factories import sign_all

pytestmark = pytest.mark.django_db
SIGNED_ON = date(2021, 4, 6)


def authorise(agreement: Agreement, by, on: date = COUNCIL_ON) -> None:
    """Each party has its act for this very text."""
    for party in agreement.parties.all():
        record_act(party=party, by=by, act_number=f"A-{party.pk}", act_on=on)


def signed(agreement: Agreement, by, on: date) -> Agreement:
    authorise(agreement, by)
    sign_all(agreement, by, on)
    return agreement


@pytest.fixture
def bayeux():
    call = make_pvd()
    manager = make_role(call)
    agreement = accession(call, "241400555", (BAYEUX, PORT), manager)
    sign_all(agreement, manager, SIGNED_ON)
    return agreement, manager


# --- accession, framework ------------------------------------------------------------------------------------------


def test_bayeux_and_port_under_one_agreement_owe_a_framework_on_6_october_2022(bayeux) -> None:
    agreement, _ = bayeux
    names = set(agreement.parties.values_list("organisation__name", flat=True))
    assert names == {
        "Préfecture du Calvados", "Communauté de communes de Bayeux Intercom", "Commune de Bayeux",
        "Commune de Port-en-Bessin-Huppain",
    }  # fmt: skip
    assert (agreement.state, agreement.effective_on) == ("in_force", SIGNED_ON)
    assert framework_due(agreement) == date(2022, 10, 6)
    assert SupportPlan.objects.filter(agreement=agreement).count() == 2


@pytest.mark.parametrize(
    ("signed_on", "due"),
    [
        (date(2021, 4, 6), date(2022, 10, 6)),
        (date(2021, 8, 31), date(2023, 2, 28)),
        (date(2022, 8, 31), date(2024, 2, 29)),
        (date(2021, 12, 31), date(2023, 6, 30)),
    ],
)
def test_eighteen_months_end_on_the_same_day_or_the_last_of_the_month(signed_on, due) -> None:
    assert follow_on_due(signed_on, 18) == due


def test_the_framework_is_recalled_by_the_ledger_until_it_is_signed(bayeux) -> None:
    agreement, manager = bayeux
    at = wall_clock(date(2022, 1, 10), time(9))
    CallRole.objects.update(starts_at=wall_clock(SIGNED_ON, time(8)))
    facts = [fact for fact in due_facts(at) if fact.rule == "framework_due"]
    assert {(fact.recipient, day_of(fact.due_at)) for fact in facts} == {
        (manager.email, day) for day in (date(2022, 4, 9), date(2022, 8, 7), date(2022, 9, 22))
    }
    assert facts[0].subject == f"Convention-cadre à signer avant le {format_date(date(2022, 10, 6))}"
    plan(at)
    rows = Reminder.objects.filter(rule="framework_due")
    assert set(rows.values_list("state", flat=True)) == {"planned"}
    framework = open_framework(agreement=agreement, starts_on=date(2022, 6, 1), by=manager, at=portal_now())
    signed(framework, manager, date(2022, 6, 1))
    assert [fact for fact in due_facts(at) if fact.rule == "framework_due"] == []
    plan(at)
    assert set(rows.values_list("state", flat=True)) == {"stopped"}
    assert SupportPlan.objects.count() == 2


def test_the_framework_binds_the_same_parties_each_authorised_anew(bayeux) -> None:
    agreement, manager = bayeux
    framework = open_framework(agreement=agreement, starts_on=date(2022, 6, 1), by=manager, at=portal_now())
    assert set(framework.parties.values_list("organisation", flat=True)) == set(
        agreement.parties.values_list("organisation", flat=True)
    )
    assert set(framework.parties.values_list("act_number", "signed_on")) == {("", None)}
    with pytest.raises(Refused, match=r"^La convention-cadre est déjà ouverte\.$"):
        open_framework(agreement=agreement, starts_on=date(2022, 6, 1), by=manager, at=portal_now())
    authorise(framework, manager)
    send(agreement=framework, by=manager, at=portal_now())
    run_jobs()
    framework.document.refresh_from_db()
    text = text_of(read_bytes(framework.document.file))
    for sentence in (
        "Convention-cadre valant opération de revitalisation de territoire",
        f"la convention d’adhésion n° {agreement.number}, en vigueur depuis le 6 avril 2021",
        "ambitions retenues par Bayeux et Port-en-Bessin-Huppain",
        "La convention-cadre dure soixante mois, du 1er juin 2022 au 31 mai 2027",
    ):
        assert sentence in text, text


def test_the_twelve_communes_of_calvados_have_five_agreements() -> None:
    call = make_pvd()
    manager = make_role(call)
    first = 1
    for siren, communes in CALVADOS.items():
        accession(call, siren, communes, manager, first)
        first += len(communes)
    made = Agreement.objects.filter(call=call)
    assert made.count() == 5
    assert sorted(agreement.beneficiaries.count() for agreement in made) == [1, 1, 2, 3, 5]
    assert sum(agreement.parties.filter(organisation__commune__isnull=False).count() for agreement in made) == 12
    assert awaiting_agreement(call).count() == 0


def test_three_communes_of_hautes_alpes_share_one_linked_agreement() -> None:
    call = make_pvd("petites-villes-de-demain-hautes-alpes")
    manager = make_role(call)
    lines = make_lines(call, HAUTES_ALPES)
    for line in lines:
        agreement = draw_up(call=call, lines=[line], starts_on=SIGNED_ON, by=manager, at=portal_now())
        if line != lines[-1]:
            sign_all(agreement, manager, SIGNED_ON)
    told = {"call": call, "title": "présence des forces de sécurité intérieure", "starts_on": date(2021, 9, 1)}
    with pytest.raises(
        Refused, match=r"^Aucune convention en vigueur ne lie : Commune de Saint-Bonnet-en-Champsaur\.$"
    ):
        open_linked(lines=lines, months=36, by=manager, at=portal_now(), **told)
    sign_all(agreement, manager, SIGNED_ON)
    linked = open_linked(lines=lines, months=36, by=manager, at=portal_now(), **told)
    police = Organisation.objects.create(kind="state", name="Groupement de gendarmerie des Hautes-Alpes")
    add_party(agreement=linked, organisation=police, side="partner", representative_title="Le Commandant", by=manager)
    signed(linked, manager, date(2021, 9, 1))
    assert (linked.state, linked.beneficiaries.count(), linked.parties.count()) == ("in_force", 3, 5)
    assert SupportPlan.objects.count() == 3


# --- amendments ----------------------------------------------------------------------------------------------------


def test_a_longer_duration_binds_once_its_amendment_is_in_force(bayeux) -> None:
    agreement, manager = bayeux
    amendment = open_amendment(agreement=agreement, change="duration", months=24, by=manager, at=portal_now())
    assert (amendment.number, terms_of(agreement).months) == (f"{agreement.number}-AV1", 18)
    with pytest.raises(Refused, match="déjà en cours"):
        open_amendment(agreement=agreement, change="amount", amount=Decimal(5), by=manager, at=portal_now())
    signed(amendment, manager, date(2022, 5, 2))
    assert (terms_of(agreement).months, terms_of(agreement).last_day) == (24, date(2023, 4, 5))
    assert is_expired(agreement, date(2023, 4, 5)) is False
    assert is_expired(agreement, date(2023, 4, 6)) is True
    agreement.refresh_from_db()
    assert agreement.months == 18
    text = text_of(read_bytes(ready(amendment)))
    assert "fixée à dix-huit mois, est portée à vingt-quatre mois" in text
    assert "Avenant n° 1" in text


def ready(agreement: Agreement):
    run_jobs()
    agreement.document.refresh_from_db()
    assert agreement.document.failure == ""
    return agreement.document.file


def test_an_amount_is_amended_in_figures_and_in_words(bayeux) -> None:
    agreement, manager = bayeux
    amendment = open_amendment(agreement=agreement, change="amount", amount=Decimal(30000), by=manager, at=portal_now())
    signed(amendment, manager, date(2022, 5, 2))
    assert terms_of(agreement).amount == Decimal(30000)
    text = text_of(read_bytes(ready(amendment)))
    assert "est porté à 30 000,00 € (trente mille euros)" in text


def test_the_perimeter_and_the_parties_follow_the_files_of_the_amendment(bayeux) -> None:
    agreement, manager = bayeux
    (line,) = make_lines(agreement.call, ["14312"], first=3)
    lines = [*agreement.beneficiaries.all(), line]
    amendment = open_amendment(agreement=agreement, change="perimeter", lines=lines, by=manager, at=portal_now())
    assert set(amendment.parties.filter(side="beneficiary").values_list("organisation__name", flat=True)) == {
        "Commune de Bayeux", "Commune de Port-en-Bessin-Huppain", "Commune de Grandcamp-Maisy",
        "Communauté de communes de Bayeux Intercom",
    }  # fmt: skip
    signed(amendment, manager, date(2022, 5, 2))
    fewer = open_amendment(
        agreement=agreement, change="perimeter", lines=lines[:1], by=manager, at=portal_now() + timedelta(minutes=1)
    )
    assert fewer.parties.filter(organisation__commune__isnull=False).count() == 1


def test_a_merger_of_communes_puts_the_heir_in_their_place(bayeux) -> None:
    agreement, manager = bayeux
    with pytest.raises(Refused, match="Aucune partie n’a été remplacée"):
        open_amendment(agreement=agreement, change="merger", by=manager, at=portal_now())
    town = agreement.parties.get(organisation__commune="14515").organisation
    heir = Organisation.objects.create(kind="other", name="Commune nouvelle de Port-Bessin")
    take_over(
        predecessors=[town],
        successor=heir,
        on=date(2022, 1, 1),
        reason="Arrêté préfectoral.",
        by=manager,
        at=portal_now(),
    )
    assert heir in [party.organisation for party in agreement.parties.select_related("organisation")]
    amendment = open_amendment(agreement=agreement, change="merger", by=manager, at=portal_now())
    assert list(amendment.parties.filter(organisation=heir).values_list("side", flat=True)) == ["beneficiary"]
    signed(amendment, manager, date(2022, 5, 2))
    text = text_of(read_bytes(ready(amendment)))
    assert "Commune de Port-en-Bessin-Huppain est remplacé par Commune nouvelle de Port-Bessin depuis le" in text


# --- ends ----------------------------------------------------------------------------------------------------------


def test_want_of_signature_is_found_only_after_the_limit_and_frees_the_laureates() -> None:
    call = make_pvd()
    manager = make_role(call)
    limit = day_of(portal_now())
    agreement = draw_up(
        call=call, lines=make_lines(call, [BAYEUX]), starts_on=SIGNED_ON, sign_by=limit, by=manager, at=portal_now()
    )
    send(agreement=agreement, by=manager, at=portal_now())
    with pytest.raises(Refused, match=r"^Les parties peuvent signer jusqu’au .* inclus\.$"):
        lapse(agreement=agreement, reason="Pas de signature.", by=manager, at=portal_now())
    assert [fact.rule for fact in due_facts(portal_now())] == ["signature_due"] * 2
    later = portal_now() + timedelta(days=1)
    lapse(agreement=agreement, reason="Pas de signature.", by=manager, at=later)
    assert (agreement.state, agreement.ended_on) == ("lapsed", day_of(later))
    assert awaiting_agreement(call).count() == 1
    assert list(due_facts(portal_now())) == []
    with pytest.raises(Refused, match="n’est pas en cours de signature"):
        record_signature(party=agreement.parties.first(), signed_on=limit, by=manager, at=portal_now())
    draw_up(call=call, lines=list(awaiting_agreement(call)), starts_on=SIGNED_ON, by=manager, at=portal_now())


def test_a_termination_has_a_day_and_a_reason(bayeux) -> None:
    agreement, manager = bayeux
    with pytest.raises(Refused, match="ne peut pas précéder"):
        terminate(agreement=agreement, ended_on=date(2021, 4, 5), reason="X", by=manager, at=portal_now())
    with pytest.raises(Refused, match="demande un motif"):
        terminate(agreement=agreement, ended_on=date(2022, 1, 1), reason=" ", by=manager, at=portal_now())
    terminate(agreement=agreement, ended_on=date(2022, 1, 1), reason="D’un commun accord.", by=manager, at=portal_now())
    assert (agreement.state, agreement.ended_on) == ("terminated", date(2022, 1, 1))
    with pytest.raises(Refused, match="n’est pas en vigueur"):
        open_amendment(agreement=agreement, change="duration", months=30, by=manager, at=portal_now())


def test_a_draft_given_up_frees_the_laureate_and_writes_to_nobody() -> None:
    call = make_pvd()
    manager = make_role(call)
    agreement = draw_up(call=call, lines=make_lines(call, [BAYEUX]), starts_on=SIGNED_ON, by=manager, at=portal_now())
    abandon(agreement=agreement, reason="Doublon.", by=manager, at=portal_now())
    assert (agreement.state, awaiting_agreement(call).count()) == ("abandoned", 1)
    assert OutboundEmail.objects.count() == 0
