"""Attributes by year and groupings: the latest value with its proof, in one query for one commune or for all."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from portal.territories.models import CommuneAttribute, Grouping
from portal.territories.queries_facts import (
    AttributeValue,
    GroupingValue,
    attributes_by_commune,
    communes_with,
    groupings_named,
    known_attributes,
    known_groupings,
)
from tests.factories import BENOUVILLE, ETRETAT, HARFLEUR, make_commune

pytestmark = pytest.mark.django_db


def say(commune, code, value, year, **more):
    return CommuneAttribute.objects.create(
        commune=commune, code=code, value=value, year=year, source="fichier d’essai", **more
    )


@pytest.fixture
def etretat():
    commune = make_commune(ETRETAT)
    say(commune, "DENSITE", "6", 2022)
    say(commune, "DENSITE", "5", 2024)
    say(commune, "ECOQUARTIER", "oui", 2023, stage="étape 3", dated_on=date(2023, 6, 30))
    return commune


def test_the_latest_value_with_its_proof(etretat):
    assert attributes_by_commune(["76254", make_commune(HARFLEUR).insee]) == {
        "76254": {
            "DENSITE": AttributeValue("5", 2024, "fichier d’essai"),
            "ECOQUARTIER": AttributeValue("oui", 2023, "fichier d’essai", "étape 3", date(2023, 6, 30)),
        }
    }


def test_all_communes_cost_one_query(etretat, django_assert_num_queries):
    say(make_commune(BENOUVILLE), "PVD", "oui", 2026)
    with django_assert_num_queries(1):
        found = attributes_by_commune()
    assert {insee: {code: v.value for code, v in of.items()} for insee, of in found.items()} == {
        "76254": {"DENSITE": "5", "ECOQUARTIER": "oui"},
        "76079": {"PVD": "oui"},
    }
    assert set(attributes_by_commune(["76079"])) == {"76079"}


def test_a_list_follows_the_latest_value_only(etretat):
    assert list(communes_with("DENSITE", ["5"])) == [etretat]
    assert list(communes_with("DENSITE", ["6", "7"])) == []
    assert list(communes_with("DENSITE")) == [etretat]
    say(etretat, "PVD", "non", 2026)
    assert list(communes_with("PVD")) == []
    assert known_attributes() == {"DENSITE": ["5", "6"], "ECOQUARTIER": ["oui"], "PVD": ["non"]}


def test_a_code_is_a_word_in_capitals_and_a_year_holds_one_value(etretat):
    for code, year in [("pvd", 2026), ("DENSITE", 2024)]:
        with pytest.raises(IntegrityError), transaction.atomic():
            say(etretat, code, "oui", year)


def test_groupings_with_their_communes_cost_two_queries(etretat, django_assert_num_queries):
    canton = Grouping.objects.create(kind="canton", code="7614", name="Octeville-sur-Mer", year=2024, source="Insee")
    coast = Grouping.objects.create(kind="autre", code="COTE", name="Côte d’Albâtre", year=2024, source="essai")
    coast.communes.add(etretat, make_commune(BENOUVILLE))
    canton.communes.add(etretat)
    with django_assert_num_queries(2):
        found = groupings_named([("canton", "7614"), ("autre", "COTE"), ("canton", "COTE")])
    assert found == {
        ("canton", "7614"): GroupingValue("Octeville-sur-Mer", 2024, "Insee", frozenset({"76254"})),
        ("autre", "COTE"): GroupingValue("Côte d’Albâtre", 2024, "essai", frozenset({"76254", "76079"})),
    }
    assert known_groupings() == {"autre": [("COTE", "Côte d’Albâtre")], "canton": [("7614", "Octeville-sur-Mer")]}
