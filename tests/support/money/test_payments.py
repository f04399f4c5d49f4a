"""Payments: caps, balance on the real cost, money given back, lapse; each act by the right person."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from applications.funding.payments import PaymentTerms, due, final_amount
from calls.definition.money import Cut
from portal.core.calendar import day_of
from portal.core.clock import portal_now
from portal.core.models import AccessRecord, OutboundEmail
from portal.core.rules import Refused
from support.money.actions import actions_for
from support.money.due_facts import due_facts
from support.money.envelopes import lines_of, summed
from support.money.models import Award, Payment
from support.money.queries_envelope import draws_of, money_of
from support.money.services import (
    ask_payment,
    certify_payment,
    check_payment,
    declare_start,
    lapse_award,
    record_payment,
    recover,
    return_payment,
)
from support.money.words import in_francs
from tests.applications.files import pdf_upload, together
from tests.applications.staff.makers import client_of
from tests.factories import make_member, make_role
from tests.support.money.makers import GRANTED_ON, ask, make_award, make_funded, pay
from tests.support.money.test_envelope import plain

D = Decimal
FORTY = PaymentTerms(D(40_000), D(40))


# --- pure: domain.md §4.5 ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "already", "spent", "amount", "excess"),
    [
        ("advance", 0, 0, 12_000, 0),
        ("advance", 1, 0, 0, 0),
        ("interim", 12_000, 50_000, 8_000, 0),  # 40 % of 50 000, less the advance
        ("interim", 12_000, 95_000, 20_000, 0),  # 80 % before the balance
        ("interim", 32_000, 100_000, 0, 0),
        ("balance", 12_000, 90_000, 24_000, 0),  # real cost 90 000: 36 000
        ("balance", 32_000, 120_000, 8_000, 0),  # real cost 120 000: the notified 40 000
        ("balance", 32_000, 70_000, 0, 4_000),  # 28 000: 4 000 to be given back
    ],
)
def test_what_is_due(kind: str, already: int, spent: int, amount: int, excess: int) -> None:
    found = due(kind, FORTY, D(already), D(spent))
    assert (found.amount, found.excess) == (amount, excess)


def test_halves_and_no_advance_are_terms_like_others() -> None:
    halves = PaymentTerms(D(30_000), D(50), D(50), D(50))
    assert [due("advance", halves, D(0)).amount, due("interim", halves, D(15_000), D(60_000)).amount] == [15_000, 0]
    assert due("balance", halves, D(15_000), D(60_000)).amount == 15_000
    none = due("advance", PaymentTerms(D(100), D(50), D(0)), D(0))
    assert (none.amount, none.sentence) == (0, "Cette aide ne prévoit pas d’avance.")


def test_the_sentence_says_which_rule_decides() -> None:
    said = [
        plain(due(kind, FORTY, D(already), D(spent)).sentence)
        for kind, already, spent in (("advance", 0, 0), ("interim", 12_000, 95_000), ("balance", 32_000, 70_000))
    ]
    assert said == [
        "L’avance est de 12 000 € au plus : 30 % de 40 000 €.",
        "L’acompte est de 20 000 € au plus : 80 % de 40 000 € avant le solde, moins 12 000 € déjà versés ou demandés.",
        "L’aide définitive est de 28 000 € : 40 % du coût réel (70 000 €). 32 000 € sont versés : 4 000 € sont à reverser.",
    ]
    assert "le montant notifié, car 40 % du coût réel (120 000 €) le dépasse" in plain(
        due("balance", FORTY, D(0), D(120_000)).sentence
    )


def test_euros_are_shown_in_francs_where_the_franc_of_the_pacific_is_used() -> None:
    assert plain(in_francs(D("8.38"), "988")) == "1 000 F CFP"
    assert plain(in_francs(D(40_000), "987")) == "4 773 270 F CFP"
    assert in_francs(D(40_000), "76") == ""


euro = st.decimals(min_value=0, max_value=10**8, places=2)
percent = st.decimals(min_value=0, max_value=100, places=2)


@given(euro, percent, percent, percent, st.lists(euro, max_size=6), euro)
def test_no_sequence_of_payments_ever_passes_the_aid(
    amount: Decimal, rate: Decimal, advance: Decimal, ceiling: Decimal, spent: list[Decimal], real: Decimal
) -> None:
    terms = PaymentTerms(amount, rate, min(advance, ceiling), ceiling)
    paid = due("advance", terms, D(0)).amount
    for so_far in spent:
        more = due("interim", terms, paid, so_far).amount
        assert more >= 0
        paid += more
        assert paid <= amount
    last = due("balance", terms, paid, real)
    assert paid + last.amount - last.excess == final_amount(terms, real) <= amount
    assert not (last.amount and last.excess)


# --- the acts ------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_advance_interim_and_balance_on_the_real_cost() -> None:
    on = make_funded()
    award = make_award(on)
    assert pay(on, award, "advance").certified == 12_000
    interim = pay(on, award, "interim", spent=50_000, kept=45_000)
    assert (interim.amount, interim.kept, interim.certified) == (8_000, 45_000, 6_000)
    assert pay(on, award, "balance", spent=90_000).certified == 18_000
    assert (award.state, award.final) == ("settled", 36_000)
    with pytest.raises(Refused, match="Cette aide est soldée : plus rien ne se demande."):
        ask(award, "interim", on.secretary, spent=100_000)
    # Four thousand euros of the commitment come back to the envelope.
    whole = summed("", "", money_of(award.plan.application.call).total, draws_of(award.plan.application.call))
    assert (whole.committed, whole.paid, whole.left) == (36_000, 36_000, 24_000)


@pytest.mark.django_db
def test_what_was_paid_in_excess_is_ordered_back_then_recovered() -> None:
    on = make_funded()
    award = make_award(on)
    pay(on, award, "advance")
    pay(on, award, "interim", spent=95_000)
    balance = pay(on, award, "balance", spent=70_000)
    assert (balance.state, balance.certified, balance.reference) == ("paid", 0, "néant")
    back = award.clawbacks.get()
    assert (award.state, award.final, back.amount, back.recovered_on) == ("settled", 28_000, 4_000, None)
    call = award.plan.application.call
    assert [(draw.amount, draw.paid) for draw in draws_of(call)] == [(28_000, 32_000)]
    now = portal_now()
    with pytest.raises(Refused, match="après l’ordre, et pas dans l’avenir"):
        recover(clawback=back, number="T-1", recovered_on=day_of(now) + timedelta(days=1), by=on.manager, at=now)
    recover(clawback=back, number="T-1", recovered_on=day_of(now), by=on.manager, at=now)
    assert [(draw.amount, draw.paid) for draw in draws_of(call)] == [(28_000, 28_000)]
    with pytest.raises(Refused, match="déjà constaté"):
        recover(clawback=back, number="T-2", recovered_on=day_of(now), by=on.manager, at=now)


@pytest.mark.django_db
def test_one_request_at_a_time_and_never_above_what_is_due() -> None:
    on = make_funded()
    award = make_award(on)
    with pytest.raises(Refused, match="L’avance est de"):
        ask(award, "advance", on.secretary, amount="12000.01")
    row = ask(award, "advance", on.secretary, amount=10_000)
    with pytest.raises(Refused, match="Une demande est déjà en cours"):
        ask(award, "interim", on.secretary, spent=50_000)
    return_payment(payment=row, reason="Signez le formulaire.", by=on.adviser, at=portal_now())
    again = ask(award, "advance", on.secretary)
    assert [(p.n, p.state, p.amount) for p in award.payments.all()] == [(1, "returned", 10_000), (2, "asked", 12_000)]
    with pytest.raises(IntegrityError), transaction.atomic():
        Payment.objects.filter(pk=row.pk).update(state="asked")
    assert again.n == 2


@pytest.mark.django_db
def test_who_checked_does_not_certify_and_no_more_is_kept_than_shown() -> None:
    on = make_funded()
    row = ask(make_award(on), "interim", on.secretary, spent=50_000)
    now = portal_now()
    with pytest.raises(Refused, match="n’est plus possible"):
        certify_payment(payment=row, kept=D(50_000), by=on.manager, at=now)
    check_payment(payment=row, by=on.manager, at=now)
    with pytest.raises(Refused, match="Vous avez vérifié cette demande"):
        certify_payment(payment=row, kept=D(50_000), by=on.manager, at=now)
    other = make_role(on.plan.application.call)
    with pytest.raises(Refused, match="vous ne pouvez pas en retenir plus"):
        certify_payment(payment=row, kept=D("50000.01"), by=other, at=now)
    certify_payment(payment=row, kept=D(40_000), by=other, at=now)
    with pytest.raises(Refused, match="indiquez la date réelle"):
        record_payment(payment=row, paid_on=day_of(now) + timedelta(days=1), reference="M", by=other, at=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Payment.objects.filter(pk=row.pk).update(certified=D(60_000))
    with pytest.raises(IntegrityError), transaction.atomic():
        Payment.objects.filter(pk=row.pk).update(certified_by=on.manager)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_eight_clicks_make_one_request() -> None:
    on = make_funded()
    award = make_award(on)
    told = {"award": award, "proofs": {}, "by": on.secretary}
    acts = [
        lambda: ask_payment(payment=Payment(kind="advance", amount=None), at=portal_now(), **told) for _ in range(8)
    ]
    results = together(acts)
    assert sum(isinstance(one, Payment) for one in results) == 1
    assert {type(one) for one in results if not isinstance(one, Payment)} == {Refused}
    assert award.payments.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("started", "spent", "final", "back"),
    [(False, 50_000, 0, 12_000), (True, 20_000, 8_000, 4_000), (True, 90_000, 12_000, None)],
)
def test_an_aid_lapses_and_what_is_not_covered_comes_back(started: bool, spent: int, final: int, back: int) -> None:
    on, now = make_funded(), portal_now()
    today = day_of(now)
    award = make_award(on, start_by=today, finish_by=today + timedelta(days=9))
    pay(on, award, "advance")
    if started:
        declare_start(award=award, started_on=today, at=now)
        award.refresh_from_db()
    lapse = {"award": award, "spent": D(spent), "reason": "Travaux abandonnés.", "by": on.manager, "at": now}
    with pytest.raises(Refused, match="La caducité se constate après le"):
        lapse_award(**lapse)
    Award.objects.filter(pk=award.pk).update(start_by=today - timedelta(days=2), finish_by=today - timedelta(days=1))
    lapse_award(**lapse)
    assert (award.state, award.final) == ("lapsed", final)
    assert list(award.clawbacks.values_list("amount", flat=True)) == ([back] if back else [])
    assert award.transitions.get().reason == "Travaux abandonnés."
    with pytest.raises(Refused, match="déjà caduque"):
        lapse_award(**lapse)


@pytest.mark.django_db
def test_warnings_leave_before_an_aid_lapses_and_stop_when_it_is_done() -> None:
    on, now = make_funded(), portal_now()
    day = day_of(now) + timedelta(days=200)
    award = make_award(on, start_by=day, finish_by=day + timedelta(days=100))
    on.plan.refresh_from_db()
    found = list(due_facts(now))
    people = {fact.recipient for fact in found}
    assert people == {on.secretary.email, on.plan.adviser.email}
    assert [(day - day_of(fact.due_at)).days for fact in found if fact.recipient == on.secretary.email] == [90, 30, 7]
    assert {"déclarer le commencement" in fact.subject for fact in found} == {True}
    declare_start(award=award, started_on=day_of(now), at=now)
    later = list(due_facts(now))
    assert {(day + timedelta(days=100) - day_of(fact.due_at)).days for fact in later} == {90, 30, 7}
    assert all("demander le solde" in fact.subject for fact in later)
    pay(on, award, "balance", spent=90_000)
    assert list(due_facts(now)) == []


@pytest.mark.django_db
def test_each_funder_of_the_envelope_has_its_own_state() -> None:
    shares = [{"code": "ETAT", "label": "État", "amount": 40_000}, {"code": "CU", "label": "CU", "amount": 20_000}]
    on = make_funded(cuts=[{"axis": "funder", "shares": shares}])
    call = on.plan.application.call
    cut = Cut.model_validate({"axis": "funder", "shares": shares})

    def state() -> dict:
        return {line.code: (line.committed, line.paid) for line in lines_of(cut, draws_of(call))}

    assert state() == {"ETAT": (D("26666.67"), 0), "CU": (D("13333.33"), 0)}
    award = make_award(on, code="CU", amount=D(10_000), rate=D(10), funder="CU", of_call=True)
    pay(on, award, "advance")
    # Ten thousand are followed with CU; the rest is still spread.
    assert state() == {"ETAT": (20_000, 0), "CU": (20_000, 3_000)}
    with pytest.raises(IntegrityError), transaction.atomic():
        make_award(on, code="CU", amount=D(10), rate=D(10), of_call=True)


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["money_awardtransition", "money_paymenttransition", "money_paymentproof"])
def test_what_happened_is_never_changed(table: str) -> None:
    on = make_funded()
    row = pay(on, make_award(on), "balance", spent=90_000)
    row.proofs.create(
        kind="other", file=on.plan.agreement.document.file or _file(on), added_at=portal_now(), added_by=on.secretary
    )
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET id = id + 1000")


def _file(on):
    from portal.core.uploads import store_bytes

    return store_bytes(b"x", name="x.pdf", detected_type="application/pdf", by=on.secretary, at=portal_now())


# --- the screens ---------------------------------------------------------------------------------------------------


def words(response) -> str:
    return plain(response.content.decode())


@pytest.mark.django_db
def test_the_whole_way_through_the_screens() -> None:
    on = make_funded()
    on.plan.adviser = on.adviser
    on.plan.save()
    manager, adviser, town = client_of(on.manager, stepped_up=True), client_of(on.adviser), client_of(on.secretary)
    sent = {
        "source": "call", "act_number": "BU-9", "granted_on": GRANTED_ON, "eligible": "100 000 €", "rate": "40 %",
        "amount": "40 000,00", "advance_rate": "30", "interim_ceiling": "80",
    }  # fmt: skip
    manager.post(reverse("award_new", args=[on.plan.uuid]), sent)
    award = Award.objects.get()
    assert (award.of_call, award.amount, award.rate) == (True, 40_000, 40)
    room = words(town.get(reverse("plan_money", args=[on.plan.uuid])))
    assert 'class="num">40 000,00 €' in room
    proofs = {"proof_invoices": pdf_upload("etat.pdf"), "proof_bank": pdf_upload("rib.pdf")}
    town.post(reverse("payment_new", args=[award.uuid]), {"kind": "interim", "spent": "50 000", **proofs})
    payment = Payment.objects.get()
    assert (payment.amount, set(payment.proofs.values_list("kind", flat=True))) == (20_000, {"invoices", "bank"})
    mails = OutboundEmail.objects.filter(kind="support.payment_news")
    assert list(mails.values_list("recipient", flat=True)) == [on.adviser.email]
    assert [action.verb for action in actions_for(on.adviser, portal_now())] == ["Vérifier"]
    assert adviser.post(reverse("payment_check", args=[payment.uuid])).status_code == 302
    assert [action.verb for action in actions_for(on.manager, portal_now())] == ["Certifier"]
    page = words(manager.get(reverse("payment_certify", args=[payment.uuid])))
    assert 'value="50 000"' in page
    manager.post(reverse("payment_certify", args=[payment.uuid]), {"kept": "50 000"})
    assert [action.verb for action in actions_for(on.manager, portal_now())] == ["Enregistrer"]
    today = day_of(portal_now())
    manager.post(reverse("payment_pay", args=[payment.uuid]), {"paid_on": today, "reference": "M-12"})
    payment.refresh_from_db()
    assert (payment.state, payment.certified, payment.reference) == ("paid", 20_000, "M-12")
    assert actions_for(on.manager, portal_now()) == []
    assert "20 000,00 €" in words(town.get(reverse("award", args=[award.uuid])))
    assert f"{on.secretary.email}" in set(mails.values_list("recipient", flat=True))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "name", "said"),
    [
        ({"amount": "-5"}, "amount", "Écrivez un montant en euros entre 0,01 et 1 000 000 000, par exemple 1 250,50."),
        ({"amount": "1000000000000000"}, "amount", "Écrivez un montant en euros entre 0,01 et 1 000 000 000"),
        ({"amount": "1,001"}, "amount", "Écrivez un montant en euros entre 0,01 et 1 000 000 000"),
        ({"amount": "100 CHF"}, "amount", "Les montants s’écrivent en euros : « CHF » n’est pas compris ici."),
        ({"rate": "120"}, "rate", "Écrivez un taux entre 0 et 100, par exemple 40 ou 33,333."),
        ({"amount": "40 000,01"}, "amount", "À 40 % de 100 000 €, l’aide est de 40 000 € au plus."),
        ({"eligible": "200 000", "amount": "41 000"}, "amount", "il reste 40 000 € à suivre pour cette candidature."),
        ({"advance_rate": "90"}, "advance_rate", "L’avance ne peut pas dépasser le plafond avant le solde."),
        ({"granted_on": "2999-01-01"}, "granted_on", "L’acte est pris : indiquez une date d’aujourd’hui ou d’avant."),
        ({"source": "autre", "funder": ""}, "funder", "Écrivez le nom du financeur, par exemple : Région Normandie."),
    ],
)
def test_bad_terms_are_said_beside_their_field(changes: dict, name: str, said: str) -> None:
    on = make_funded()
    sent = {
        "source": "call", "act_number": "BU-9", "granted_on": GRANTED_ON, "eligible": "100 000", "rate": "40",
        "amount": "40 000", "advance_rate": "30", "interim_ceiling": "80", **changes,
    }  # fmt: skip
    response = client_of(on.manager).post(reverse("award_new", args=[on.plan.uuid]), sent)
    assert said in plain(" ".join(response.context["form"].errors[name]))
    assert set(response.context["form"].errors) == {name}
    assert not Award.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("sent", "errors"),
    [
        ({"kind": "interim"}, {"spent", "proof_invoices"}),
        ({"kind": "balance", "spent": "90 000"}, {"proof_invoices", "proof_completion"}),
        ({"kind": "advance", "amount": "12 001"}, {"amount"}),
        ({"kind": "advance", "proof_other": "exe"}, {"proof_other"}),
    ],
)
def test_a_request_without_its_proofs_or_above_its_cap_is_said_beside_the_field(sent: dict, errors: set) -> None:
    on = make_funded()
    award = make_award(on)
    if sent.get("proof_other"):
        sent = {**sent, "proof_other": SimpleUploadedFile("virus.exe", b"MZ")}
    response = client_of(on.secretary).post(reverse("payment_new", args=[award.uuid]), sent)
    assert set(response.context["form"].errors) == errors
    assert not Payment.objects.exists()


@pytest.mark.django_db
def test_proofs_hold_bank_details_and_are_read_by_few() -> None:
    on = make_funded()
    award = make_award(on)
    client_of(on.secretary).post(
        reverse("payment_new", args=[award.uuid]),
        {"kind": "interim", "spent": "50 000", "proof_invoices": pdf_upload()},
    )
    payment = Payment.objects.get()
    address = reverse("payment_proof", args=[payment.uuid, payment.proofs.get().pk])
    call = on.plan.application.call
    reader, officer = make_role(call, "reader"), make_role(call, "officer")
    known = {"town": make_member(on.plan.application.lead, "reader"), "adviser": on.adviser, "manager": on.manager}
    got = {name: client_of(user).get(address).status_code for name, user in known.items()}
    assert got == dict.fromkeys(known, 200)
    assert [client_of(user).get(address).status_code for user in (reader, officer)] == [403, 403]
    assert address not in words(client_of(reader).get(reverse("payment", args=[payment.uuid])))
    assert AccessRecord.objects.filter(what="versement").count() == 3


@pytest.mark.django_db
def test_an_adviser_follows_the_aid_of_another_funder_only() -> None:
    on = make_funded()
    client = client_of(on.adviser)
    form = client.get(reverse("award_new", args=[on.plan.uuid])).context["form"]
    assert [code for code, _ in form.fields["source"].choices] == ["autre"]
    call_aid, other = make_award(on), make_award(on, funder="Région")
    assert client.get(reverse("award_edit", args=[call_aid.uuid])).status_code == 403
    assert client.get(reverse("award_edit", args=[other.uuid])).status_code == 200
    ask(other, "advance", on.secretary)
    assert list(client.get(reverse("award_edit", args=[other.uuid])).context["form"].fields) == [
        "start_by",
        "finish_by",
    ]
