"""Fictitious answers and files are valid ones, whatever the bounds; the moments of a call come one after another."""

from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest

from applications.content.answers import read
from portal.core.uploads import check_content
from portal.rehearsals.moments import calendar_of, turn
from portal.rehearsals.samples import Sample, answer_to, piece
from tests.factories import paris

BLANK = {"max_length": None, "minimum": None, "maximum": None, "unit": "", "options": [], "is_project_title": False}
OPTIONS = [
    {"code": "a", "label": "A"},
    {"code": "b", "label": "B"},
    {"code": "rien", "label": "Rien", "exclusive": True},
]


@pytest.mark.parametrize(
    "question",
    [
        {"kind": "text", "max_length": 3},
        {"kind": "text", "is_project_title": True},
        {"kind": "long_text", "max_length": 10},
        {"kind": "long_text"},
        {"kind": "number", "minimum": Decimal(2027), "maximum": Decimal(2027)},
        {"kind": "number", "minimum": Decimal("-3.5"), "maximum": Decimal("-3.25")},
        {"kind": "percent"},
        {"kind": "money", "maximum": Decimal("0.50")},
        {"kind": "date"},
        {"kind": "single", "options": OPTIONS},
        {"kind": "multiple", "options": OPTIONS},
        {"kind": "multiple", "options": OPTIONS[2:]},
        {"kind": "yes_no"},
        {"kind": "email"},
        {"kind": "phone"},
    ],
    ids=lambda question: "-".join(map(str, question.values()))[:40],
)
def test_an_answer_is_read_as_a_value(question) -> None:
    row = SimpleNamespace(**{**BLANK, **question})
    for n in range(40):
        assert read(row, answer_to(row, Sample(n, date(2027, 3, 31)))) is not None


@pytest.mark.parametrize("extension", ["pdf", "jpg", "jpeg", "png", "odt", "ods", "docx", "xlsx", "geojson"])
def test_a_piece_is_a_real_file_of_its_type(extension) -> None:
    upload = piece(extension, "plan", 3)
    assert check_content(upload.name, upload.read(), ["jpg", "jpeg", extension])


def test_files_are_begun_and_deposited_in_turn_within_the_window() -> None:
    opens, closes = paris(2027, 1, 15, 9), paris(2027, 3, 31, 23, 59, 59)
    turns = [turn(opens, closes, n, 200) for n in range(200)]
    assert [t.deposited_at for t in turns] == sorted({t.deposited_at for t in turns})
    for t in turns:
        assert opens < t.begun_at < t.asked_at < t.deposited_at < closes


def test_the_moments_come_one_after_another_even_when_the_call_names_no_day() -> None:
    opens, closes = paris(2027, 1, 15, 9), paris(2027, 3, 31, 23, 59, 59)
    for jury, decision in ((None, None), (date(2027, 5, 5), date(2027, 5, 27)), (date(2027, 3, 31), date(2027, 3, 31))):
        calendar = calendar_of([(opens, closes)], jury, decision)
        moments = [calendar.start(stage) for stage in ("open", "closed", "jury", "decision")]
        assert moments == sorted(moments)
        assert opens < moments[0] < closes < moments[1]
        assert calendar.before_jury(70) < calendar.jury_at
        assert calendar.decision_at - calendar.jury_at >= timedelta(days=1)
