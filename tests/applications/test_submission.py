"""What one deposit writes, what each refusal says, what a new version changes."""

import io
import json
import re
import subprocess
import uuid

import pikepdf
import pytest
from django.core import mail
from django.db import DatabaseError, connection, transaction

from applications import states
from applications.content.reading import fingerprint
from applications.models import AnswerFact, Deposit, DepositAttempt, DepositedPiece, EligibilityVerdict, SectionAnswers
from applications.queries.files import answers_for_reading, pieces_for_reading
from applications.services.drafting import save_section
from applications.services.signature import withdraw_application
from portal.core.clock import at_instant, portal_now
from portal.core.models import OutboundEmail
from portal.core.outbox import deliver_emails, run_jobs
from portal.core.rules import Refused
from portal.core.typography import format_instant
from portal.core.uploads import read_bytes
from tests.applications.files import deposit, make_attachment, make_ready
from tests.factories import make_call, make_member, make_user, paris

pytestmark = pytest.mark.django_db


def test_a_deposit_freezes_everything():
    application, secretary, mayor = make_ready(make_call(prefix="TPS"))
    done = deposit(application, mayor)
    assert (application.state, application.number, application.title) == (
        states.SUBMITTED,
        "TPS-2027-0001",
        "La place des Marronniers",
    )
    assert (done.n, done.quality, done.on_behalf_of, done.deposited_by) == (1, "Maire", application.lead, mayor)
    assert done.closes_at == application.window.closes_at
    assert done.undertakings == [{"code": "U1", "label": "Participer à cinq réunions dans l’année"}]
    assert done.facts["populations"] == [{"kind": "municipale", "year": 2023, "value": 1102, "source": "Insee"}]
    assert [(s.code, [(a.code, a.text) for a in s.answers]) for s in answers_for_reading(done, for_jury=False)] == [
        ("S1", [("Q1", "La place des Marronniers"), ("Q2", "1\u202f200\u00a0m²")]),
        ("S2", [("Q3", "La place reste vide l’après-midi dès le mois de mai."), ("Q4", "Isolement")]),
    ]
    pieces = DepositedPiece.objects.filter(deposit=done).values_list("piece_code", "sha256", "file__sha256")
    assert [code for code, *_ in pieces] == ["DELIB", "PLAN_SIT"]
    assert all(kept == stored for _, kept, stored in pieces)
    assert list(AnswerFact.objects.values_list("question_code", "number")) == [("Q2", 1200)]
    verdict = EligibilityVerdict.objects.get()
    assert (verdict.rule_code, verdict.outcome, verdict.effect) == ("R1", "pass", "blocking")
    transition = application.transitions.get()
    assert (transition.transition, transition.by, transition.on_behalf_of) == ("submit", mayor, application.lead)
    assert secretary != mayor


@pytest.mark.parametrize("model", [Deposit, DepositedPiece, AnswerFact, EligibilityVerdict, DepositAttempt])
def test_a_deposit_cannot_be_changed_nor_erased(model):
    """A17."""
    application, _, mayor = make_ready()
    deposit(application, mayor)
    table = model._meta.db_table
    for statement in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def reason_of(application, by, **changes):
    """The sentence of a refusal, checked to be the one that was kept."""
    with pytest.raises(Refused) as refusal:
        deposit(application, by, **changes)
    attempt = DepositAttempt.objects.latest("pk")
    assert (attempt.accepted, attempt.reason, attempt.by) == (False, str(refusal.value), by)
    return str(refusal.value).replace("\u00a0", " ").replace("\u202f", " ")


def test_each_refusal_says_why_and_is_kept():
    application, secretary, mayor = make_ready()
    signatories_only = "Seule une personne habilitée à signer pour la commune peut déposer."
    pending = make_member(application.lead, "signatory", state="pending")
    assert {reason_of(application, who) for who in (secretary, pending, make_user())} == {signatories_only}
    assert reason_of(application, mayor, undertakings=[]) == "Cochez chaque engagement de la commune avant de déposer."
    SectionAnswers.objects.filter(section_code="S1").update(values={"Q1": "La place", "Q2": "beaucoup"})
    application.attachments.filter(piece_code="DELIB").update(removed_at=portal_now())
    assert reason_of(application, mayor) == (
        "Il reste 1 section à compléter et 1 pièce à joindre avant de déposer. "
        "Ouvrez « Tout relire » : ce qui manque y est marqué."
    )
    assert Deposit.objects.count() == 0
    assert application.state == states.DRAFT


def test_a_blocking_rule_that_fails_on_the_answers_refuses_the_deposit():
    application, _, mayor = make_ready()
    application.call.eligibility_rules.create(
        code="R3", position=3, kind="answer", label="Site assez grand", effect="blocking",
        parameters={"sentence": "Le site est assez grand.", "question": "Q2", "at_least": "5000"},
    )  # fmt: skip
    assert reason_of(application, mayor) == (
        "Votre commune ne peut pas candidater. Site assez grand : non, d’après la réponse de la commune."
    )


def test_too_late_says_since_when_and_that_the_draft_is_kept():
    application, _, mayor = make_ready(make_call())
    limit = format_instant(application.window.closes_at, seconds=True).replace("\u00a0", " ")
    with at_instant(application.window.closes_at):
        assert reason_of(application, mayor) == (
            f"L’appel est clos depuis le {limit}, heure de Paris. Votre brouillon est conservé."
        )
    assert SectionAnswers.objects.count() == 2


def test_a_new_version_keeps_the_number_and_leaves_the_first_untouched():
    application, secretary, mayor = make_ready()
    first = deposit(application, mayor)
    before = (first.answers, first.answers_sha256)
    save_section(
        application=application,
        section_code="S1",
        typed={"Q1": "La place et le square"},
        version=1,
        by=secretary,
        at=portal_now(),
    )
    make_attachment(application, "PLAN_SIT", secretary, b"%PDF-1.7 other")
    second = deposit(application, mayor)
    number = application.number
    application.refresh_from_db()
    first.refresh_from_db()
    assert (second.n, application.number, application.title) == (2, number, "La place et le square")
    assert (first.answers, first.answers_sha256) == before
    assert first.pieces.count() == 2
    assert second.pieces.count() == 3
    assert [second.receipt.number, first.receipt.number] == [f"AD-{number}-2", f"AD-{number}-1"]
    assert application.state == states.SUBMITTED


def test_the_same_content_deposited_again_is_the_same_deposit():
    application, _, mayor = make_ready()
    assert deposit(application, mayor) == deposit(application, mayor)
    assert DepositAttempt.objects.count() == 1


def test_a_key_of_another_file_is_refused():
    application, _, mayor = make_ready()
    done = deposit(application, mayor)
    other, _, _ = make_ready(make_call(), (application.lead, mayor, mayor))
    with pytest.raises(Refused, match="Ce formulaire a déjà servi pour une autre candidature."):
        deposit(other, mayor, idempotency_key=done.idempotency_key)


def test_the_receipt_is_mailed_once_to_each_and_says_the_same_as_the_deposit():
    """A18, A20: the PDF bears number, instant, fingerprints; the mail carries it."""
    application, secretary, mayor = make_ready(make_call(prefix="TPS"))
    make_member(application.lead, "reader")
    done = deposit(application, mayor)
    run_jobs()
    deliver_emails()
    assert {message.to[0] for message in mail.outbox} == {secretary.email, mayor.email}
    (message,) = [m for m in mail.outbox if m.to == [mayor.email]]
    assert message.subject.replace("\u00a0", " ") == "TPS-2027-0001 : candidature d’Étretat déposée"
    ((name, pdf, mimetype),) = message.attachments
    assert (name, mimetype) == ("AD-TPS-2027-0001-1.pdf", "application/pdf")
    done.receipt.refresh_from_db()
    assert pdf == read_bytes(done.receipt.file)
    text = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True
    ).stdout.decode()
    digits = re.sub(r"\s", "", text)
    assert "TPS-2027-0001" in text
    assert "Maire, pour la commune d’Étretat" in re.sub(r"\s+", " ", text)
    for fingerprint_ in (done.answers_sha256, *done.pieces.values_list("sha256", flat=True)):
        assert fingerprint_[:8] in digits
        assert fingerprint_[-8:] in digits


def test_the_json_attached_to_the_receipt_has_the_printed_fingerprint():
    application, _, mayor = make_ready()
    done = deposit(application, mayor)
    run_jobs()
    done.receipt.refresh_from_db()
    with pikepdf.open(io.BytesIO(read_bytes(done.receipt.file))) as pdf:
        (attached,) = pdf.attachments.values()
        content = attached.get_file().read_bytes().decode()
    assert fingerprint(content) == done.answers_sha256
    assert json.loads(content) == done.answers


def test_the_mail_waits_for_the_receipt_and_is_not_lost():
    application, _, mayor = make_ready()
    deposit(application, mayor)
    assert deliver_emails() == 0
    assert set(OutboundEmail.objects.values_list("state", flat=True)) == {"queued"}
    run_jobs()
    assert deliver_emails() == 2


def test_the_jury_reads_neither_hidden_answers_nor_hidden_pieces():
    application, _, mayor = make_ready()
    call = application.call
    call.questions.filter(code__in=["Q3", "Q4"]).update(visible_to_jury=False)
    call.piece_types.filter(code="DELIB").update(visible_to_jury=False)
    done = deposit(application, mayor)
    assert [a.code for s in answers_for_reading(done, for_jury=True) for a in s.answers] == ["Q1", "Q2"]
    assert [p.code for p in pieces_for_reading(done, for_jury=True)] == ["PLAN_SIT"]
    assert [p.code for p in pieces_for_reading(done, for_jury=False)] == ["DELIB", "PLAN_SIT"]


def test_withdrawing_keeps_the_deposits_and_tells_everyone():
    application, secretary, mayor = make_ready()
    deposit(application, mayor)
    with pytest.raises(Refused, match="Seule une personne habilitée à signer pour la commune peut retirer."):
        withdraw_application(application=application, by=secretary, reason="x", at=portal_now())
    with pytest.raises(Refused, match="demande un motif"):
        withdraw_application(application=application, by=mayor, reason=" ", at=portal_now())
    withdraw_application(application=application, by=mayor, reason="Projet abandonné.", at=portal_now())
    assert application.state == states.WITHDRAWN
    assert Deposit.objects.count() == 1
    told = OutboundEmail.objects.filter(kind="applications.withdrawn").values_list("recipient", flat=True)
    assert set(told) == {secretary.email, mayor.email}
    assert reason_of(application, mayor, idempotency_key=uuid.uuid4()).startswith("Cette candidature est retirée")


@pytest.mark.parametrize("state", [states.ADMISSIBLE, states.INADMISSIBLE, states.DECIDED])
def test_a_refusal_never_tells_what_was_decided(state):
    application, _, mayor = make_ready()
    deposit(application, mayor)
    type(application).objects.filter(pk=application.pk).update(state=state)
    application.refresh_from_db()
    assert reason_of(application, mayor) == "Cette candidature est en cours d’instruction : elle ne se modifie plus."


def test_the_receipt_lists_what_comes_after_the_limit_in_words():
    call = make_call(closes_at=paris(2027, 3, 31, 23, 59, 59))
    for code, day in (("publication", 1), ("opinions", 31)):
        call.milestones.create(code=code, position=day, on=paris(2027, 3, day).date(), label="")
    snapshot = deposit(*make_ready(call)[::2]).receipt.snapshot
    lines = [(line["label"], line["when"].replace("\u00a0", " ")) for line in snapshot["calendar"]]
    assert lines == [("Avis des partenaires", "mercredi 31 mars 2027"), ("Jury", "mercredi 5 mai 2027")]
    assert snapshot["contact"]["service"] == "Le Havre Seine Métropole, Service Santé"
