"""Points of a file: vectors, limits, properties."""

from decimal import Decimal as D
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from juries.scoring import (
    BonusRule,
    CriterionRule,
    GridRules,
    bonus_sentence,
    capped,
    half_up,
    knockout_sentence,
    note_refusal,
    scaling_sentence,
    score,
    subtotals,
    trimmed,
)

# The grid of domain.md §7.1.
TPS = GridRules(
    scale_max=5,
    total=100,
    criteria=tuple(
        CriterionRule(code, label, points, D(8) if code == "C1" else None)
        for code, label, points in (
            ("C1", "Santé de tous les publics", 25),
            ("C2", "Activité physique, mobilités", 15),
            ("C3", "Nature, climat", 20),
            ("C4", "Lien social, participation", 15),
            ("C5", "Besoin d’ingénierie", 15),
            ("C6", "Engagement et faisabilité", 10),
        )
    ),
    tie_break=("C1",),
)
SMALL = BonusRule("moins de 5\u202f000 habitants", 10)


def sheet(*notes: str | int) -> dict[str, D]:
    return {f"C{i}": D(note) for i, note in enumerate(notes, start=1)}


def test_the_provisional_total_of_the_picture():
    result = score(TPS, [sheet(4, 3, 4)], [SMALL])
    assert dict(result.points) == {"C1": D("20.00"), "C2": D("9.00"), "C3": D("16.00")}
    assert (result.base, result.bonus, result.total) == (D("45.00"), 10, D("55.00"))
    assert (result.missing, result.complete) == (("C4", "C5", "C6"), False)


@pytest.mark.parametrize(
    ("notes", "base", "total"),
    [
        ((5, 5, 5, 5, 5, 5), "100.00", "100.00"),
        ((0, 0, 0, 0, 0, 0), "0.00", "10.00"),
        ((4, 3, 4, 3, 2, 5), "70.00", "80.00"),
        (("4.5", "3.5", 4, 3, 2, 5), "74.00", "84.00"),
        ((5, 5, 5, 5, 4, 4), "95.00", "100.00"),
    ],
)
def test_one_member(notes, base, total):
    result = score(TPS, [sheet(*notes)], [SMALL])
    assert (result.base, result.total, result.complete) == (D(base), D(total), True)


def test_the_mean_of_three_members_is_rounded_once():
    result = score(TPS, [sheet(4, 3, 4, 3, 2, 5), sheet(4, 3, 4, 3, 2, 5), sheet(5, 4, 4, 3, 2, 5)])
    assert dict(result.points) == {
        "C1": D("21.67"),
        "C2": D("10.00"),
        "C3": D("16.00"),
        "C4": D("9.00"),
        "C5": D("6.00"),
        "C6": D("10.00"),
    }
    assert result.total == D("72.67")


def test_the_bonus_is_added_to_the_mean_and_capped_there():
    """95 and 85 make 90, and 100 with the bonus; capping each member first would have given 97,50."""
    high, low = sheet(5, 5, 5, 5, 5, "2.5"), sheet(5, 5, 5, "2.5", "4.5", "3")
    assert [score(TPS, [s]).base for s in (high, low)] == [D("95.00"), D("87.00")]
    assert score(TPS, [high, low], [SMALL]).total == D("100.00")


def test_a_malus_never_goes_under_zero():
    assert score(TPS, [sheet(0, 0, 0, 0, 0, 1)], [BonusRule("travaux commencés", -5)]).total == D("0.00")


def test_nobody_scored():
    result = score(TPS, [], [SMALL])
    assert (result.total, result.bonus, result.missing) == (D("0.00"), 0, ("C1", "C2", "C3", "C4", "C5", "C6"))
    assert result.knocked_out == ()


@pytest.mark.parametrize(("notes", "out"), [(("1.5",), ("C1",)), ((2,), ()), ((1, 2), ("C1",)), ((1, 2, 2), ())])
def test_knockout_bears_on_the_mean(notes, out):
    """C1 on 25: 1,5 gives 7,50; 2 gives 10; the mean of 1 and 2 gives 7,50, that of 1, 2 and 2 gives 8,33."""
    result = score(TPS, [{"C1": D(note)} for note in notes])
    assert result.knocked_out == out


def test_the_knockout_is_exclusive():
    grid = GridRules(5, 100, (CriterionRule("C1", "Santé", 20, D(8)),))
    assert score(grid, [{"C1": D(2)}]).knocked_out == ()
    assert score(grid, [{"C1": D("1.5")}]).knocked_out == ("C1",)


def test_sub_criteria_add_up_under_their_name():
    grid = GridRules(
        scale_max=5,
        total=100,
        criteria=(
            CriterionRule("C1", "Site", 20),
            CriterionRule("C2A", "Démarche", 8, part_of="Ambition"),
            CriterionRule("C2B", "Cadre de vie", 8, part_of="Ambition"),
            CriterionRule("C2C", "Développement", 6, part_of="Ambition"),
            CriterionRule("C2D", "Climat", 8, part_of="Ambition"),
        ),
    )
    noted = score(grid, [{"C1": D(5), "C2A": D(5), "C2B": D("2.5"), "C2C": D(0)}])
    assert subtotals(grid, noted) == {"C2A": "12 sur 30"}
    assert noted.total == D("32.00")
    assert subtotals(grid, score(grid, [])) == {"C2A": "30\u00a0points"}


def test_sentences():
    result = score(TPS, [sheet(1, 5, 5, 5, 5, 5)])
    assert knockout_sentence(TPS, result) == (
        "Note éliminatoire\u00a0: 5,00 points sur «\u202fSanté de tous les publics\u202f», pour 8 au moins."
    )
    assert knockout_sentence(TPS, score(TPS, [sheet(5)])) == ""
    assert bonus_sentence([]) == ""
    assert bonus_sentence([BonusRule("Commune rurale", 5)]) == "Bonus\u00a0: commune rurale, 5 points."
    assert bonus_sentence([BonusRule("ZRR", 2)]) == "Bonus\u00a0: ZRR, 2 points."
    assert bonus_sentence([SMALL]) == "Bonus\u00a0: moins de 5\u202f000 habitants, 10 points."
    assert bonus_sentence([SMALL, BonusRule("groupement", 1)]) == (
        "Bonus\u00a0: moins de 5\u202f000 habitants, 10 points\u202f; groupement, 1 point."
    )


@pytest.mark.parametrize("note", ["0", "5", "2.5", "0.5"])
def test_notes_admitted(note):
    assert note_refusal(D(note), 5) == ""


@pytest.mark.parametrize("note", ["-0.5", "5.5", "2.3", "6"])
def test_notes_refused(note):
    assert note_refusal(D(note), 5) == "La note va de 0 à 5, par demi-point."


@pytest.mark.parametrize(
    ("value", "rounded"),
    [
        ((1, 3), "0.33"),
        ((2, 3), "0.67"),
        ((1, 200), "0.01"),
        ((1, 201), "0.00"),
        ((-1, 200), "-0.01"),
        ((7, 1), "7.00"),
    ],
)
def test_half_up(value, rounded):
    assert half_up(Fraction(*value)) == D(rounded)


@pytest.mark.parametrize(("value", "text"), [("20.00", "20"), ("7.50", "7,5"), ("0", "0"), ("1200.00", "1\u202f200")])
def test_trimmed(value, text):
    assert trimmed(D(value)) == text


def test_capped():
    assert [capped(D(x), 100) for x in ("-1", "0", "99.99", "100", "110")] == [
        D("0.00"), D("0.00"), D("99.99"), D("100.00"), D("100.00"),
    ]  # fmt: skip


notes = st.integers(0, 10).map(lambda n: D(n) / 2)
sheets = st.lists(st.tuples(*[notes] * 6).map(lambda values: sheet(*values)), min_size=1, max_size=12)


@given(sheets, st.randoms())
def test_the_order_of_members_changes_nothing(members, random):
    shuffled = members[:]
    random.shuffle(shuffled)
    assert score(TPS, shuffled, [SMALL]) == score(TPS, members, [SMALL])


@given(sheets)
def test_the_total_stays_within_the_members_and_the_scale(members):
    alone = [score(TPS, [member]).base for member in members]
    together = score(TPS, members)
    assert min(alone) <= together.base <= max(alone)
    assert 0 <= together.total <= 100
    assert abs(sum(together.points.values()) - together.base) <= D("0.03")


@given(sheets, st.sampled_from(["C1", "C2", "C3", "C4", "C5", "C6"]))
def test_a_better_note_never_lowers_the_total(members, code):
    better = [{**members[0], code: D(5)}, *members[1:]]
    assert score(TPS, better, [SMALL]).total >= score(TPS, members, [SMALL]).total


@given(st.fractions(min_value=-1000, max_value=1000))
def test_half_up_is_the_nearest_cent(value):
    assert abs(Fraction(half_up(value)) - value) <= Fraction(1, 200)


# --- criteria for information, criteria of some files ------------------------------------------------------------------


def grid(*criteria: CriterionRule, rescaled: bool = True, tie_break: tuple[str, ...] = ()) -> GridRules:
    return GridRules(scale_max=5, total=100, criteria=criteria, tie_break=tie_break, rescaled=rescaled)


def test_the_total_is_brought_back_over_the_applicable_points():
    rules = grid(CriterionRule("C1", "Santé", 50), CriterionRule("C2", "Nature", 25))
    result = score(rules, [sheet(3, 3)])
    assert (result.raw, result.base, result.total) == (D("45.00"), D("60.00"), D("60.00"))
    assert scaling_sentence(rules, result) == "45\u00a0points sur 75 applicables, ramenés à 60 sur 100."


def test_it_is_exact_until_the_last_rounding():
    """A third: 1/30 of 30 points three times over would drift; here 100 × 7 / 30 is rounded once."""
    rules = grid(CriterionRule("C1", "Santé", 15), CriterionRule("C2", "Nature", 15))
    assert score(rules, [sheet(1, 1), sheet(2, 1), sheet(1, 1)]).base == D("23.33")
    assert score(rules, [sheet(2, 2), sheet(2, 1), sheet(1, 2)]).base == D("33.33")
    assert score(rules, [sheet("0.5", 0)]).base == half_up(Fraction(15, 10) * Fraction(100, 30))


def test_a_file_noted_on_the_whole_grid_says_nothing_and_keeps_its_points():
    rules = grid(CriterionRule("C1", "Santé", 60), CriterionRule("C2", "Nature", 40))
    result = score(rules, [sheet(4, 3)])
    assert (result.base, scaling_sentence(rules, result)) == (D("72.00"), "")
    assert score(grid(*rules.criteria, rescaled=False), [sheet(4, 3)]) == result


def test_a_grid_that_rests_on_no_condition_is_not_brought_back_even_when_its_points_fall_short():
    assert score(grid(CriterionRule("C1", "Santé", 60), rescaled=False), [sheet(5)]).base == D("60.00")


def test_a_file_to_which_no_criterion_applies_has_no_points():
    assert score(grid(CriterionRule("I", "Vue", 0, informational=True)), [{"I": D(4)}]).total == D("0.00")


def test_an_informational_criterion_is_shown_and_never_counted():
    plain = grid(CriterionRule("C1", "Santé", 60), CriterionRule("C2", "Nature", 40), rescaled=False)
    seen = grid(*plain.criteria, CriterionRule("C3", "Originalité", 0, informational=True), rescaled=False)
    notes = [{**sheet(4, 3), "C3": D(1)}, {**sheet(4, 3), "C3": D("2.5")}]
    result = score(seen, notes)
    assert (result.total, dict(result.means)) == (score(plain, notes).total, {"C3": D("1.75")})
    assert ("C3" in result.points, result.knocked_out, seen.applicable) == (False, (), 100)
    assert score(seen, [sheet(4, 3)]).missing == ("C3",)


def test_points_on_each_deciding_criterion_in_their_order():
    rules = grid(CriterionRule("C1", "Santé", 60), CriterionRule("C2", "Nature", 40), tie_break=("C2", "C9", "C1"))
    assert score(rules, [sheet(4, 3)]).tie_break == (D("24.00"), D("0.00"), D("48.00"))


applicable = st.lists(st.tuples(st.integers(1, 60), st.integers(0, 10)), min_size=1, max_size=6)


@given(applicable, st.integers(1, 200))
def test_the_rescaled_total_never_leaves_the_scale_and_keeps_the_order(pairs, total):
    rules = GridRules(5, total, tuple(CriterionRule(f"C{i}", "x", p) for i, (p, _) in enumerate(pairs)), rescaled=True)
    notes = {f"C{i}": D(n) / 2 for i, (_, n) in enumerate(pairs)}
    result = score(rules, [notes])
    assert D(0) <= result.base <= D(total)
    exact = sum((Fraction(p * n, 10) for p, n in pairs), Fraction(0))
    assert result.base == half_up(exact * Fraction(total, sum(p for p, _ in pairs)))
    assert score(rules, [{code: D(5) for code in notes}]).base == D(total)
