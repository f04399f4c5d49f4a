"""A call is a document: export(import(file)) == canonical(file)."""

from itertools import pairwise
from pathlib import Path

import pytest

from calls.definition.dump import dump
from calls.definition.load import amend, load
from calls.definition.reading import canonical, read
from calls.models import Call, Criterion, PieceType, Question, SeatTemplate
from portal.core.clock import portal_now
from tests.calls.conftest import FULL
from tests.calls.documents import small
from tests.factories import make_institution

CATALOGUE = Path(__file__).parents[2] / "calls" / "catalogue"
FILES = sorted(CATALOGUE.glob("*.yaml"))

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_export_of_import_is_the_canonical_file(path: Path) -> None:
    document = read(path.read_text())
    call = load(document, owner=make_institution(), at=portal_now())
    assert canonical(dump(Call.objects.get(pk=call.pk))) == canonical(document)


def test_the_programme_of_le_havre_has_all_its_rows() -> None:
    call = load(
        read((CATALOGUE / "territoire-promoteur-de-sante.yaml").read_text()), owner=make_institution(), at=portal_now()
    )
    assert call.sections.count() == 10
    assert list(Criterion.objects.filter(call=call).values_list("code", "points", "knockout")) == [
        ("C1", 25, 8), ("C2", 15, None), ("C3", 20, None), ("C4", 15, None), ("C5", 15, None), ("C6", 10, None),
    ]  # fmt: skip
    assert SeatTemplate.objects.filter(call=call, voting=True).count() == 9
    assert SeatTemplate.objects.filter(call=call, voting=False).count() == 3
    assert (call.grid.threshold, call.grid.max_selected, call.grid.reserve_size) == (50, 4, 3)
    assert call.support_phases.count() == 6
    assert call.agreement_articles.count() == 13
    assert set(PieceType.objects.filter(call=call, need="required").values_list("code", flat=True)) == {
        "DELIB", "LETTRE_ENG", "PLAN_SIT", "PERIMETRE", "PHOTOS",
    }  # fmt: skip
    assert Question.objects.filter(call=call, is_project_title=True).count() == 1


def test_importing_again_replaces_the_working_copy() -> None:
    document = read(FILES[0].read_text())
    owner, at = make_institution(), portal_now()
    first = load(document, owner=owner, at=at)
    again = load(document, owner=owner, at=at, call=first)
    assert (again.pk, Call.objects.count()) == (first.pk, 1)
    assert canonical(dump(again)) == canonical(document)


def test_rows_follow_from_any_document_to_any_other() -> None:
    """Written by difference: lists that grow, shrink and swap codes, a track that goes with its window, parts that leave."""
    owner = make_institution()
    same = {"slug": "le-meme", "code_prefix": "MEM"}
    documents = [small(), read(FULL), read(FILES[-1].read_text()), read(FULL), small()]
    stages = [document.model_copy(update=same) for document in documents]
    call = load(stages[0], owner=owner, at=portal_now())
    for before, after in pairwise(stages):
        amend(call, before, after)
        assert dump(Call.objects.get(pk=call.pk)) == after


def test_what_has_not_changed_keeps_its_row() -> None:
    call = load(read(FULL), owner=make_institution(), at=portal_now())
    before = dump(call)
    kept = dict(Question.objects.filter(call=call).values_list("code", "pk"))
    sections = (before.sections[1].model_copy(update={"condition": None}), before.sections[0])
    amend(call, before, before.model_copy(update={"sections": sections}))
    assert dict(Question.objects.filter(call=call).values_list("code", "pk")) == kept
    assert list(call.sections.values_list("code", flat=True)) == ["moyens", "projet"]
