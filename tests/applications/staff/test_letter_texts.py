"""Letters as staff write them: typed fields, preview on real files, copies, embargo, one file to print, reading."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.urls import reverse

from applications.letter_texts import DEFAULTS, FIELDS, fault_of, fields_for
from applications.models import DecisionNotice, LetterBundle, LetterText, NoticeReading
from applications.queries.laureates import laureates
from applications.services.decision import record_decision
from applications.services.letters import ask_bundle, declare_read, rewrite_notices, set_embargo, write_text
from applications.services.notices import prepare_notices, send_notices
from portal.core.calendar import day_of
from portal.core.clock import portal_now
from portal.core.models import Job, OutboundEmail
from portal.core.outbox import deliver_emails, run_jobs
from portal.core.rules import Refused
from portal.core.typography import format_date
from portal.core.uploads import read_bytes
from tests.applications.staff.makers import client_of, lines_for, make_examined, make_staffed_call, yesterday
from tests.applications.staff.test_notices import prepared, read_all
from tests.documents.pdftools import page_count, text_of
from tests.factories import ETRETAT, make_member, make_role

pytestmark = pytest.mark.django_db
BODY = """**Bravo** à {commune} pour « {projet} ».

# Ce qui est accordé

Une aide de {montant} ({montant_lettres}), par {acte}.

{conditions}

Rien avant le {embargo}."""


@pytest.fixture
def decided():
    """A decision that grants money to Étretat."""
    call, manager = make_staffed_call()
    files = make_examined(call, manager, refused=True)
    lines = lines_for(files)
    lines[0] = replace(lines[0], amount=Decimal("30000.50"))
    decision = record_decision(
        call=call, body="le bureau communautaire", act_number="BU-2027-131", act_on=yesterday(), lines=lines, by=manager,
        at=portal_now(),
    )  # fmt: skip
    return decision, manager


def write(decision, manager, body=BODY, outcome="selected", copies=""):
    return write_text(call=decision.call, outcome=outcome, body=body, copies=copies, by=manager, at=portal_now())


def letter_of(decision, manager, outcome="selected") -> bytes:
    Job.objects.update(state="done")
    prepare_notices(decision=decision, by=manager, at=portal_now())
    run_jobs(limit=10)
    document = DecisionNotice.objects.get(line__decision=decision, line__outcome=outcome).document
    assert document.failure == ""
    return read_bytes(document.file)


# --- texts -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("outcome", sorted(DEFAULTS))
def test_the_text_of_the_portal_is_itself_a_text_that_one_may_write(outcome) -> None:
    assert fault_of(DEFAULTS[outcome], outcome) == ""


@pytest.mark.parametrize(
    ("body", "outcome", "fault"),
    [
        ("{maire}", "selected", "Ce champ n’existe pas : {maire}."),
        ("{conditions}", "not_selected", "Le champ {conditions} n’a pas de sens dans cette lettre."),
        ("Bonjour {commune", "selected", "Une accolade est seule : un champ s’écrit {commune}."),
    ],
)
def test_a_text_that_could_not_be_filled_is_refused(decided, body, outcome, fault) -> None:
    decision, manager = decided
    with pytest.raises(Refused) as refusal:
        write(decision, manager, body, outcome)
    assert str(refusal.value) == fault
    assert LetterText.objects.count() == 0


def test_the_letter_says_the_text_of_the_institution_with_amounts_in_words(decided) -> None:
    decision, manager = decided
    write(decision, manager)
    set_embargo(decision=decision, until=portal_now() + timedelta(days=3), by=manager, at=portal_now())
    text = text_of(letter_of(decision, manager))
    for sentence in (
        "Bravo à Étretat pour",
        "Ce qui est accordé",
        "30 000,50 € (trente mille euros et cinquante centimes), par délibération n° BU-2027-131",
        f"Rien avant le {format_date(day_of(portal_now() + timedelta(days=3)))}.",
        "Voies et délais de recours",
    ):
        assert sentence in text
    assert "a retenu la candidature" not in text


@pytest.mark.parametrize("outcome", sorted(DEFAULTS))
def test_every_default_text_makes_a_letter_of_two_pages(decided, outcome) -> None:
    decision, manager = decided
    write(decision, manager, DEFAULTS[outcome], outcome)
    pdf = letter_of(decision, manager, outcome)
    assert page_count(pdf) <= 2
    assert "{" not in text_of(pdf)


def test_hostile_text_is_printed_as_it_is(decided) -> None:
    decision, manager = decided
    hostile = "<script>alert(1)</script> <style>p(display:none)</style> &lt;b&gt;"
    write(decision, manager, hostile)
    assert hostile in text_of(letter_of(decision, manager))


def test_every_field_has_a_value_or_none_in_the_letters_that_know_it(decided) -> None:
    decision, manager = decided
    for outcome in DEFAULTS:
        write(decision, manager, "\n\n".join(f"{name} : {{{name}}}" for name in fields_for(outcome)), outcome)
    prepare_notices(decision=decision, by=manager, at=portal_now())
    assert {name for outcome in DEFAULTS for name in fields_for(outcome)} == set(FIELDS)
    assert DecisionNotice.objects.count() == 4


def test_the_preview_is_made_on_a_real_file_and_keeps_nothing(decided) -> None:
    decision, manager = decided
    address = reverse("letter_text", args=[decision.call.slug, "selected"])
    page = client_of(manager).post(address, {"body": "Bravo, {commune} !", "apercu": "1"}).content.decode()
    assert "Bravo, Étretat" in page
    assert (LetterText.objects.count(), DecisionNotice.objects.count()) == (0, 0)
    page = client_of(manager).post(address, {"body": "Bravo, {maire}", "copies": ""}).content.decode()
    assert "Ce champ n’existe pas" in page
    assert "Bravo, {maire}" in page


def test_only_the_management_of_the_call_writes_texts(decided) -> None:
    decision, _ = decided
    address = reverse("letter_text", args=[decision.call.slug, "selected"])
    officer = make_role(decision.call, "officer")
    assert client_of(officer).get(address).status_code == 200
    assert client_of(officer).post(address, {"body": "Bravo."}).status_code == 403
    assert LetterText.objects.count() == 0


# --- regeneration ------------------------------------------------------------------------------------------------------


def test_letters_are_made_anew_before_they_leave_and_never_after(decided) -> None:
    decision, manager = decided
    read_all(decision, manager)
    assert rewrite_notices(decision=decision, by=manager, at=portal_now()) == 4
    assert set(DecisionNotice.objects.values_list("document__version", "read_at")) == {(2, None)}
    Job.objects.update(state="done")
    DecisionNotice.objects.update(read_at=portal_now(), read_by=manager)
    from portal.core.models import FrozenDocument

    now = portal_now()
    ready = FrozenDocument.objects.filter(state="ready").first()
    FrozenDocument.objects.filter(state="pending").update(
        state="ready", file=ready.file, sha256=ready.sha256, rendered_at=now
    )
    send_notices(decision=decision, by=manager, at=now)
    for act in (rewrite_notices, prepare_notices):
        with pytest.raises(Refused, match="elles ne se refont plus"):
            act(decision=decision, by=manager, at=portal_now())
    assert set(DecisionNotice.objects.values_list("document__version", flat=True)) == {2}


# --- embargo, copies, bundle, reading ------------------------------------------------------------------------------------


def test_nothing_is_public_before_the_end_of_the_embargo(decided, client) -> None:
    decision, manager = decided
    until = portal_now() + timedelta(hours=1)
    set_embargo(decision=decision, until=until, by=manager, at=portal_now())
    read_all(decision, manager)
    send_notices(decision=decision, by=manager, at=portal_now())
    call = decision.call
    assert laureates(call, notified=True).count() == 1
    assert laureates(call, public=True).count() == 0
    page = client.get(reverse("call_laureates", args=[call.slug])).content.decode()
    assert "Étretat" not in page
    from portal.core.clock import at_instant

    with at_instant(until + timedelta(seconds=1)):
        assert "Étretat" in client.get(reverse("call_laureates", args=[call.slug])).content.decode()


def test_the_date_of_publication_is_set_before_the_letters_say_it(decided) -> None:
    decision, manager = decided
    with pytest.raises(Refused, match="date à venir"):
        set_embargo(decision=decision, until=portal_now(), by=manager, at=portal_now())
    prepared(decision, manager)
    with pytest.raises(Refused, match="refaites-les"):
        set_embargo(decision=decision, until=portal_now() + timedelta(days=1), by=manager, at=portal_now())


def test_copies_leave_once_with_the_letters_and_name_only_their_outcomes(decided) -> None:
    decision, manager = decided
    write(decision, manager, "", "selected", "Monsieur le Sous-Préfet <prefet@exemple.fr>\nLa presse locale")
    write(decision, manager, "", "reserve", "Monsieur le Sous-Préfet <prefet@exemple.fr>")
    read_all(decision, manager)
    send_notices(decision=decision, by=manager, at=portal_now())
    copies = OutboundEmail.objects.filter(kind="applications.notice_copy")
    assert list(copies.values_list("recipient", flat=True)) == ["prefet@exemple.fr"]
    deliver_emails()
    (sent,) = [message for message in mail.outbox if message.to == ["prefet@exemple.fr"]]
    assert ("Étretat" in sent.body, "Harfleur" in sent.body, "Tilleul" in sent.body) == (True, True, False)
    assert DecisionNotice.objects.get(line__outcome="selected").document.snapshot["letter"]["copies"] == [
        "Monsieur le Sous-Préfet", "La presse locale",
    ]  # fmt: skip


def test_one_file_holds_every_letter_as_it_was_frozen(decided) -> None:
    decision, manager = decided
    with pytest.raises(Refused, match="ne sont pas prêtes"):
        ask_bundle(decision=decision, by=manager, at=portal_now())
    letter_of(decision, manager)
    ask_bundle(decision=decision, by=manager, at=portal_now())
    run_jobs()
    bundle = LetterBundle.objects.get()
    assert bundle.letters == 4
    content = read_bytes(bundle.file)
    assert page_count(content) == 8
    for number in DecisionNotice.objects.values_list("number", flat=True):
        assert number in text_of(content)


def test_a_commune_declares_that_it_has_read(decided) -> None:
    decision, manager = decided
    read_all(decision, manager)
    send_notices(decision=decision, by=manager, at=portal_now())
    notice = DecisionNotice.objects.get(line__outcome="selected")
    mayor = make_member(notice.line.application.lead, "signatory", full_name="Maire d’Étretat")
    address = reverse("application_decision_read", args=[notice.line.application.uuid])
    browser = client_of(mayor)
    assert browser.post(address).status_code == 302
    browser.post(address)
    assert list(NoticeReading.objects.values_list("user", "notice")) == [(mayor.pk, notice.pk)]
    assert "Maire d’Étretat" in client_of(manager).get(reverse("staff_letter", args=[notice.number])).content.decode()
    declare_read(notice=notice, by=mayor, at=portal_now())
    assert NoticeReading.objects.count() == 1
    assert ETRETAT[2] == "Étretat"
