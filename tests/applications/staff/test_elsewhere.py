"""Files received elsewhere: the same deposit, the day that their proof bears, no instant made up."""

from datetime import date, time, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from applications.models import Application, Deposit, DepositedPiece, EntryBatch, OutsideReceipt
from applications.queries.laureates import laureates
from applications.rules.elsewhere import received_in_time, stated_instant
from applications.services.decision import Line, record_decision
from applications.services.drafting import save_section
from applications.services.elsewhere import Told, record_outside
from applications.services.entry_batches import apply_batch, hour_read, stage_batch
from calls.models import Window
from portal.core.calendar import day_of, end_of_day
from portal.core.clock import portal_now
from portal.core.models import FrozenDocument, Job, OutboundEmail
from portal.core.outbox import run_jobs
from portal.core.rules import Refused
from portal.core.uploads import store_bytes
from tests.accounts.helpers import spaced, text_of
from tests.applications.files import ANSWERS, deposit, make_attachment, make_ready, make_town, pdf_upload
from tests.applications.staff.makers import client_of, make_staffed_call
from tests.factories import BENOUVILLE, ETRETAT, HARFLEUR, TILLEUL, make_role, make_town_hall, paris

pytestmark = pytest.mark.django_db
NOON = Window(opens_at=paris(2027, 1, 15, 9), closes_at=paris(2027, 3, 31, 12))
EVENING = Window(opens_at=paris(2027, 1, 15, 9), closes_at=paris(2027, 3, 31, 23, 59, 59))
LATER = date(2027, 6, 1)


# --- the rule of lateness ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "hour", "window", "words"),
    [
        (date(2027, 3, 31), None, EVENING, ""),
        (date(2027, 3, 31), time(23, 59), EVENING, ""),
        (date(2027, 4, 1), None, EVENING, "hors délai"),
        (date(2027, 3, 30), None, NOON, ""),
        (date(2027, 3, 31), None, NOON, "Indiquez l’heure de réception"),
        (date(2027, 3, 31), time(12, 0), NOON, ""),
        (date(2027, 3, 31), time(12, 0, 1), NOON, "hors délai"),
        (date(2027, 1, 14), None, NOON, "l’appel ouvrait"),
        (date(2027, 6, 2), None, EVENING, "est à venir"),
        (date(2027, 3, 1), None, None, "pas de dates de dépôt"),
    ],
)
def test_the_limit_is_judged_on_the_day_that_the_proof_bears(on, hour, window, words):
    answer = received_in_time(on, hour, window, LATER)
    assert (answer.allowed, words in answer.reason) == (not words, True)


@given(st.dates(date(2027, 1, 1), date(2027, 5, 31)), st.times())
def test_with_an_hour_it_is_the_rule_of_everybody(on, hour):
    said = received_in_time(on, hour, NOON, LATER).allowed
    assert said == (day_of(NOON.opens_at) <= on and stated_instant(on, hour) <= NOON.closes_at)


# --- one file ----------------------------------------------------------------------------------------------------


def proof(by, name="preuve.pdf"):
    return store_bytes(b"%PDF-1.7 " + name.encode(), name=name, detected_type="application/pdf", by=by, at=portal_now())


@pytest.fixture
def closed():
    """A call closed thirty days ago, its manager, and the day before its limit."""
    now = portal_now()
    closes = end_of_day(day_of(now - timedelta(days=30)))
    call, manager = make_staffed_call(opens_at=now - timedelta(days=90), closes_at=closes)
    return call, manager, day_of(closes) - timedelta(days=1)


def told(by, on, spec=ETRETAT, **changes):
    values = {"channel": "paper", "received_on": on, "received_time": None, "proof": proof(by), "reference": "C-118"}
    return Told(organisation=make_town_hall(spec), **{**values, **changes})


def test_received_on_paper_in_time_it_is_entered_long_after_and_says_so(closed):
    call, manager, eve = closed
    before = portal_now()
    answers = {"Q1": "La halle", "Q2": "1 200"}
    piece = proof(manager, "plan.pdf")
    made = record_outside(
        call=call, told=told(manager, eve, answers=answers, pieces={"PLAN_SIT": [piece]}), by=manager, at=portal_now()
    )
    file = made.application
    assert (file.state, file.title, file.number) == ("submitted", "La halle", f"{call.code_prefix}-2027-0001")
    assert made.received_at >= before  # the portal never claims to have seen it earlier
    assert (made.outside.received_on, made.outside.entered_by, made.deposited_by) == (eve, manager, manager)
    assert made.outside.words.startswith("sur papier le ")
    line = file.transitions.get()
    assert (line.by, line.on_behalf_of, line.reason) == (manager, file.lead, f"Reçue {made.outside.words}.")
    assert DepositedPiece.objects.get(deposit=made).sha256 == piece.sha256
    assert made.answer_facts.get(question_code="Q2").number == 1200
    assert made.undertakings == []  # nobody ticked anything


def test_its_receipt_tells_where_and_when_and_claims_no_acceptance(closed):
    call, manager, eve = closed
    made = record_outside(call=call, told=told(manager, eve), by=manager, at=portal_now())
    shot = FrozenDocument.objects.get(pk=made.receipt_id)
    assert (shot.title, shot.snapshot["outside"]["words"]) == ("Accusé d’enregistrement", made.outside.words)
    assert shot.snapshot["outside"]["reference"] == "C-118"
    assert shot.snapshot["outside"]["proof"]["sha256"] == made.outside.proof.sha256
    mail = OutboundEmail.objects.get(kind="applications.receipt")
    assert mail.recipient == made.on_behalf_of.official_email
    assert made.outside.words in mail.body
    assert "hors du portail" in mail.body


def test_out_of_time_it_is_refused_by_the_act_and_by_the_database(closed):
    call, manager, eve = closed
    with pytest.raises(Refused, match="hors délai"):
        record_outside(call=call, told=told(manager, eve + timedelta(days=2)), by=manager, at=portal_now())
    assert not Application.objects.exists()
    made = record_outside(call=call, told=told(manager, eve), by=manager, at=portal_now())
    other = Application.objects.create(
        call=call, window=call.windows.get(), lead=make_town_hall(HARFLEUR), created_at=portal_now(),
        last_activity_at=portal_now(), created_by=manager,
    )  # fmt: skip
    row = {"channel": "paper", "proof": made.outside.proof, "entered_at": portal_now(), "entered_by": manager}
    with pytest.raises(IntegrityError, match="after the limit"), transaction.atomic():
        OutsideReceipt.objects.create(application=other, received_on=eve + timedelta(days=2), **row)
    with pytest.raises(IntegrityError, match="insert-only"), transaction.atomic():
        OutsideReceipt.objects.filter(pk=made.outside.pk).update(received_on=eve - timedelta(days=5))


def test_a_deposit_of_the_portal_is_still_refused_after_the_limit(closed):
    call, _, _ = closed
    application, _, mayor = make_ready(call)
    with pytest.raises(Refused, match="clos depuis"):
        deposit(application, mayor)
    assert not Deposit.objects.exists()


def test_one_file_per_applicant_and_a_draft_is_the_commune_s(closed):
    call, manager, eve = closed
    record_outside(call=call, told=told(manager, eve), by=manager, at=portal_now())
    with pytest.raises(Refused, match="Une candidature est déjà là"):
        record_outside(call=call, told=told(manager, eve), by=manager, at=portal_now())
    make_ready(call, make_town(HARFLEUR))
    with pytest.raises(Refused, match="a un brouillon dans le portail"):
        record_outside(call=call, told=told(manager, eve, HARFLEUR), by=manager, at=portal_now())


def test_what_is_copied_badly_is_named_and_a_proof_is_needed(closed):
    call, manager, eve = closed
    with pytest.raises(Refused, match="« Surface »"):
        record_outside(call=call, told=told(manager, eve, answers={"Q2": "beaucoup"}), by=manager, at=portal_now())
    with pytest.raises(Refused, match="Joignez la preuve"):
        record_outside(call=call, told=told(manager, eve, proof=None), by=manager, at=portal_now())


def test_before_the_limit_the_commune_may_put_its_own_version_in_place_of_the_paper():
    call, manager = make_staffed_call()
    town = make_town()
    made = record_outside(call=call, told=told(manager, day_of(portal_now())), by=manager, at=portal_now())
    for code, values in ANSWERS.items():
        row = made.application.sections.filter(section_code=code).first()
        version = row.version if row else 0
        save_section(
            application=made.application, section_code=code, typed=values, version=version, by=town[1], at=portal_now()
        )
    for code in ("DELIB", "PLAN_SIT"):
        make_attachment(made.application, code, town[1])
    second = deposit(made.application, town[2])
    assert (second.n, second.outside, second.deposited_by) == (2, None, town[2])


# --- a table -----------------------------------------------------------------------------------------------------


def line(number, insee, eve, **changes):
    return number, {"insee": insee, "voie": "papier", "recue le": f"{eve:%d/%m/%Y}", "preuve": "p.pdf", **changes}


def test_the_dry_run_says_each_line_and_writes_no_file(closed):
    call, manager, eve = closed
    make_town_hall(BENOUVILLE)
    for spec in (ETRETAT, HARFLEUR, TILLEUL):
        make_town_hall(spec)
    make_ready(call, make_town(HARFLEUR))
    lines = [
        line(2, "76254", eve),
        line(3, "76254", eve),
        line(4, "76341", eve),
        line(5, "00000", eve),
        line(6, "76693", eve, preuve="absent.pdf"),
        line(7, "76693", eve + timedelta(days=9)),
        line(8, "76079", eve, voie="pigeon"),
        line(9, "76079", eve, heure="25:00"),
        line(10, "76079", eve, q2="beaucoup"),
    ]
    before = Application.objects.count()
    batch = stage_batch(
        call=call, name="t.csv", lines=lines, files={"p.pdf": proof(manager)}, by=manager, at=portal_now()
    )
    said = {row.number: row.refusal for row in batch.lines.all()}
    wanted = {
        2: "", 3: "déjà à la ligne 2", 4: "a un brouillon", 5: "Aucun candidat connu", 6: "absent.pdf",
        7: "hors délai", 8: "Voie inconnue", 9: "n’est pas une heure", 10: "« Surface »",
    }  # fmt: skip
    assert {n: (words in said[n]) if words else said[n] == "" for n, words in wanted.items()} == dict.fromkeys(
        said, True
    )
    assert (Application.objects.count(), Job.objects.filter(kind="applications.entry").count()) == (before, 0)


def test_applied_it_is_entered_by_the_workers_once_and_what_fails_then_is_kept(closed):
    call, manager, eve = closed
    for spec in (ETRETAT, TILLEUL):
        make_town_hall(spec)
    batch = stage_batch(
        call=call, name="t.csv", lines=[line(2, "76254", eve, q1="La halle"), line(3, "76693", eve)],
        files={"p.pdf": proof(manager)}, by=manager, at=portal_now(),
    )  # fmt: skip
    assert apply_batch(batch=batch, by=manager, at=portal_now()) == 2
    with pytest.raises(Refused, match="déjà enregistré"):
        apply_batch(batch=batch, by=manager, at=portal_now())
    record_outside(call=call, told=told(manager, eve, TILLEUL), by=manager, at=portal_now())
    run_jobs(limit=50)
    entered = {row.number: (row.application and row.application.title, row.failure[:30]) for row in batch.lines.all()}
    assert entered == {2: ("La halle", ""), 3: (None, "Une candidature est déjà là : ")}
    Job.objects.filter(kind="applications.entry").update(state="queued")
    run_jobs(limit=50)
    assert Application.objects.filter(call=call).count() == 2


@pytest.mark.parametrize(
    ("text", "hour"), [("", None), ("16:30", time(16, 30)), ("16 h 30", time(16, 30)), ("9h", time(9))]
)
def test_an_hour_is_read_as_people_write_it(text, hour):
    assert hour_read(text) == hour


# --- past laureates ----------------------------------------------------------------------------------------------


def test_past_laureates_are_admitted_at_once_decided_with_their_act_and_no_letter_leaves(closed):
    call, manager, eve = closed
    made = record_outside(call=call, told=told(manager, eve, channel="past"), by=manager, at=portal_now())
    assert made.application.state == "admissible"
    on = day_of(portal_now()) - timedelta(days=20)
    decision = record_decision(
        call=call, body="le bureau", act_number="BU-17", act_on=on, told_on=on + timedelta(days=3),
        lines=[Line(made.application, "selected", "Lauréate de l’édition.", 1)], by=manager, at=portal_now(),
    )  # fmt: skip
    assert decision.told_on == on + timedelta(days=3)
    assert [row.application for row in laureates(call, notified=True)] == [made.application]
    page = client_of(manager).get(reverse("staff_letters", args=[decision.uuid]))
    assert "Notifiée hors du portail le" in text_of(page)
    with pytest.raises(Refused, match="suit l’acte"):
        record_decision(
            call=call, body="le bureau", act_number="BU-18", act_on=on, told_on=on - timedelta(days=1), lines=[],
            by=manager, at=portal_now(),
        )  # fmt: skip


# --- the screens -------------------------------------------------------------------------------------------------


def test_an_officer_enters_it_on_the_screen_and_everybody_reads_where_it_comes_from(closed):
    call, _, eve = closed
    _, secretary, _ = make_town()
    page = client_of(make_role(call, "officer"))
    path = reverse("outside_new", args=[call.slug])
    typed = {"q": "Étretat", "who": "insee:76254", "channel": "mail", "received_on": f"{eve}", "q_Q1": "La halle"}
    refused = page.post(path, {**typed, "q_Q2": "beaucoup", "proof": pdf_upload("courriel.pdf")})
    assert "« Surface »" in text_of(refused)
    assert 'value="La halle"' in refused.content.decode()
    done = page.post(path, {**typed, "q_Q2": "1 200", "proof": pdf_upload("courriel.pdf")})
    file = Application.objects.get(call=call)
    assert done.url == reverse("staff_application", args=[file.uuid])
    words = spaced(file.outside.words)
    assert words.startswith("par courriel le ")
    assert words in text_of(page.get(done.url))
    assert page.get(reverse("outside_proof", args=[file.uuid])).status_code == 200
    home = client_of(secretary)
    for name in ("application", "receipt", "applications"):
        path = reverse(name, args=[] if name == "applications" else [file.uuid])
        assert words in text_of(home.get(path)), name
    assert "Déposée le" not in text_of(home.get(reverse("receipt", args=[file.uuid])))


def test_a_table_is_sent_read_and_applied_on_the_screens(closed):
    call, manager, eve = closed
    make_town_hall(ETRETAT)
    page = client_of(manager)
    model = page.get(reverse("outside_model", args=[call.slug]))
    head = b"".join(model).decode("utf-8-sig").strip()
    assert head.startswith("insee;siren;voie;reçue le;heure;référence;preuve;volet;Q1;Q2;Q3")
    text = f"{head}\n76254;;papier;{eve:%d/%m/%Y};;R1;p.pdf;;La halle\n;;;;;;;\n"
    path = reverse("outside_table", args=[call.slug])
    wrong = page.post(path, {"table": SimpleUploadedFile("t.csv", b"a;b\n1;2\n")})
    assert "doit porter les colonnes" in text_of(wrong)
    sent = page.post(
        path, {"table": SimpleUploadedFile("t.csv", text.encode("cp1252")), "proofs": [pdf_upload("p.pdf")]}
    )
    batch = EntryBatch.objects.get()
    assert sent.url == reverse("outside_batch", args=[call.slug, batch.uuid])
    assert "Rien n’est encore enregistré" in text_of(page.get(sent.url))
    page.post(sent.url)
    run_jobs(limit=50)
    assert "1 sur 1 dossier traité" in text_of(page.get(sent.url))
    assert "La halle" in text_of(page.get(reverse("staff_application", args=[Application.objects.get().uuid])))
    assert "1 sur 1" in text_of(page.get(reverse("outside", args=[call.slug])))


def test_a_scoped_officer_enters_their_communes_one_by_one(closed):
    call, _, eve = closed
    officer = make_role(call, "officer")
    officer.call_roles.update(scope=["76254"])
    page, path = client_of(officer), reverse("outside_new", args=[call.slug])
    for spec, allowed in ((ETRETAT, True), (HARFLEUR, False)):
        make_town_hall(spec)
        typed = {"q": spec[2], "who": f"insee:{spec[0]}", "channel": "paper", "received_on": f"{eve}"}
        page.post(path, {**typed, "proof": pdf_upload()})
        assert Application.objects.filter(lead__commune=spec[0]).exists() is allowed
    assert page.get(reverse("outside_table", args=[call.slug])).status_code == 403
    assert client_of(make_role(call, "reader")).get(path).status_code == 403
