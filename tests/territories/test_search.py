"""Finding a commune: spelling forgiven, homonyms told apart, only inhabited ones, bounded."""

import pytest

from portal.territories.models import Commune
from portal.territories.queries import search_communes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("some_communes")]


def found(text, **options):
    return [(c.name, c.department_id) for c in search_communes(text, **options)]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("etretat", "Étretat"),
        ("ETRETAT", "Étretat"),
        ("l'argentiere la bessee", "L’Argentière-la-Bessée"),
        ("L’Argentière la Bessée", "L’Argentière-la-Bessée"),
        ("argentiere", "L’Argentière-la-Bessée"),
        ("st romain de colbosc", "Saint-Romain-de-Colbosc"),
        ("ste tulle", "Sainte-Tulle"),
        ("le tilleul", "Le Tilleul"),
        ("tilleul", "Le Tilleul"),
        ("havre", "Le Havre"),
        ("port en bessin", "Port-en-Bessin-Huppain"),
        ("Creully-sur-Seulles", "Creully sur Seulles"),
        ("harfler", "Harfleur"),
        ("montivilier", "Montivilliers"),
        ("criqueto lesneval", "Criquetot-l’Esneval"),
        ("76254", "Étretat"),
        ("Y", "Y"),
    ],
)
def test_the_commune_meant_comes_first(typed, first):
    assert found(typed)[0][0] == first


def test_homonyms_are_all_found_and_told_apart():
    assert found("Serres")[:3] == [("Serres", "05"), ("Serres", "11"), ("Serres", "54")]
    assert found("serres (05)")[0] == ("Serres", "05")
    assert found("serres 11190") == [("Serres", "11")]
    assert found("bénouville")[:2] == [("Bénouville", "14"), ("Bénouville", "76")]
    assert found("serres 99")[:3] == [("Serres", "05"), ("Serres", "11"), ("Serres", "54")]


def test_a_postal_code_finds_its_communes():
    assert {name for name, _ in found("76790")} == {
        "Bénouville",
        "Bordeaux-Saint-Clair",
        "Étretat",
        "Gerville",
        "Le Tilleul",
        "Les Loges",
    }


def test_nothing_uninhabited_is_found():
    assert Commune.objects.filter(insee="55039").exists()
    assert ("Beaumont-en-Verdunois", "55") not in found("Beaumont-en-Verdunois")
    assert found("55039") == []
    assert found("Saint-Pierre 975") == found("Saint-Pierre")


@pytest.mark.parametrize("text", ["", " ", "x", "%", "_", "'", "zzzzzzzzzz", "99999"])
def test_nothing_meant_nothing_found(text):
    assert found(text) == []


def test_the_answer_is_bounded():
    assert len(found("saint")) == 20
    assert len(found("saint", limit=500)) == 50
    assert found("saint", limit=1) == found("saint")[:1]


def test_the_search_stays_within_what_is_given():
    metropole = Commune.objects.filter(intercommunality_id="200084952")
    assert found("bénouville", within=metropole) == [("Bénouville", "76")]
    assert found("bayeux", within=metropole) == []


def test_one_search_costs_at_most_three_queries(django_assert_max_num_queries):
    for text in ("serres", "saint", "harfler", "76790", "serres 99"):
        with django_assert_max_num_queries(3):
            found(text)
