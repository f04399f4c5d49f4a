"""Conditions said in French, and as rows of a form."""

import pytest

from calls.condition_rows import ALL, ANY, BadRow, Row, condition_of, rows_of, subjects
from calls.condition_words import say
from calls.definition.predicates import read_condition
from calls.definition.schema import CallDocument
from tests.calls.documents import ordinary, small

STATE = {"kind": "answer", "question": "etat", "equals": "idee"}
SMALL_TOWN = {"kind": "population", "population_kind": "municipale", "year": 2023, "below": 5000}


TRACKS = "tracks:\n  - {code: A, label: Places}\n  - {code: B, label: Rues}\n"
STRATA = "strata:\n  - {code: S1, label: Petites communes, year: 2023, upper: 1000}\n"


def document() -> CallDocument:
    return small(("eligibility:\n", f"{TRACKS}{STRATA}eligibility:\n"))


@pytest.mark.parametrize(
    ("condition", "sentence"),
    [
        (None, ""),
        (STATE, "la réponse à « Où en est le projet ? » est « Une idée »"),
        ({"kind": "not", "term": STATE}, "la réponse à « Où en est le projet ? » n’est pas « Une idée »"),
        (
            {"kind": "answer", "question": "etat", "one_of": ["idee", "travaux"]},
            "la réponse à « Où en est le projet ? » est « Une idée » ou « En travaux »",
        ),
        (
            {"kind": "answer", "question": "etat", "includes": "idee"},
            "la réponse à « Où en est le projet ? » comprend « Une idée »",
        ),
        (
            {"kind": "answer", "question": "titre", "at_least": "12.5"},
            "la réponse à « Titre du projet » est d’au moins 12,5",
        ),
        (SMALL_TOWN, "la population municipale 2023 de la commune est de moins de 5 000 habitants"),
        ({"kind": "track", "codes": ["A", "B"]}, "le volet est « Places » ou « Rues »"),
        ({"kind": "stratum", "codes": ["S1"]}, "la strate est « Petites communes »"),
        ({"kind": "applicant", "kinds": ["commune"]}, "la nature du candidat est « commune »"),
        (
            {
                "kind": "any",
                "terms": [{"kind": "track", "codes": ["A"]}, {"kind": "all", "terms": [STATE, SMALL_TOWN]}],
            },
            "le volet est « Places » ou (la réponse à « Où en est le projet ? » est « Une idée » "
            + "et la population municipale 2023 de la commune est de moins de 5 000 habitants)",
        ),
        (
            {"kind": "not", "term": {"kind": "any", "terms": [STATE, {"kind": "track", "codes": ["A"]}]}},
            "la réponse à « Où en est le projet ? » n’est pas « Une idée » et le volet n’est pas « Places »",
        ),
    ],
)
def test_a_condition_is_said_in_french(condition, sentence) -> None:
    assert ordinary(say(read_condition(condition), document())) == sentence


@pytest.mark.parametrize(
    ("condition", "join", "rows"),
    [
        (None, ALL, []),
        (STATE, ALL, [Row("answer:etat", "is", "Une idée")]),
        ({"kind": "not", "term": STATE}, ALL, [Row("answer:etat", "is_not", "Une idée")]),
        (
            {"kind": "any", "terms": [SMALL_TOWN, {"kind": "track", "codes": ["A", "B"]}]},
            ANY,
            [Row("population:commune:municipale", "below", "5000", "2023"), Row("track", "is", "Places ; Rues")],
        ),
        (
            {"kind": "all", "terms": [{"kind": "answer", "question": "titre", "at_most": "12.5"}, STATE]},
            ALL,
            [Row("answer:titre", "at_most", "12,5"), Row("answer:etat", "is", "Une idée")],
        ),
    ],
)
def test_rows_say_a_condition_exactly(condition, join, rows) -> None:
    read = read_condition(condition)
    assert rows_of(read, document()) == (join, rows)
    assert read_condition(condition_of(join, rows, document())) == read


@pytest.mark.parametrize(
    "condition",
    [
        {"kind": "not", "term": {"kind": "any", "terms": [STATE]}},
        {"kind": "all", "terms": [STATE]},
        {"kind": "all", "terms": [STATE] * 5},
        {"kind": "answer", "question": "etat", "one_of": ["idee"]},
        {**SMALL_TOWN, "at_least": 100},
        {"kind": "population", "below": 5000},
        {"kind": "answer", "question": "disparue", "equals": "x"},
    ],
)
def test_what_rows_cannot_say_exactly_has_none(condition) -> None:
    assert rows_of(read_condition(condition), document()) is None


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (Row("", "is", "x"), "Choisissez ce qui est comparé"),
        (Row("track", "is", " "), "Écrivez la valeur attendue"),
        (Row("track", "is", "Ponts"), "écrivez Places ou Rues"),
        (Row("track", "below", "Places"), "Choisissez « est »"),
        (Row("answer:etat", "is", "Fini"), "écrivez Une idée ou En travaux"),
        (Row("answer:etat", "includes", "Une idée ; En travaux"), "une seule réponse"),
        (Row("answer:titre", "at_least", "douze"), "n’est pas un nombre"),
        (Row("answer:titre", "below", "12"), "« est d’au moins » ou"),
        (Row("answer:perdue", "is", "x"), "n’est plus dans le formulaire"),
        (Row("population:commune:municipale", "below", "5 000"), "millésime"),
        (Row("population:commune:municipale", "is", "5000", "2023"), "se compare par"),
    ],
)
def test_a_bad_row_says_what_to_write(row, message) -> None:
    with pytest.raises(BadRow) as bad:
        condition_of(ALL, [row], document())
    assert message in ordinary(str(bad.value))


def test_only_what_can_be_compared_is_offered() -> None:
    small_call = document()
    groups = dict(subjects(small_call, small_call.questions))
    assert [key for key, _ in groups["La réponse à"]] == ["answer:etat"]
    assert {"track", "stratum", "applicant", "population:commune:municipale"} < {
        key for key, _ in groups["Le candidat"]
    }
    assert "La réponse à" not in dict(subjects(small_call, ()))
