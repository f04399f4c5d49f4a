"""Advice on durations, rates and models: each seen red, then silent."""

import pytest

from tests.calls.documents import advice, altered, says

GOAL = "goal: Faire vivre les places."


def goal(words: str, months: str = "months: 12") -> str:
    return altered((GOAL, f'goal: "{words}"'), ("months: 12", months))


# --- durations ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Deux ans d’accompagnement.", "Deux ans d’accompagnement"),
        ("Vous aurez 18 mois d’accompagnement.", "18 mois d’accompagnement"),
        ("Un accompagnement de vingt-quatre mois.", "accompagnement de vingt-quatre mois"),
        ("L’accompagnement dure six mois.", "accompagnement dure six mois"),
        ("De 6 à 12 mois d’appui.", "6 à 12 mois d’appui"),
    ],
)
def test_a_duration_said_otherwise(words, found):
    says(
        goal(words),
        (
            "goal:",
            f"« {found} » : l’accompagnement dure 12 mois (support › months) ; dites partout la même durée.",
        ),
    )


@pytest.mark.parametrize(
    "words",
    [
        "Un an d’accompagnement.",
        "Douze mois d’accompagnement.",
        "Un accompagnement de 12 mois.",
        "Trois mois pour répondre.",
        "Trois jours d’accompagnement.",
    ],
)
def test_a_duration_said_the_same(words):
    assert advice(goal(words)) == []


def test_a_range_of_months():
    span = "months: 8\n  max_months: 12"
    small = altered(
        ("  text: Un an d’accompagnement.\n", "  text: Une équipe.\n"),
        text=goal("De 8 à 12 mois d’accompagnement.", span),
    )
    assert advice(small) == []
    longer = small.replace("De 8 à 12 mois", "De 8 à 18 mois")
    says(
        longer,
        (
            "goal:",
            "« 8 à 18 mois d’accompagnement » : l’accompagnement dure de 8 à 12 mois (support › months) ; dites partout la même durée.",
        ),
    )


def test_a_call_without_duration_may_say_any():
    assert advice(altered((GOAL, "goal: Deux ans d’accompagnement."), ("  months: 12\n", ""))) == []


# --- rates -------------------------------------------------------------------------------------------------------

GRANT = "money:\n  grants:\n    - {code: POSTE, label: Poste, kind: post, rate: 75, ceiling: 55000}\nwindows:\n"
DUE = "« 75 % » est dit comme un dû, mais l’aide a un plafond : écrivez par exemple « 75 % au plus, dans la limite de 55 000 € »."


@pytest.mark.parametrize("words", ["L’aide est de 75 % du coût.", "Jusqu’à trois ans. Le poste est payé à 75 %."])
def test_a_maximum_said_as_due(words):
    says(altered((GOAL, f"goal: {words}"), ("windows:\n", GRANT)), ("goal:", DUE))


@pytest.mark.parametrize(
    "words",
    [
        "L’aide va jusqu’à 75 % du coût.",
        "L’aide est de 75 % au plus.",
        "L’aide est de 75 %, dans la limite de 55 000 €.",
        "L’aide est de 175 % du coût.",
        "Une avance de 30 %.",
    ],
)
def test_a_maximum_said_as_such(words):
    assert advice(altered((GOAL, f"goal: {words}"), ("windows:\n", GRANT))) == []


def test_a_rate_without_ceiling_may_be_due():
    text = altered((GOAL, "goal: L’aide est de 75 % du coût."), ("windows:\n", GRANT.replace(", ceiling: 55000", "")))
    assert advice(text) == []


# --- models ------------------------------------------------------------------------------------------------------


def test_a_model_announced_without_file():
    documents = "documents:\n  - {{code: M1, label: Modèle, kind: {}{}}}\nwindows:\n"
    says(
        altered(("windows:\n", documents.format("model", ""))),
        ("code: M1", "ce modèle est annoncé sans fichier : écrivez son nom, par exemple « file: modele.docx »."),
    )
    for kind, file in (("model", ", file: modele.docx"), ("annex", "")):
        assert advice(altered(("windows:\n", documents.format(kind, file)))) == []
