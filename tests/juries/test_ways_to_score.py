"""The options of a grid by hand: median, no opinion, criteria set aside; each step told the same everywhere."""

import random
from decimal import Decimal as D

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from calls.models import Criterion
from juries.documents import minutes_snapshot
from juries.models import Assessment, FileScore, Score
from juries.queries import answered, calculations
from juries.ranking import Entry, RankingRules, rank
from juries.scoring import BonusRule, CriterionRule, GridRules, median_note, score
from juries.services.assessments import save_notes, submit_assessment
from juries.services.sessions import close_session
from juries.steps import Step, formula, steps
from portal.core.rules import Refused
from tests.juries.clicks import enter, text_of
from tests.juries.scenes import declare_all, hold_ballot, make_open_session, make_scene

C1, C2 = CriterionRule("C1", "Santé", 60), CriterionRule("C2", "Nature", 40, D(10))
MEAN = GridRules(scale_max=5, total=100, criteria=(C1, C2))
MEDIAN = GridRules(scale_max=5, total=100, criteria=(C1, C2), median=True)
ASIDE = GridRules(scale_max=5, total=100, criteria=(C1, C2), set_aside=True)
SMALL = BonusRule("Moins de 5 000 habitants", 10)


def sheets(*pairs: tuple[str | None, str | None]):
    return [
        {code: None if note is None else D(note) for code, note in zip(("C1", "C2"), pair, strict=True)}
        for pair in pairs
    ]


# --- vectors by hand ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("notes", "median"), [(["3"], "3"), (["5", "1", "4"], "4"), (["5", "2"], "3.5"), (["0", "5", "5", "4"], "4.5")]
)
def test_the_median(notes, median):
    assert median_note([D(n) for n in notes]) == D(median)


def test_the_median_forgets_a_note_that_stands_apart():
    """C1: 4, 4, 0 → 4, 48 points (mean 2,67, 32); C2: 3, 3, 5 → 3, 24 points (mean 3,67, 29,33)."""
    given = sheets(("4", "3"), ("4", "3"), ("0", "5"))
    assert (score(MEDIAN, given).total, score(MEAN, given).total) == (D("72.00"), D("61.33"))


def test_no_opinion_leaves_the_others_alone():
    """C1: 4 alone, 48; C2: mean of 3 and 5, 32."""
    result = score(MEAN, sheets(("4", "3"), (None, "5")))
    assert (result.total, result.missing, result.silent) == (D("80.00"), (), ())


def test_a_criterion_without_any_opinion_counts_zero_or_is_set_aside():
    given = sheets((None, "3"), (None, "4"))
    zero, aside = score(MEAN, given), score(ASIDE, given)
    assert (zero.total, zero.silent, zero.applicable) == (D("28.00"), ("C1",), 100)
    assert (aside.raw, aside.total, aside.silent, aside.applicable) == (D("28.00"), D("70.00"), ("C1",), 40)


def test_a_criterion_not_answered_yet_is_missing_not_silent():
    result = score(ASIDE, [{"C2": D(3)}])
    assert (result.missing, result.silent, result.total) == (("C1",), (), D("24.00"))


def test_nobody_has_an_opinion_on_anything():
    result = score(ASIDE, sheets((None, None)), [SMALL])
    assert (result.total, result.bonus, result.knocked_out) == (D("0.00"), 0, ())


def test_the_knockout_bears_on_the_rounded_median():
    """C2 on 40, 10 at least: the median of 1, 1 and 5 gives 8; their mean, 18,67."""
    given = sheets(("4", "1"), ("4", "1"), ("4", "5"))
    assert [score(grid, given).knocked_out for grid in (MEDIAN, MEAN)] == [("C2",), ()]


# --- steps ----------------------------------------------------------------------------------------------------------


def test_each_step_of_a_mean_with_its_bonus_and_its_cap():
    given = sheets(("5", "4.5"), ("5", "5"), ("4", "5"))
    assert steps(MEAN, given, score(MEAN, given, [SMALL]), [SMALL], D(50)) == [
        Step("Santé", "60 × (4 + 5 + 5) ÷ 3 ÷ 5", "56,00"),
        Step("Nature", "40 × (4,5 + 5 + 5) ÷ 3 ÷ 5", "38,67"),
        Step("Somme des points", "sur 100", "94,67"),
        Step("Bonus", "moins de 5 000 habitants, 10 points", "10,00"),
        Step("Note du dossier", "94,67 + 10, plafonnée à 100", "100,00"),
        Step("Seuil", "100,00, au moins le seuil de 50"),
    ]


def test_each_step_of_a_median_with_criteria_set_aside_and_limits():
    grid = GridRules(scale_max=5, total=100, criteria=(C1, C2), median=True, set_aside=True)
    given = sheets((None, "1"), (None, "2"), (None, "1"), (None, "1"))
    assert steps(grid, given, score(grid, given), [], D(50)) == [
        Step("Santé", "4\u00a0membres sans avis\u202f: critère laissé de côté"),
        Step("Nature", "40 × (1 + 1) ÷ 2 (médiane de 1\u202f; 1\u202f; 1\u202f; 2) ÷ 5", "8,00"),
        Step("Somme des points", "sur 40 applicables", "8,00"),
        Step("Ramenée sur 100", "8,00 × 100 ÷ 40", "20,00"),
        Step("Note du dossier", "20,00 + 0", "20,00"),
        Step("Note éliminatoire", "Nature\u00a0: 8,00, pour 10 au moins"),
        Step("Seuil", "20,00, sous le seuil de 50"),
    ]


def test_a_sum_that_its_rounded_lines_do_not_make_says_so():
    thirds = GridRules(
        5, 100, (CriterionRule("C1", "A", 20), CriterionRule("C2", "B", 20), CriterionRule("C3", "C", 60))
    )
    given = [dict.fromkeys(("C1", "C2", "C3"), D(n)) for n in (1, 1, 2)]
    found = steps(thirds, given, score(thirds, given), [], None)
    assert [step.value for step in found] == ["5,33", "5,33", "16,00", "26,67", "26,67"]
    assert found[3].detail == "sur 100, calculée avant d’arrondir chaque ligne"


def test_without_notes_there_is_nothing_to_compute():
    assert steps(MEAN, [], score(MEAN, []), [], None) == [Step("Notes", "Personne n’a noté ce dossier.")]


def test_the_rule_in_words():
    assert "la médiane des notes" in formula(MEDIAN)
    assert "ramenée sur 100 quand des critères ne comptent pas" in formula(ASIDE)
    assert "ramenée" not in formula(MEAN)


# --- properties -----------------------------------------------------------------------------------------------------

notes = st.none() | st.integers(0, 10).map(lambda n: D(n) / 2)
many = st.lists(st.tuples(notes, notes).map(lambda pair: dict(zip(("C1", "C2"), pair, strict=True))), min_size=1)


@given(many, st.sampled_from([MEAN, MEDIAN, ASIDE]), st.randoms())
def test_neither_the_order_of_members_nor_that_of_criteria_changes_anything(given, grid, chance):
    other = list(given)
    chance.shuffle(other)
    turned = GridRules(5, 100, grid.criteria[::-1], median=grid.median, set_aside=grid.set_aside)
    one, two = score(grid, given, [SMALL]), score(turned, other, [SMALL])
    assert (one.total, dict(one.points), set(one.silent)) == (two.total, dict(two.points), set(two.silent))


@given(many)
def test_setting_aside_never_lowers_a_total(given):
    assert score(ASIDE, given).total >= score(MEAN, given).total


@given(many, st.sampled_from([MEAN, MEDIAN, ASIDE]))
def test_points_stay_between_the_least_and_the_best_note(given, grid):
    for code, points in score(grid, given).points.items():
        told = [sheet[code] for sheet in given if sheet[code] is not None]
        weight = {"C1": 60, "C2": 40}[code]
        assert weight * min(told) / 5 <= points <= weight * max(told) / 5


def test_the_same_ranks_in_ten_thousand_permutations():
    """Eight criteria, ten members, four files, two of them one cent apart: whatever the order of both."""
    chance = random.Random(2027)
    weights = (25, 15, 15, 10, 10, 10, 10, 5)
    criteria = [CriterionRule(f"C{n}", f"Critère {n}", weight) for n, weight in enumerate(weights)]
    files = {key: [{rule.code: D(chance.randint(0, 10)) / 2 for rule in criteria} for _ in range(10)] for key in "abc"}
    files["d"] = [dict(sheet) for sheet in files["a"]]
    expected = ranks_of(criteria, files)
    assert len(expected) == 4
    for _ in range(10_000):
        chance.shuffle(criteria)
        key = chance.choice("abcd")
        chance.shuffle(files[key])
        total = score(GridRules(5, 100, tuple(criteria)), files[key]).total
        assert total == expected[key][1]
    assert ranks_of(criteria, files) == expected


def ranks_of(criteria, files):
    grid = GridRules(5, 100, tuple(criteria))
    totals = {key: score(grid, sheets).total for key, sheets in files.items()}
    lines = rank([Entry(key, total) for key, total in totals.items()], RankingRules())
    return {line.key: (line.rank, totals[line.key]) for line in lines}


# --- screens and services --------------------------------------------------------------------------------------------

pytestmark = pytest.mark.django_db


def test_a_member_without_opinion_where_the_grid_allows_it(client):
    scene = declare_all(make_scene(1, abstention=True, unjudged="set_aside"))
    holder, file = scene.holders[1], scene.files[0]
    enter(client, holder.user)
    url = reverse("jury_file", args=[file.uuid])
    page = client.get(url).content.decode()
    assert page.count('value="sans_avis"') == 2
    done = client.post(url, {"note_C1": "sans_avis", "note_C2": "3", "comment": "", "act": "submit"})
    assert done.status_code == 302
    sheet = Assessment.objects.get()
    rows = set(sheet.scores.values_list("criterion__code", "note", "abstained"))
    assert rows == {("C1", None, True), ("C2", D("3.0"), False)}
    assert sheet.total == D("70.00"), "24 points sur 40, ramenés à 60, et le bonus"
    assert (FileScore.objects.get().total, answered(sheet)) == (D("70.00"), (2, 2))
    assert "sans avis" in text_of(client.get(url))


def test_an_opinion_is_asked_where_the_grid_wants_one():
    scene = declare_all(make_scene(1))
    with pytest.raises(Refused, match="La grille de cet appel demande une note sur chaque critère."):
        save_notes(
            holder=scene.holders[1], application=scene.files[0], notes={"C1": "sans_avis"}, comment="", at=scene.at
        )


def test_comments_that_the_grid_asks_for(client):
    scene = make_scene(1, comment="required")
    Criterion.objects.filter(call=scene.call, code="C1").update(
        comment_required=True, descriptors={"0": "non traité", "5": "démontré, chiffres à l’appui"}
    )
    declare_all(scene)
    enter(client, scene.holders[1].user)
    url = reverse("jury_file", args=[scene.files[0].uuid])
    page = text_of(client.get(url))
    assert ("démontré, chiffres à l’appui" in page, "Pourquoi cette note ?" in page.replace("\u202f", " ")) == (
        True,
        True,
    )
    said = {"note_C1": "4", "note_C2": "3", "comment": "Clair.", "act": "submit"}
    assert "La grille demande un commentaire sur\u00a0: Santé." in text_of(client.post(url, said))
    mute = client.post(url, {**said, "comment_C1": "Besoin démontré.", "comment": ""})
    assert "La grille demande un commentaire général avant de valider." in text_of(mute)
    assert client.post(url, {**said, "comment_C1": "Besoin démontré."}).status_code == 302
    assert Score.objects.get(criterion__code="C1").comment == "Besoin démontré."


def test_a_comment_may_come_before_its_note_and_go():
    scene = make_scene(1)
    Criterion.objects.filter(call=scene.call, code="C1").update(comment_required=True)
    declare_all(scene)
    about = {"holder": scene.holders[1], "application": scene.files[0], "comment": "", "at": scene.at}
    sheet = save_notes(notes={}, comments={"C1": "À revoir."}, **about)
    assert (answered(sheet), list(sheet.scores.values_list("comment", flat=True))) == ((0, 2), ["À revoir."])
    save_notes(notes={}, comments={"C1": ""}, **about)
    assert sheet.scores.count() == 0
    save_notes(notes={"C1": D(3)}, comments={"C1": "Bien."}, **about)
    save_notes(notes={"C1": D(4)}, **about)
    assert list(sheet.scores.values_list("note", "comment")) == [(D("4.0"), "Bien.")]


@pytest.mark.parametrize(
    "columns", [{}, {"note": 3, "abstained": True}, {"note": 3, "level": "A"}, {"level": "A", "abstained": True}]
)
def test_the_database_refuses_two_answers_to_one_criterion(columns):
    scene = make_open_session(files=1)
    row = Score.objects.first()
    with pytest.raises(IntegrityError), transaction.atomic():
        Score.objects.filter(pk=row.pk).update(**{"note": None, **columns})
    assert scene.files


def test_saving_a_score_asks_eight_queries_of_the_database():
    scene = declare_all(make_scene(3))
    about = {"holder": scene.holders[1], "application": scene.files[0], "comment": "", "at": scene.at}
    save_notes(notes={"C1": D(3), "C2": D(2)}, **about)
    with CaptureQueriesContext(connection) as captured:
        save_notes(notes={"C1": D(4), "C2": D(5)}, **about)
    asked = [q["sql"] for q in captured if "SAVEPOINT" not in q["sql"]]
    assert len(asked) <= 8, "\n".join(sql[:150] for sql in asked)
    assert submit_assessment(holder=scene.holders[1], application=scene.files[0], at=scene.at).total == D("98.00")


def closed_session():
    scene = make_open_session(files=2)
    for item in scene.items:
        hold_ballot(scene, item, "ppppppp")
    order = [str(file.uuid) for file in scene.files]
    close_session(session=scene.session, by=scene.president, at=scene.at, settled=order, reason="Vote.")
    return scene


def test_screen_export_and_minutes_tell_the_very_same_steps(client):
    scene = closed_session()
    item = scene.items[0]
    enter(client, scene.manager)
    page = text_of(client.get(reverse("jury_calculation", args=[scene.session.uuid, item.uuid])))
    lines = b"".join(client.get(reverse("jury_ranking_export", args=[scene.session.uuid]))).decode().splitlines()
    told = minutes_snapshot(scene.session)
    row = next(row for row in told["calculations"] if row["number"] == "0001")
    assert [step["value"] for step in row["steps"]] == ["48,00", "24,00", "72,00", "10,00", "82,00", ""]
    exported = next(line for line in lines if scene.files[0].number in line)
    for step in row["steps"]:
        assert f"{step['label']}\u00a0: {step['detail']}" in exported
        assert f"{step['label']} {step['detail']}" in page
    assert told["formula"] in page


def test_the_calculation_is_closed_before_the_session_and_to_the_recused(client):
    scene = make_open_session(files=1, links={3: {0: "Étude en cours"}})
    url = reverse("jury_calculation", args=[scene.session.uuid, scene.items[0].uuid])
    enter(client, scene.holders[3].user)
    refused = client.get(url)
    assert (refused.status_code, "48,00" in text_of(refused)) == (403, False)
    enter(client, scene.holders[1].user)
    assert client.get(url).status_code == 200
    scene.session.state = "planned"
    type(scene.session).objects.filter(pk=scene.session.pk).update(state="planned")
    assert "Les notes se lisent à partir de la séance." in text_of(client.get(url))


def test_calculations_cost_the_same_for_one_file_and_for_six():
    scene = declare_all(make_scene(6))
    counts = []
    for files in (scene.files[:1], scene.files):
        with CaptureQueriesContext(connection) as captured:
            calculations(scene.call, files)
        counts.append(len(captured))
    assert counts[0] >= counts[1]
