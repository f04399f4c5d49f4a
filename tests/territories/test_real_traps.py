"""The traps of the five programme pages, on the real official files: counts computed, never typed."""

from collections import Counter
from datetime import date

import pytest

from portal.territories.imports import movements
from portal.territories.imports.movements import read_movements
from portal.territories.imports.populations import SHIPPED, read_populations
from portal.territories.models import FormerName, Intercommunality
from portal.territories.queries import search_communes
from portal.territories.queries_history import successors_of
from portal.territories.services.plans import movement_plan
from portal.territories.services.writing import refresh_former_names
from tests.calls.territory import CALVADOS, HAUTES_ALPES

LHSM = "200084952"


def figure(official, insee, kind="municipale", year=2023):
    return official.figures[insee, None, kind, year]["value"]


def members(official, siren):
    return {code for code, row in official.communes.items() if row["intercommunality_id"] == siren}


def stratum(population):
    return "ville centre" if population >= 20_000 else "ville moyenne" if population >= 5_000 else "petite commune"


def test_54_communes_are_1_and_5_and_48(official):
    communes = members(official, LHSM)
    assert Counter(stratum(figure(official, code)) for code in communes) == {
        "ville centre": 1, "ville moyenne": 5, "petite commune": 48,
    }  # fmt: skip
    towns = {official.communes[c]["name"] for c in communes if stratum(figure(official, c)) == "ville moyenne"}
    assert towns == {"Montivilliers", "Gonfreville-l’Orcher", "Harfleur", "Sainte-Adresse", "Octeville-sur-Mer"}


def test_le_havre_is_62_per_cent_of_its_intercommunality_in_both_vintages(official):
    whole = sum(figure(official, code) for code in members(official, LHSM))
    assert (figure(official, "76351"), whole, round(100 * figure(official, "76351") / whole)) == (166_687, 267_308, 62)
    group = official.figures[None, LHSM, "municipale", 2022]["value"]
    assert (figure(official, "76351", year=2022), group) == (166_462, 266_929)
    assert round(100 * 166_462 / group, 1) == 62.4


@pytest.mark.parametrize(("communes", "groups"), [(HAUTES_ALPES, 8), (CALVADOS, 5)])
def test_the_communes_of_a_list_belong_to_so_many_intercommunalities(official, communes, groups):
    assert {code: official.communes[code]["name"] for code in communes} == communes
    assert len({official.communes[code]["intercommunality_id"] for code in communes}) == groups


def test_three_communes_are_called_serres(official):
    found = {code for code, row in official.communes.items() if row["name"] == "Serres"}
    assert found == {"05166", "11377", "54502"}


def test_four_islands_have_no_intercommunality(official):
    alone = {row["name"] for row in official.communes.values() if row["inhabited"] and not row["intercommunality_id"]}
    assert alone == {"Île-de-Bréhat", "Île-de-Sein", "Ouessant", "L’Île-d’Yeu"}


def test_the_figures_shipped_are_those_of_the_official_file_and_more(official):
    reading = read_populations(SHIPPED)
    assert reading.bad == []
    municipal = {key[0]: row["value"] for key, row in reading.rows.items() if key[2] == "municipale"}
    assert municipal == {code: figure(official, code) for code in municipal}
    assert set(municipal) >= members(official, LHSM) | set(HAUTES_ALPES) | set(CALVADOS)
    totals = {key[0]: row["value"] for key, row in reading.rows.items() if key[2] == "totale"}
    assert (len(municipal), len(totals), totals["76351"], totals["14047"]) == (83, 31, 168_588, 13_043)
    assert {(key[3], row["source"]) for key, row in reading.rows.items()} == {(2023, "Insee, populations légales 2023")}


@pytest.mark.django_db
class TestFormerNamesAndCodes:
    @pytest.fixture(autouse=True)
    def shipped_movements(self, some_communes):
        movement_plan(read_movements(movements.SHIPPED)).apply()

    @pytest.mark.parametrize(
        ("typed", "insee", "formerly"),
        [
            ("Port-en-Bessin", "14515", ""),
            ("Creully-sur-Seulles", "14200", ""),
            ("Caumont-l'Éventé", "14143", "Caumont-l’Éventé"),
            ("Pont-Farcy", "50592", "Pont-Farcy"),
            ("pont farcy 50", "50592", "Pont-Farcy"),
        ],
    )
    def test_a_name_of_the_pages_or_of_the_past_finds_the_commune_of_today(self, typed, insee, formerly):
        first = search_communes(typed)[0]
        assert (first.insee, first.formerly) == (insee, formerly)

    def test_the_official_label_is_shown_with_its_own_hyphens(self):
        assert search_communes("Port-en-Bessin")[0].name == "Port-en-Bessin-Huppain"
        assert search_communes("Creully-sur-Seulles")[0].name == "Creully sur Seulles"

    def test_every_former_code_of_tessy_bocage_leads_to_it(self):
        assert [successors_of(code) for code in ("14507", "14513", "50180", "50649", "50592")] == [("50592",)] * 5
        eve = date(2017, 12, 31)
        assert [successors_of(code, eve) for code in ("14513", "50649")] == [("14513",), ("50649",)]
        assert successors_of("14340") == ("14515",)
        assert set(FormerName.objects.filter(commune="50592").values_list("name", flat=True)) == {"Pont-Farcy"}

    def test_former_names_are_computed_again_and_not_doubled(self):
        before = set(FormerName.objects.values_list("commune_id", "code", "name"))
        refresh_former_names()
        assert set(FormerName.objects.values_list("commune_id", "code", "name")) == before
        assert Intercommunality.objects.get(siren=LHSM).communes.count() == 54
