"""Advice on eligibility rules."""

import pytest

from tests.calls.documents import advice, altered


def told(rule: str, *more: tuple[str, str]) -> list[str]:
    head = "code: R9, label: Règle, sentence: Une règle."
    text = altered(("sections:\n  - code: projet", f"  - {{{rule}, {head}}}\nsections:\n  - code: projet"), *more)
    return [message for _, message in advice(text)]


POPULATION = "kind: population, population_kind: municipale, year: 2023, at_least: 1"
GROUP = ("eligibility:\n", "applicants:\n  group: {max: 2}\neligibility:\n")


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        ("{candidat} : {chiffre} en {annee}, trop peu.", []),
        (
            "{chiffre}, trop peu.",
            ["cette phrase ne dit pas {annee} : un refus nomme le chiffre et l’année sur lesquels il repose."],
        ),
        (
            "Trop peu.",
            [
                "cette phrase ne dit pas {chiffre} ni {annee} : un refus nomme le chiffre et l’année sur lesquels il repose."
            ],
        ),
    ],
)
def test_the_sentence_of_the_manager_keeps_its_figure_and_its_year(shown, expected):
    assert told(f'{POPULATION}, shown: "{shown}"') == expected


def test_nobody_explains_before_the_deposit_what_is_settled_after():
    after = (
        "une personne ne tranche qu’après le dépôt : le candidat ne pourra pas s’en expliquer avant ; "
        "choisissez un autre effet."
    )
    assert told("kind: judgement, effect: justify") == [after]
    assert told(f"{POPULATION}, effect: justify") == []


def test_a_group_that_the_call_does_not_take():
    alone = (
        "cette règle demande 2 candidats au moins, et l’appel en admet un seul candidat par candidature : "
        "revoyez « applicants › group »."
    )
    assert told("kind: joint, joint: needed") == [alone]
    assert told("kind: joint, joint: forbidden") == []
    assert told("kind: members, at_least: 2", GROUP) == []
    assert told("kind: members, at_most: 5") == []
    pair = (
        "cette règle demande 3 candidats au moins, et l’appel en admet 2 candidats au plus par candidature : "
        "revoyez « applicants › group »."
    )
    assert told("kind: members, at_least: 3", GROUP) == [pair]


def test_a_sum_closes_no_stratum():
    """Only a bound on each commune says which communes may not apply."""
    strata = ("eligibility:\n", "strata:\n  - {code: S1, label: Petites, year: 2023, upper: 5000}\neligibility:\n")
    below = "kind: population, population_kind: municipale, year: 2023, below: 5000"
    assert told(below, strata) == []
    assert len(told(f"{below}, bears_on: sum", strata)) == 1


def test_a_rule_reads_what_is_asked_with_the_file():
    window = (
        "windows:\n",
        "windows:\n  - {code: W0, stage: intent, opens_at: 2026-10-01 09:00:00, closes_at: 2026-12-15 12:00:00}\n",
    )
    asked = ("    title: Le projet\n", "    title: Le projet\n    stage: intent\n")
    assert told("kind: declaration, question: etat", window, asked) == [
        "« etat » n’est demandé qu’à la lettre d’intention, et sert ici au dossier : donnez « stage: both » à sa section."
    ]
