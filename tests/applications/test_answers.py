"""Reading what people type: the value, or the sentence that says what to write."""

from decimal import Decimal
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications.content.answers import AnswerFault, fact_columns, read, tidy, wording
from applications.content.expectations import missing_sentence

OPTIONS = [
    {"code": "isolement", "label": "Isolement"},
    {"code": "chaleur", "label": "Forte chaleur"},
    {"code": "aucun", "label": "Aucun de ceux-là", "exclusive": True},
]
KINDS = ["text", "long_text", "number", "percent", "money", "date", "single", "multiple", "yes_no", "email", "phone"]


def question(kind, **columns):
    values = {"code": "Q", "minimum": None, "maximum": None, "max_length": None, "unit": "", "options": OPTIONS}
    return SimpleNamespace(kind=kind, **{**values, **columns})


def plain(sentence):
    return sentence.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("kind", "typed", "value", "words"),
    [
        ("text", " La place ", "La place", "La place"),
        ("number", "1 200", "1200", "1 200"),
        ("number", "1\u202f200,5", "1200.5", "1 200,5"),
        ("number", "-3", "-3", "−3"),
        ("percent", "31,4 %", "31.4", "31,4 %"),
        ("percent", "0", "0", "0 %"),
        ("percent", "100", "100", "100 %"),
        ("money", "1 250,50 €", "1250.50", "1 250,50 €"),
        ("date", "31/03/2027", "2027-03-31", "31 mars 2027"),
        ("date", "1.6.2027", "2027-06-01", "1er juin 2027"),
        ("date", "2027-06-01", "2027-06-01", "1er juin 2027"),
        ("single", "chaleur", "chaleur", "Forte chaleur"),
        ("multiple", ["chaleur", "isolement"], ["isolement", "chaleur"], "Isolement\nForte chaleur"),
        ("multiple", ["aucun"], ["aucun"], "Aucun de ceux-là"),
        ("yes_no", "oui", "oui", "Oui"),
        ("email", " mairie@exemple.fr", "mairie@exemple.fr", "mairie@exemple.fr"),
        ("phone", "02 35 00 00 00", "02 35 00 00 00", "02 35 00 00 00"),
        ("phone", "+33 2.35.00.00.00", "+33 2.35.00.00.00", "+33 2.35.00.00.00"),
    ],
)
def test_what_is_understood(kind, typed, value, words):
    asked = question(kind)
    assert read(asked, typed) == value
    assert plain(wording(asked, value)) == words


@pytest.mark.parametrize(
    ("columns", "typed", "sentence"),
    [
        ({"kind": "number"}, "beaucoup", "Écrivez un nombre."),
        (
            {"kind": "number", "minimum": Decimal("1.00"), "maximum": Decimal(1000000)},
            "0",
            "Écrivez un nombre entre 1 et 1 000 000.",
        ),
        (
            {"kind": "number", "minimum": Decimal(2020), "maximum": Decimal(2060)},
            "12",
            "Écrivez une année entre 2020 et 2060.",
        ),
        ({"kind": "number", "minimum": Decimal(0)}, "-1", "Écrivez un nombre positif ou nul."),
        ({"kind": "number", "minimum": Decimal(3)}, "2", "Écrivez un nombre d’au moins 3."),
        ({"kind": "number", "maximum": Decimal(3)}, "4", "Écrivez un nombre d’au plus 3."),
        ({"kind": "percent"}, "314", "Écrivez un pourcentage entre 0 et 100, par exemple 31,4."),
        ({"kind": "percent"}, "100,0001", "Écrivez un pourcentage entre 0 et 100, par exemple 31,4."),
        ({"kind": "money"}, "-5", "Écrivez un montant en euros positif ou nul, par exemple 1 250,50."),
        ({"kind": "date"}, "mars", "Écrivez une date, par exemple 31/03/2027."),
        ({"kind": "date"}, "31/02/2027", "Le 31/02/2027 n’existe pas. Écrivez une date, par exemple 31/03/2027."),
        ({"kind": "single"}, "autre", "Choisissez une réponse de la liste."),
        ({"kind": "multiple"}, ["autre"], "Cochez des réponses de la liste."),
        (
            {"kind": "multiple"},
            ["aucun", "chaleur"],
            "« Aucun de ceux-là » ne peut pas être coché avec une autre réponse.",
        ),
        ({"kind": "yes_no"}, "peut-être", "Répondez par oui ou par non."),
        ({"kind": "email"}, "mairie@", "Écrivez une adresse électronique, par exemple mairie@exemple.fr."),
        ({"kind": "phone"}, "12", "Écrivez un numéro de téléphone, par exemple 02 35 00 00 00."),
        ({"kind": "text", "max_length": 3}, "long", "Réduisez ce texte à 3 caractères : il en compte 4."),
    ],
)
def test_what_is_not_says_what_to_write(columns, typed, sentence):
    with pytest.raises(AnswerFault) as fault:
        read(question(**columns), typed)
    assert plain(str(fault.value)) == sentence


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_typed_is_no_answer_and_no_fault(kind):
    for blank in (None, "", "   ", []):
        assert read(question(kind), blank) is None


def test_a_missing_answer_is_asked_in_its_own_words():
    assert plain(missing_sentence(question("multiple"))) == "Cochez au moins une réponse, ou « Aucun de ceux-là »."
    assert missing_sentence(question("multiple", options=OPTIONS[:2])) == "Cochez au moins une réponse."
    assert missing_sentence(question("long_text")) == "Écrivez votre réponse."
    assert missing_sentence(question("yes_no")) == "Répondez par oui ou par non."
    assert missing_sentence(question("date")) == "Écrivez une date, par exemple 31/03/2027."


def test_line_ends_and_nul_are_tidied_and_the_limit_counts_characters():
    assert tidy("a\r\nb\x00\rc", "long_text") == "a\nb\nc"
    assert tidy("a\r\nb", "text") == "a b"
    assert tidy("chaleur", "multiple") == ["chaleur"]
    assert tidy(None, "multiple") == []
    assert read(question("long_text", max_length=3), tidy("a\r\nb", "long_text")) == "a\nb"


@given(st.sampled_from(KINDS), st.one_of(st.text(), st.lists(st.text())))
def test_any_text_is_an_answer_or_a_fault_and_reading_twice_changes_nothing(kind, raw):
    asked = question(kind)
    typed = tidy(raw, kind)
    assert tidy(typed, kind) == typed
    try:
        value = read(asked, typed)
    except AnswerFault:
        return
    assert value is None or read(asked, value) == value
    assert isinstance(wording(asked, value), str)


@given(st.decimals(min_value=0, max_value=10**9, places=2))
def test_a_number_is_read_as_it_is_written_in_french(number):
    asked = question("number")
    assert Decimal(read(asked, wording(asked, str(number)))) == number


def test_facts_are_typed():
    assert fact_columns(question("number"), "12.5") == [{"number": Decimal("12.5")}]
    assert fact_columns(question("multiple"), ["chaleur", "aucun"]) == [{"text": "chaleur"}, {"text": "aucun"}]
    assert fact_columns(question("yes_no"), "non") == [{"yes": False}]
    assert [str(row["date"]) for row in fact_columns(question("date"), "2027-06-01")] == ["2027-06-01"]
    assert fact_columns(question("text"), "x" * 400) == [{"text": "x" * 300}]
    assert fact_columns(question("single"), None) == []
