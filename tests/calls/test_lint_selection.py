"""Advice on points, thresholds, rankings, strata and stages: each seen red, then silent."""

import pytest

from tests.calls.documents import SMALL, advice, altered, says

TRACKS = "tracks:\n  - {code: A, label: Places}\n  - {code: B, label: Chemins}\n"
STRATA = """\
strata:
  - {code: S1, label: Petites, year: 2023, upper: 500}
  - {code: S2, label: Autres, year: 2023, lower: 500}
"""
KINDS = "applicants: {kinds: [commune, intercommunality]}\n"


def with_parts(*parts: str, points: str = "", rankings: str = "") -> str:
    text = altered(("grid:\n", "".join(parts) + "grid:\n"))
    if points:
        text = altered(("      points: 40\n", points), text=text)
    return altered(("  criteria:\n", rankings + "  criteria:\n"), text=text)


# --- points of the criteria that apply ---------------------------------------------------------------------------

CHEMINS = """\
      points: {}
      condition: {{kind: track, codes: [A]}}
    - code: C3
      label: Chemins
      points: {}
      condition: {{kind: track, codes: [B]}}
"""


def test_points_are_summed_for_each_track():
    right = with_parts(TRACKS, points=CHEMINS.format(40, 40))
    assert [message for _, message in advice(right)] == [NO_QUESTION_FOR_C3]
    wrong = with_parts(TRACKS, points=CHEMINS.format(40, 30))
    assert [message for _, message in advice(wrong)] == [
        "volet « B » : les points applicables font 90 : ils seront ramenés sur 100.",
        NO_QUESTION_FOR_C3,
    ]


NO_QUESTION_FOR_C3 = (
    "aucune question n’éclaire ce critère : nommez par « sections » celles que le jury lira, ou posez-en une."
)


def test_points_that_an_answer_decides_are_not_summed():
    condition = "      points: 30\n      condition: {kind: answer, question: etat, equals: idee}\n"
    assert advice(with_parts(points=condition)) == []


def test_points_are_summed_for_each_kind_of_applicant():
    condition = "      points: 40\n      condition: {kind: applicant, kinds: [commune]}\n"
    says(
        with_parts(KINDS, points=condition),
        (
            "  criteria:",
            "candidat « intercommunalité » : les points applicables font 60 : ils seront ramenés sur 100.",
        ),
    )


# --- rankings ----------------------------------------------------------------------------------------------------

PLACES = "    - {code: K1, label: Places, condition: {kind: track, codes: [A]}}\n"
CHEMINS_RANKED = "    - {code: K2, label: Chemins, condition: {kind: track, codes: [B]}}\n"
SMALL_CHEMINS = "    - {code: K2, label: Petits chemins, condition: {kind: all, terms: [{kind: track, codes: [B]}, {kind: stratum, codes: [S1]}]}}\n"
ORPHAN = "{} : cette candidature n’entre dans aucun classement ; ajoutez-en un, ou élargissez une condition."
NEVER = (
    "aucune candidature n’entre dans ce classement : revoyez sa condition, ou celles des classements qui le précèdent."
)


def ranked(*rows: str, parts: tuple[str, ...] = (TRACKS, STRATA)) -> str:
    return with_parts(*parts, rankings="  rankings:\n" + "".join(rows))


def test_rankings_that_take_every_file():
    assert advice(ranked(PLACES, CHEMINS_RANKED)) == []


def test_a_track_without_ranking():
    says(
        ranked(PLACES),
        (
            "  rankings:",
            ORPHAN.format("volet « B », strate « S1 »").replace(" ;", " (et 1 autre cas) ;"),
        ),
    )


def test_a_stratum_of_a_track_without_ranking():
    says(ranked(PLACES, SMALL_CHEMINS), ("  rankings:", ORPHAN.format("volet « B », strate « S2 »")))


def test_a_ranking_that_is_never_reached():
    again = "    - {code: K3, label: Encore, condition: {kind: track, codes: [A]}}\n"
    says(ranked(PLACES, CHEMINS_RANKED, again), ("code: K3", NEVER))


def test_a_ranking_that_an_answer_decides_may_be_reached():
    idea = "    - {code: K0, label: Idées, condition: {kind: answer, question: etat, equals: idee}}\n"
    assert advice(ranked(idea, PLACES, CHEMINS_RANKED)) == []
    assert advice(ranked(PLACES, CHEMINS_RANKED, idea))[0][1] == NEVER


def test_a_stratum_of_groupings_only_meets_groupings():
    strata = STRATA.replace(
        "strata:\n", "strata:\n  - {code: S0, label: Groupements, kind: applicant, kinds: [intercommunality]}\n"
    )
    rows = "    - {{code: K1, label: Communes, condition: {{kind: stratum, codes: [S1, S2]}}}}\n{}"
    groups = "    - {code: K2, label: Groupements, condition: {kind: applicant, kinds: [intercommunality]}}\n"
    assert advice(ranked(rows.format(groups), parts=(KINDS, strata))) == []
    says(
        ranked(rows.format(""), parts=(KINDS, strata)),
        ("  rankings:", ORPHAN.format("strate « S0 », candidat « intercommunalité »")),
    )


def test_a_ranking_threshold_out_of_reach():
    high = PLACES.replace("label: Places,", "label: Places, threshold: 100.5,")
    says(
        ranked(high, CHEMINS_RANKED),
        (
            "code: K1",
            "aucune candidature ne peut atteindre le seuil de ce classement : le meilleur total possible est 100.",
        ),
    )
    assert advice(ranked(high.replace("100.5", "100"), CHEMINS_RANKED)) == []


# --- strata ------------------------------------------------------------------------------------------------------

GAP = "aucune strate ne reçoit les communes {} : élargissez-en une, ou ajoutez-en une."


@pytest.mark.parametrize(
    ("first", "second", "gaps"),
    [
        ("upper: 500", "lower: 500", []),
        ("upper: 500", "lower: 1000", ["de 500 à 999 habitants"]),
        ("lower: 50, upper: 500", "lower: 500", ["de 0 à 49 habitants"]),
        ("upper: 500", "lower: 500, upper: 5000", ["de 5 000 habitants et plus"]),
    ],
)
def test_a_population_that_is_in_no_stratum(first, second, gaps):
    text = with_parts(
        STRATA.replace("upper: 500", first).replace("lower: 500", second, 1)
        if first == "upper: 500"
        else STRATA.replace("upper: 500", first)
    )
    assert [message for _, message in advice(text)] == [GAP.format(words) for words in gaps]


def test_populations_that_may_not_apply_need_no_stratum():
    rule = (
        "  - {kind: population, code: R2, label: Petites, sentence: Moins de 5 000., population_kind: municipale, "
        "year: 2023, below: 5000%s}\n"
    )
    strata = STRATA.replace("lower: 500", "lower: 500, upper: 5000")
    text = with_parts(strata)
    for effect, gaps in (("", []), (", effect: warning", [GAP.format("de 5 000 habitants et plus")])):
        said = altered(("sections:\n  - code: projet", rule % effect + "sections:\n  - code: projet"), text=text)
        assert [message for _, message in advice(said)] == gaps


def test_a_list_or_a_place_among_the_strata_may_take_the_others():
    place = "  - {code: S3, label: Havre, kind: perimeter, perimeter: {kind: department, codes: ['76']}}\n"
    assert advice(with_parts(STRATA.replace("lower: 500", "lower: 1000") + place)) == []


# --- stages ------------------------------------------------------------------------------------------------------

INTENT = "  - {code: N1, stage: intent, opens_at: 2027-01-15 09:00:00, closes_at: 2027-04-30 23:59:59}\n"
LETTER = """\
  - code: lettre
    title: La lettre
    stage: {}
    questions:
      - {{code: lieu, kind: yes_no, label: Avez-vous un lieu ?}}
"""
DEPENDS = "        label: Titre du projet\n        condition: {kind: answer, question: lieu, equals: oui}\n"


def two_stages(stage: str, section: str = "file", windows: str = INTENT) -> str:
    return altered(
        ("windows:\n", "windows:\n" + windows),
        ("  - code: projet\n", LETTER.format(stage) + f"  - code: projet\n    stage: {section}\n"),
        ("        label: Titre du projet\n", DEPENDS),
    )


def test_a_condition_of_the_file_on_a_question_of_the_letter():
    says(
        two_stages("intent"),
        (
            "condition: {kind: answer",
            "« lieu » n’est demandé qu’à la lettre d’intention, et sert ici au dossier : donnez « stage: both » à sa section.",
        ),
    )
    assert advice(two_stages("both")) == []
    assert advice(two_stages("intent", "intent")) == []


def test_a_condition_of_the_letter_on_a_question_of_the_file():
    says(
        two_stages("file", "both"),
        (
            "condition: {kind: answer",
            "« lieu » n’est demandé qu’au dossier, et sert ici à la lettre d’intention : donnez « stage: both » à sa section.",
        ),
    )


def test_a_rule_on_a_question_of_the_letter():
    rule = "  - {kind: answer, code: R2, label: Lieu, sentence: Un lieu., question: lieu, equals: oui}\n"
    text = altered(("sections:\n", rule + "sections:\n"), text=two_stages("intent", "intent"))
    assert [line for line, _ in advice(text)] == [
        line for line, row in enumerate(text.splitlines(), 1) if "code: R2" in row
    ]


def test_a_letter_that_no_window_receives():
    says(
        two_stages("intent", windows=""),
        (
            "stage: intent",
            "aucune période ne reçoit de lettre d’intention : retirez « stage: intent », ou ajoutez la période.",
        ),
    )


def test_the_small_call_has_nothing_of_this():
    assert advice(SMALL) == []
