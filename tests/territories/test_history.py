"""What a code became: replayed by day, several events on one day, sharing out, former codes without a date."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.territories.history import History, Step
from portal.territories.models import Movement
from portal.territories.queries_history import history, successors_of
from tests.factories import BENOUVILLE, ETRETAT, make_commune

MERGED_ON = date(2018, 1, 1)
EVE = date(2017, 12, 31)
# Tessy-Bocage: Pont-Farcy changes département, then merges, on the same day; Pleines-Œuvres without a known date.
TESSY = [
    Step("50649", "50592", MERGED_ON),
    Step("50592", "50592", MERGED_ON),
    Step("14513", "50649", MERGED_ON),
    Step("50180", "50592", date(2016, 1, 1)),
    Step("50592", "50592", date(2016, 1, 1)),
    Step("14507", "14513", date(1972, 1, 1)),
    Step("50999", "50592", None),
]


@pytest.fixture
def tessy():
    return History(TESSY, current=["50592"])


@pytest.mark.parametrize("code", ["14507", "14513", "50649", "50180", "50592", "50999"])
def test_every_former_code_of_tessy_bocage_leads_to_it(tessy, code):
    assert tessy.successors(code) == ("50592",)


@pytest.mark.parametrize(
    ("code", "on", "means"),
    [
        ("14513", EVE, "14513"),
        ("14513", MERGED_ON, "50592"),
        ("14507", EVE, "14513"),
        ("14507", date(1971, 12, 31), "14507"),
        ("50180", EVE, "50592"),
        ("50180", date(2015, 12, 31), "50180"),
    ],
)
def test_a_code_is_read_on_its_day(tessy, code, on, means):
    assert tessy.successors(code, on) == (means,)


def test_a_commune_shared_out_has_several_successors():
    shared = History([Step("A", "B", date(2000, 1, 1)), Step("A", "C", date(2000, 1, 1))], current=["B", "C"])
    assert shared.successors("A") == ("B", "C")


def test_what_is_set_up_again_stands_for_itself():
    steps = [Step("A", "B", date(1972, 1, 1)), Step("B", "A", date(1985, 1, 1)), Step("B", "B", date(1985, 1, 1))]
    again = History(steps, current=["A", "B"])
    assert (again.successors("A"), again.successors("B")) == (("A",), ("B",))
    assert again.successors("A", date(1980, 1, 1)) == ("B",)


def test_a_commune_of_today_never_follows_an_undated_code():
    assert History([Step("A", "B", None)], current=["A", "B"]).successors("A") == ("A",)


codes = st.sampled_from("ABCDE")
days = st.integers(1990, 1996).map(lambda year: date(year, 1, 1)) | st.none()
histories = st.lists(st.builds(Step, codes, codes, days), max_size=12)


@given(histories, codes, days)
def test_any_history_ends_and_gives_someone(steps, code, on):
    found = History(steps).successors(code, on)
    assert found
    assert set(found) <= {code} | {step.after for step in steps}


@pytest.mark.django_db
def test_the_rows_answer_the_same():
    make_commune(ETRETAT)
    make_commune(BENOUVILLE)
    rows = [("76001", "76254", None, "former"), ("76002", "76079", MERGED_ON, "new_commune")]
    rows += [("76003", "76079", MERGED_ON, "suppression"), ("76003", "76254", MERGED_ON, "suppression")]
    for before, after, on, kind in rows:
        Movement.objects.create(
            code_before=before, code_after=after, name_after="X", effective_on=on, kind=kind, source="essai"
        )
    assert [successors_of(code) for code in ("76001", "76002", "76254")] == [("76254",), ("76079",), ("76254",)]
    assert successors_of("76003") == ("76079", "76254")
    assert successors_of("76002", EVE) == ("76002",)


@pytest.mark.django_db
def test_a_whole_list_of_codes_costs_two_queries(django_assert_num_queries):
    make_commune(ETRETAT)
    Movement.objects.create(
        code_before="76001", code_after="76254", name_after="Étretat", kind="former", source="essai"
    )
    with django_assert_num_queries(2):
        past = history()
        after = {code: past.successors(code) for code in ["76001", "76254", *(f"76{n}" for n in range(100, 200))]}
    assert {code for code, codes in after.items() if codes != (code,)} == {"76001"}
    assert after["76001"] == ("76254",)
