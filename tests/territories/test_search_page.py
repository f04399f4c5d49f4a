"""The page works without script and feeds the combobox."""

import pytest

from portal.territories.models import Commune, Intercommunality

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("some_communes")]


def test_the_combobox_tells_homonyms_apart(client):
    answer = client.get("/territoires/recherche/", {"q": "Serres", "format": "json"})
    assert answer.json()["results"][:3] == [
        {"value": "05166", "label": "Serres", "detail": "05700, Hautes-Alpes (05)"},
        {"value": "11377", "label": "Serres", "detail": "11190, Aude (11)"},
        {"value": "54502", "label": "Serres", "detail": "54370, Meurthe-et-Moselle (54)"},
    ]
    assert answer.headers["Vary"].split(", ")[0] == "Accept"


def test_json_is_also_given_to_whom_accepts_it(client):
    answer = client.get("/territoires/recherche/", {"q": "etretat"}, headers={"accept": "application/json"})
    assert [row["value"] for row in answer.json()["results"]] == ["76254"]


def test_ten_suggestions_at_most(client):
    assert len(client.get("/territoires/recherche/", {"q": "saint", "format": "json"}).json()["results"]) == 10


def test_the_list_works_without_script(client):
    page = client.get("/territoires/recherche/", {"q": "etretat"}).content.decode()
    assert '<a href="/rejoindre/76254/">Étretat</a>' in page
    assert "76790, Seine-Maritime (76), Communauté urbaine Le Havre Seine Métropole" in page
    assert "<b>1\u00a0commune</b>" in page


def test_an_unknown_name_says_what_to_do(client):
    page = client.get("/territoires/recherche/", {"q": "<b>zzzzz"}).content.decode()
    assert "Aucune commune ne porte ce nom." in page
    assert "&lt;b&gt;zzzzz" in page


def test_before_any_search_the_page_only_asks(client):
    page = client.get("/territoires/recherche/").content.decode()
    assert "Aucune commune" not in page
    assert "Nom de la commune" in page


def make_group(siren, name, kind):
    Intercommunality.objects.update_or_create(siren=siren, defaults={"name": name, "kind": kind})


def labels(client, text, *kinds):
    answer = client.get("/territoires/recherche/", {"q": text, "genre": kinds, "format": "json"})
    return [row["label"] for row in answer.json()["results"]]


def test_one_address_serves_the_kinds_asked_for(client):
    make_group("200084952", "Le Havre Seine Métropole", "CU")
    assert labels(client, "le havre", "intercommunalite") == ["Communauté urbaine Le Havre Seine Métropole"]
    assert labels(client, "le havre", "commune", "intercommunalite") == [
        "Le Havre", "Communauté urbaine Le Havre Seine Métropole",
    ]  # fmt: skip
    assert labels(client, "seine maritime", "territoire") == ["Seine-Maritime (département)"]
    assert labels(client, "le havre", "planète") == []


def test_two_kinds_share_the_ten_suggestions(client):
    for n in range(8):
        make_group(f"20008490{n}", f"Saint-Essai {n}", "CC")
    found = labels(client, "saint", "commune", "intercommunalite")
    assert [Commune.objects.filter(name=label).exists() for label in found] == [True] * 5 + [False] * 5
