"""Names compared without accent, hyphen or apostrophe."""

import pytest

from portal.territories.imports.official import typographic, without_sigle
from portal.territories.spelling import Wanted, plain, read_search, without_article
from portal.territories.words import department_label, intercommunality_name


@pytest.mark.parametrize(
    ("typed", "compared"),
    [
        ("L’Argentière-la-Bessée", "l argentiere la bessee"),
        ("l'argentiere la bessee", "l argentiere la bessee"),
        ("ÉTRETAT", "etretat"),
        ("Œuilly", "oeuilly"),
        ("St-Aubin", "saint aubin"),
        ("Ste Tulle", "sainte tulle"),
        ("Stes-Maries", "saintes maries"),
        ("Étretat", "etretat"),
        ("Criel s/Mer", "criel sur mer"),
        ("Steige", "steige"),
        ("  ", ""),
        ("Creully sur Seulles", "creully sur seulles"),
    ],
)
def test_plain(typed, compared):
    assert plain(typed) == compared


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Serres (05)", Wanted("serres", ("05",))),
        ("serres 05700", Wanted("serres", ("05700",))),
        ("2a004", Wanted("", ("2A004",))),
        ("Ajaccio 2A", Wanted("ajaccio", ("2A",))),
        ("76790", Wanted("", ("76790",))),
        ("a" * 200, Wanted("a" * 100, ())),
    ],
)
def test_codes_are_read_apart_from_the_name(text, wanted):
    assert read_search(text) == wanted


def test_the_first_article_may_be_left_out():
    names = ["le tilleul", "la poterie", "les trois pierres", "l ile d yeu", "aux marais", "lens"]
    assert [without_article(name) for name in names] == [
        "tilleul",
        "poterie",
        "trois pierres",
        "ile d yeu",
        "marais",
        "lens",
    ]


def test_names_of_the_files_become_names_of_screens():
    assert typographic("L'Île-d'Yeu") == "L’Île-d’Yeu"
    assert without_sigle("CU Le Havre Seine Métropole") == "Le Havre Seine Métropole"
    assert without_sigle("CC du Pays de l’Arbresle") == "du Pays de l’Arbresle"
    assert without_sigle("Cæur") == "Cæur"
    assert intercommunality_name("CC", "du Pays de l’Arbresle") == "Communauté de communes du Pays de l’Arbresle"
    assert intercommunality_name("CU", "Le Havre Seine Métropole") == "Communauté urbaine Le Havre Seine Métropole"
    assert intercommunality_name("METRO", "Métropole Rouen Normandie") == "Métropole Rouen Normandie"
    assert department_label("05", "Hautes-Alpes") == "Hautes-Alpes (05)"
