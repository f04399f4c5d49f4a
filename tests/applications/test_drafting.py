"""Writing together (reliability B1), starting, pieces: what the services keep and what they refuse."""

import random

import pytest
from django.db import IntegrityError, transaction

from applications.models import Application, Attachment, SectionAnswers
from applications.queries.files import progress_of
from applications.services.drafting import (
    SectionConflict,
    attach,
    promise,
    remove_attachment,
    save_section,
    start_application,
)
from calls.models import PieceType, Question
from portal.core.clock import at_instant, portal_now
from portal.core.rules import Refused
from tests.applications.files import make_ready, make_town, pdf_upload, together
from tests.factories import BENOUVILLE, make_application, make_call, make_commune, make_member, make_town_hall

pytestmark = pytest.mark.django_db


def save(application, by, version, **typed):
    return save_section(
        application=application, section_code="S1", typed=typed, version=version, by=by, at=portal_now()
    )


@pytest.fixture
def draft():
    organisation, secretary, _ = make_town()
    return make_application(lead=organisation, by=secretary), secretary, make_member(organisation)


def test_versions_grow_and_the_same_text_changes_nothing(draft):
    application, one, two = draft
    assert save(application, one, 0, Q1="A", Q2="1").row.version == 1
    assert save(application, two, 0, Q1="A", Q2="1").row.version == 1
    assert save(application, one, 1, Q1="B").row.version == 2
    assert SectionAnswers.objects.get().values == {"Q1": "B", "Q2": "1"}


def test_two_writers_interleaved_at_random_never_overwrite_in_silence(draft, full_counts):
    """B1: whatever the order, a text disappears only when someone who saw it replaces it."""
    application, *people = draft
    for seed in range(500 if full_counts else 60):
        dice = random.Random(seed)
        SectionAnswers.objects.filter(application=application).delete()
        seen, written, settled = [0, 0], [], set()
        for step in range(6):
            who = dice.randrange(2)
            text = f"{seed}-{step}"
            try:
                row = save(application, people[who], seen[who], Q1=text).row
            except SectionConflict as conflict:
                settled.add(conflict.row.values["Q1"])
                seen[who] = conflict.row.version
                continue
            if written and written[-1][1] != who:
                assert written[-1][0] in settled, f"seed {seed}: {written[-1][0]} was overwritten unseen"
            seen[who] = row.version
            written.append((text, who))
        assert SectionAnswers.objects.get(application=application).values["Q1"] == written[-1][0]


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("version", [0, 1], ids=["first save", "later save"])
def test_eight_writers_at_once_one_is_kept_seven_are_told(version):
    organisation, secretary, _ = make_town()
    application = make_application(lead=organisation, by=secretary)
    if version:
        save(application, secretary, 0, Q1="avant")
    results = together([lambda n=n: save(application, secretary, version, Q1=f"texte {n}") for n in range(8)])
    conflicts = [result for result in results if isinstance(result, SectionConflict)]
    kept = [result for result in results if result not in conflicts]
    assert (len(kept), len(conflicts)) == (1, 7), results
    assert SectionAnswers.objects.get().values == kept[0].row.values
    assert {conflict.row.values["Q1"] for conflict in conflicts} == {kept[0].row.values["Q1"]}


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
@pytest.mark.xfail(strict=True, reason="the last who writes wins: what a save without version would do")
def test_a_save_without_version_would_lose_texts():
    organisation, secretary, _ = make_town()
    application = make_application(lead=organisation, by=secretary)
    save(application, secretary, 0, Q1="avant")

    def naive(text):
        row = SectionAnswers.objects.get()
        row.values = {**row.values, "Q1": text}
        row.save()
        return text

    written = together([lambda n=n: naive(f"texte {n}") for n in range(8)])
    assert set(written) == {SectionAnswers.objects.get().values["Q1"]}


def test_a_question_that_does_not_apply_is_not_awaited_and_its_text_is_kept(draft):
    application, one, _ = draft
    site = application.call.sections.get(code="S1")
    Question.objects.create(
        call=application.call, section=site, code="Q9", position=9, kind="text", label="Pourquoi si grand ?",
        condition={"kind": "answer", "question": "Q2", "at_least": "1000"},
    )  # fmt: skip
    shown = [
        a.question.code for a in save(application, one, 0, Q1="A", Q2="10", Q9="gardé").progress.section("S1").answers
    ]
    assert shown == ["Q1", "Q2"]
    after = save(application, one, 1, Q2="2000").progress.section("S1")
    assert [(a.question.code, a.value) for a in after.answers] == [("Q1", "A"), ("Q2", "2000"), ("Q9", "gardé")]
    assert (after.state, after.answered, after.awaited) == ("complete", 3, 3)


def test_a_reader_and_a_late_writer_are_refused(draft):
    application, one, _ = draft
    reader = make_member(application.lead, "reader")
    with pytest.raises(Refused, match="Votre droit dans la commune est de lire, pas d’écrire."):
        save(application, reader, 0, Q1="A")
    with at_instant(application.window.closes_at), pytest.raises(Refused, match="L’appel est clos depuis le"):
        save(application, one, 0, Q1="A")
    assert not SectionAnswers.objects.exists()


# --- beginning ---------------------------------------------------------------------------------------------------


def start(call, organisation, by):
    return start_application(call=call, organisation=organisation, by=by, at=portal_now())


def test_a_pending_member_may_begin_but_not_read_what_colleagues_wrote():
    from applications.queries.files import own_applications

    organisation, secretary, _ = make_town()
    stranger = make_member(organisation, state="pending")
    theirs = start(make_call(), organisation, secretary)
    own = start(make_call(), organisation, stranger)
    assert set(own_applications(stranger)) == {own}
    assert set(own_applications(secretary)) == {own, theirs}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"state": "draft"}, "Cet appel n’est pas ouvert aux candidatures."),
        ({"opens_at": "later"}, "Les candidatures ouvrent le"),
        ({"perimeter_codes": ["247600786"]}, "Votre commune ne peut pas candidater. Hors du périmètre de l’appel"),
    ],
)
def test_beginning_is_refused_with_its_reason(changes, sentence):
    from datetime import timedelta

    if "opens_at" in changes:
        changes = {"opens_at": portal_now() + timedelta(days=1), "closes_at": portal_now() + timedelta(days=9)}
    organisation, secretary, _ = make_town()
    with pytest.raises(Refused, match=sentence):
        start(make_call(**changes), organisation, secretary)
    assert not Application.objects.exists()


def test_a_blocking_rule_on_the_population_blocks_with_its_figure():
    organisation, secretary, _ = make_town()
    call = make_call()
    call.eligibility_rules.create(
        code="R2", position=2, kind="population", label="Plus de 5 000 habitants", effect="blocking",
        parameters={"sentence": "Plus de 5 000.", "population_kind": "municipale", "year": 2023, "above": 5000},
    )  # fmt: skip
    with pytest.raises(Refused) as refusal:
        start(call, organisation, secretary)
    assert str(refusal.value).replace("\u00a0", " ").replace("\u202f", " ") == (
        "Votre commune ne peut pas candidater. Plus de 5 000 habitants : non, 1 102 habitants, "
        "population municipale 2023, Insee."
    )


def test_known_facts_are_written_and_unknown_ones_left_empty():
    organisation, secretary, mayor = make_town()
    mayor.full_name = "Maire d’Étretat"
    mayor.save()
    call = make_call()
    section = call.sections.get(code="S1")
    asked = [
        "commune.name",
        "commune.siren",
        "intercommunality.name",
        "organisation.representative",
        "organisation.phone",
    ]
    for n, source in enumerate(asked):
        Question.objects.create(
            call=call, section=section, code=f"P{n}", position=10 + n, kind="text", label="?", prefill=source
        )
    start(call, organisation, secretary)
    expected = {"P0": "Étretat", "P1": "217602549", "P2": "Le Havre Seine Métropole", "P3": "Maire d’Étretat"}
    assert SectionAnswers.objects.get().values == expected


# --- pieces ------------------------------------------------------------------------------------------------------


def test_several_files_up_to_the_limit_then_a_clear_refusal(draft):
    application, one, _ = draft
    PieceType.objects.filter(call=application.call, code="PLAN_SIT").update(min_count=2, max_count=2)
    piece = application.call.piece_types.get(code="PLAN_SIT")
    attach(application=application, piece=piece, upload=pdf_upload("a.pdf"), by=one, at=portal_now())
    assert progress_of(application).piece("PLAN_SIT").state == "missing"
    last = attach(application=application, piece=piece, upload=pdf_upload("b.pdf"), by=one, at=portal_now())
    assert progress_of(application).piece("PLAN_SIT").state == "here"
    with pytest.raises(Refused, match="2.fichiers au plus"):
        attach(application=application, piece=piece, upload=pdf_upload("c.pdf"), by=one, at=portal_now())
    remove_attachment(attachment=last, piece=piece, by=one, at=portal_now())
    assert [str(a.file) for a in application.attachments.filter(removed_at=None)] == ["a.pdf"]
    assert Attachment.objects.count() == 2


def test_a_promise_stands_for_the_piece_until_it_is_handed_in(draft):
    application, one, _ = draft
    piece = application.call.piece_types.get(code="DELIB")
    promise(application=application, piece=piece, due_on=piece.promised_until, by=one, at=portal_now())
    assert progress_of(application).piece("DELIB").state == "promised"
    attach(application=application, piece=piece, upload=pdf_upload(), by=one, at=portal_now())
    assert progress_of(application).piece("DELIB").state == "here"
    assert application.promises.get().kept_at is not None
    other = application.call.piece_types.get(code="PLAN_SIT")
    with pytest.raises(Refused, match="ne peut pas être promise"):
        promise(application=application, piece=other, due_on=piece.promised_until, by=one, at=portal_now())


def test_a_piece_not_promised_cannot_be_added_after_the_limit():
    application, secretary, _ = make_ready()
    piece = application.call.piece_types.get(code="DELIB")
    with at_instant(application.window.closes_at), pytest.raises(Refused, match="L’appel est clos"):
        attach(application=application, piece=piece, upload=pdf_upload(), by=secretary, at=portal_now())


def test_the_database_keeps_one_file_per_organisation_and_call():
    call, organisation = make_call(), make_town_hall()
    make_application(call, organisation)
    with pytest.raises(IntegrityError, match="one_file_per_organisation_and_call"), transaction.atomic():
        make_application(call, organisation)
    make_application(call, make_town_hall(BENOUVILLE))
    assert make_commune(BENOUVILLE).organisation.applications_led.count() == 1
