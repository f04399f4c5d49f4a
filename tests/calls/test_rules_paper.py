"""The annex of the rules: the communes of the perimeter, as the public page judges them."""

import pytest

from calls.documents_territory import territory_block
from portal.core.documents.figures import territory_map
from tests.factories import ETRETAT, HARFLEUR, make_call, make_commune

pytestmark = pytest.mark.django_db


def test_the_annex_names_each_commune_with_its_figure_and_its_stratum():
    call = make_call()
    for spec in (HARFLEUR, ETRETAT):
        make_commune(spec)
    call.strata.create(
        code="P", position=1, label="Moins de 5 000 habitants", kind="population", lower=0, upper=5000,
        population_kind="municipale", population_year=2023,
    )  # fmt: skip
    block = territory_block(call)
    assert block is not None
    assert (block["count"], block["population"]) == (2, "Population municipale 2023")
    assert block["strata"] == [{"mark": "1", "label": "Moins de 5 000 habitants"}]
    assert block["communes"] == [
        {"name": "Étretat", "insee": ETRETAT[0], "population": "1\u202f102", "mark": "1"},
        {"name": "Harfleur", "insee": HARFLEUR[0], "population": "8\u202f289", "mark": ""},
    ]
    shapes = [(shape["short"], shape["mark"]) for shape in block["map"]["shapes"]]
    assert shapes == [("Étretat", "1"), ("Harfleur", "")]
    svg = str(territory_map(block["map"], colour="#0c4f5c"))
    assert svg.count("<path") == 2
    assert (
        "<title>Carte\u00a0: 2\u00a0communes du périmètre\u202f; mêmes valeurs que le tableau des communes.</title>"
        in svg
    )


def test_a_perimeter_without_commune_has_no_annex():
    assert territory_block(make_call()) is None
