"""What is kept and until when: the rule of the call, two notices, the visa of the archives, then only numbers."""

from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.urls import reverse

from applications.models import Application, ArchiveVisa, Deposit, DepositedPiece, Erasure, SectionAnswers
from applications.queries.files import own_applications, staffed_applications
from applications.queries.retention import dues_of_call, notice_instants
from applications.rules.retention import may_erase
from applications.services.abandoning import abandon_draft
from applications.services.decision import Line, record_decision
from applications.services.examination import admit
from applications.services.retention import ask_drafts, ask_erasure, hold, record_visa
from calls.retention import Retention, retention_of
from portal.core.calendar import day_of
from portal.core.clock import at_instant, portal_now
from portal.core.models import Job, OutboundEmail, StoredFile
from portal.core.outbox import JOB_HANDLERS
from portal.core.rules import Refused
from portal.home.reminders import tick
from tests.accounts.helpers import spaced, text_of
from tests.applications.files import deposit, make_ready, make_town
from tests.applications.staff.makers import client_of, make_staffed_call
from tests.factories import BENOUVILLE, HARFLEUR, make_call, make_role
from tests.harness.disk import path_of

pytestmark = pytest.mark.django_db
SHORT = {"text": "Pour instruire.", "dpo_mail": "dpd@exemple.fr", "draft_months": 3, "not_selected_years": 2}


def test_the_rule_is_that_of_the_call_and_counts_months_and_years():
    rule = retention_of({"data_notice": {"draft_months": 3, "selected_years": 4}})
    assert rule == Retention(3, 5, 4)
    assert rule.of_draft(date(2027, 11, 30)) == date(2028, 2, 29)
    assert (rule.of_file(date(2027, 5, 27), selected=True), rule.of_file(date(2027, 5, 27), selected=False)) == (
        date(2031, 5, 27), date(2032, 5, 27),
    )  # fmt: skip
    assert retention_of({}) == Retention()


@pytest.fixture
def file():
    """A draft of a call that keeps drafts three months and files two years; its secretary, its mayor, the manager."""
    call, manager = make_staffed_call()
    call.extras = {**call.extras, "data_notice": SHORT}
    call.save(update_fields=["extras"])
    return (*make_ready(call), manager)


def due(application, at=None):
    """Of this file, read again."""
    found = dues_of_call(application.call, at or portal_now())
    return next((one for one in found if one.application.pk == application.pk), None)


def run_erasures():
    """The jobs, without the drawing of documents."""
    for job in Job.objects.filter(kind="applications.erase", state="queued"):
        with transaction.atomic():
            JOB_HANDLERS[job.kind](job)
        Job.objects.filter(pk=job.pk).update(state="done")


def send_notices(application, closes):
    """The planner at work on the two days."""
    with at_instant(closes + timedelta(seconds=1)):
        one = due(application)
    for instant in notice_instants(one):
        for moment in (instant - timedelta(hours=2), instant + timedelta(minutes=1)):
            with at_instant(moment):
                tick(portal_now())
    return one


# --- drafts ------------------------------------------------------------------------------------------------------


def test_a_draft_is_told_twice_then_erased_and_counted(file):
    application, secretary, mayor, _ = file
    closes = application.window.closes_at
    assert due(application) is None
    one = send_notices(application, closes)
    assert (one.kind, one.due_on) == ("draft", retention_of(application.call.extras).of_draft(day_of(closes)))
    mails = OutboundEmail.objects.filter(kind="reminder.retention_due")
    told = sorted({application.lead.official_email, secretary.email, mayor.email})
    assert sorted(set(mails.values_list("recipient", flat=True))) == told
    assert mails.count() == 2 * len(told)
    assert "sera effacé le" in spaced(mails.first().body)
    keys = list(StoredFile.objects.filter(pk__in=application.attachments.values("file")).values_list("pk", flat=True))
    with at_instant(one.term - timedelta(seconds=1)):
        assert not may_erase(due(application), portal_now())
        assert ask_drafts(portal_now()) == 0
    with at_instant(one.term):
        assert ask_drafts(portal_now()) == 1
        run_erasures()
    erased = Erasure.objects.get()
    assert (erased.application, erased.kind, erased.visa, erased.by) == (application, "draft", None, None)
    assert (erased.counts["sections"], erased.counts["answers"], erased.counts["files"]) == (2, 4, 2)
    assert not SectionAnswers.objects.filter(application=application).exists()
    assert not own_applications(secretary).exists()
    assert Application.objects.filter(pk=application.pk, title="", state="draft").exists()
    assert {StoredFile.objects.get(pk=key).name for key in keys} == {"fichier effacé.pdf"}


def test_the_bytes_go_with_the_commit_and_a_file_held_by_another_stays(file, django_capture_on_commit_callbacks):
    application, _, _, _ = file
    one = send_notices(application, application.window.closes_at)
    mine, shared = application.attachments.order_by("pk")
    other = make_ready(make_call(), make_town(HARFLEUR))[0]
    other.attachments.create(piece_code="PLAN_SIT", file=shared.file, added_at=portal_now(), added_by=shared.added_by)
    with at_instant(one.term), django_capture_on_commit_callbacks(execute=True):
        ask_drafts(portal_now())
        run_erasures()
    assert (path_of(mine.file.key).exists(), path_of(shared.file.key).exists()) == (False, True)


def test_nothing_goes_without_both_notices_and_a_hold_starts_them_again(file):
    application, _, _, manager = file
    closes = application.window.closes_at
    with at_instant(closes + timedelta(seconds=1)):
        one = due(application)
    with at_instant(one.term + timedelta(days=1)):
        assert "préavis" in may_erase(due(application), portal_now()).reason
        assert ask_drafts(portal_now()) == 0
        later = one.due_on + timedelta(days=60)
        hold(application=application, until_on=later, reason="Panne de courriel.", by=manager, at=portal_now())
        again = due(application)
        assert (again.due_on, again.held, again.notices) == (later, "Panne de courriel.", 0)
        with pytest.raises(Refused, match="à venir"):
            hold(application=application, until_on=day_of(portal_now()), reason="x", by=manager, at=portal_now())


def test_a_deleted_draft_goes_after_its_fortnight_told_by_the_mail_of_its_deletion(file):
    application, secretary, _, _ = file
    abandon_draft(application=application, by=secretary, at=portal_now())
    assert "Ensuite, ce qu’il contient est effacé" in spaced(OutboundEmail.objects.first().body)
    gone = application.transitions.get().happened_at
    with at_instant(gone + timedelta(days=13)):
        assert ask_drafts(portal_now()) == 0
    with at_instant(gone + timedelta(days=16)):
        assert ask_drafts(portal_now()) == 1
        run_erasures()
    assert Erasure.objects.get().kind == "deleted"


# --- deposited files ---------------------------------------------------------------------------------------------


@pytest.fixture
def decided(file):
    """Two files decided: one selected, one not."""
    application, _, mayor, manager = file
    deposit(application, mayor)
    other, _, other_mayor = make_ready(application.call, make_town(BENOUVILLE))
    deposit(other, other_mayor)
    for one in (application, other):
        admit(application=one, by=manager, at=portal_now(), reason="Examinée.")
    record_decision(
        call=application.call, body="le bureau", act_number="B1", act_on=day_of(portal_now()), by=manager,
        at=portal_now(),
        lines=[Line(application, "selected", "Oui.", 1), Line(other, "not_selected", "Non.")],
    )  # fmt: skip
    return application, other, manager


def visa(call, manager, until, **changes):
    told = {"given_by": "Dominique Exemple", "quality": "directrice des archives", "reference": "B-12"}
    told = {**told, "given_on": day_of(portal_now()), "due_until": until, "document": None, **changes}
    return record_visa(call=call, by=manager, at=portal_now(), **told)


def test_each_kind_has_its_term_and_a_deposited_file_needs_the_visa(decided):
    application, other, manager = decided
    today = day_of(portal_now())
    with at_instant(application.window.closes_at + timedelta(seconds=1)):
        kinds = {one.application.pk: (one.kind, one.due_on) for one in dues_of_call(application.call, portal_now())}
    rule = retention_of(application.call.extras)
    assert kinds == {
        application.pk: ("selected", rule.of_file(today, selected=True)),
        other.pk: ("not_selected", rule.of_file(today, selected=False)),
    }
    one = send_notices(other, application.window.closes_at)
    with at_instant(one.term + timedelta(days=1)):
        assert "visa des archives" in may_erase(due(other), portal_now()).reason
        with pytest.raises(Refused, match="Aucun dossier"):
            ask_erasure(call=application.call, by=manager, at=portal_now())
        visa(application.call, manager, one.due_on - timedelta(days=1), reference="B-11")
        assert not may_erase(due(other), portal_now())
        kept = visa(application.call, manager, one.due_on)
        with pytest.raises(Refused, match="déjà enregistré"):
            visa(application.call, manager, one.due_on)
        assert ask_erasure(call=application.call, by=manager, at=portal_now()) == 1
        run_erasures()
    erased = Erasure.objects.get()
    assert (erased.application, erased.visa, erased.by) == (other, kept, manager)


def test_erased_its_proof_its_decision_and_its_numbers_stay(decided):
    application, other, manager = decided
    before = other.deposits.get()
    one = send_notices(other, application.window.closes_at)
    with at_instant(one.term):
        visa(application.call, manager, one.due_on)
        ask_erasure(call=application.call, by=manager, at=portal_now())
        run_erasures()
    after = other.deposits.get()
    assert (after.answers, after.answers_sha256) == ({"sections": []}, before.answers_sha256)
    assert after.received_at == before.received_at
    assert after.facts == before.facts
    assert not after.answer_facts.exclude(text="").exists()
    assert after.answer_facts.filter(question_code="Q2").exists()
    assert DepositedPiece.objects.filter(deposit=after).count() == 2
    assert after.receipt.snapshot == {}
    other.refresh_from_db()
    assert (other.state, other.decision_lines.get().reason) == ("decided", "Non.")
    assert other not in staffed_applications(manager)
    assert application in staffed_applications(manager)


def test_the_database_lets_nothing_else_change_even_then(decided):
    application, other, manager = decided
    mine = Deposit.objects.filter(application=application)
    with pytest.raises(IntegrityError, match="insert-only"), transaction.atomic():
        mine.update(answers={})
    one = send_notices(other, application.window.closes_at)
    with at_instant(one.term):
        visa(application.call, manager, one.due_on)
        ask_erasure(call=application.call, by=manager, at=portal_now())
        run_erasures()
    theirs = Deposit.objects.filter(application=other)
    for change in ({"received_at": portal_now()}, {"answers_sha256": "0" * 64}, {"facts": {}}):
        with pytest.raises(IntegrityError, match="insert-only"), transaction.atomic():
            theirs.update(**change)
    with pytest.raises(IntegrityError, match="insert-only"), transaction.atomic():
        Erasure.objects.all().delete()
    with pytest.raises(IntegrityError, match="erasure_of_archives_has_visa"), transaction.atomic():
        Erasure.objects.create(
            application=application, kind="selected", due_on=one.due_on, rule="x", at=portal_now(), counts={}
        )


# --- the page, the command ---------------------------------------------------------------------------------------


def test_the_manager_reads_the_terms_records_the_visa_holds_and_erases(decided):
    application, other, manager = decided
    one = send_notices(other, application.window.closes_at)
    path = reverse("retention", args=[application.call.slug])
    with at_instant(one.term + timedelta(days=2)):
        page = client_of(manager, stepped_up=True)
        shown = text_of(page.get(path))
        assert "Le visa des archives n’est pas enregistré" in shown
        assert "2 sur 2" in shown
        typed = {"given_by": "Dominique Exemple", "quality": "directrice", "reference": "B-9", "given_on": ""}
        typed |= {"due_until": f"{one.due_on}"}
        wrong = page.post(reverse("retention_visa", args=[application.call.slug]), typed)
        assert "Indiquez la date du visa" in text_of(wrong)
        assert 'value="Dominique Exemple"' in wrong.content.decode()
        page.post(reverse("retention_visa", args=[application.call.slug]), {**typed, "given_on": f"{one.due_on}"})
        assert ArchiveVisa.objects.get().recorded_by == manager
        keep = reverse("retention_hold", args=[application.call.slug, application.uuid])
        early = page.post(keep, {"until_on": f"{one.due_on}", "reason": "Contentieux."})
        assert "qui suit le terme actuel" in text_of(early)
        page.post(keep, {"until_on": f"{one.due_on + timedelta(days=9000)}", "reason": "Contentieux."})
        assert application.holds.get().reason == "Contentieux."
        assert "1 dossier à effacer" in text_of(page.get(path))
        page.post(reverse("retention_erase", args=[application.call.slug]))
        run_erasures()
        assert "Visa B-9" in text_of(page.get(path))
        assert client_of(make_role(application.call, "officer")).get(path).status_code == 403


def test_the_command_says_and_erases_nothing_unless_told(file, capsys):
    application, _, _, _ = file
    one = send_notices(application, application.window.closes_at)
    with at_instant(one.term):
        call_command("retention", call=application.call.slug)
        said = spaced(capsys.readouterr().out)
        assert "brouillon jamais déposé" in said
        assert "à effacer" in said
        assert not Job.objects.filter(kind="applications.erase").exists()
        call_command("retention", apply=True)
    assert Job.objects.filter(kind="applications.erase").count() == 1
