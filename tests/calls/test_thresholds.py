"""The right figure of the right body: 20 000 on the commune or on its intercommunality, municipal or total, on real data."""

from typing import Any

import pytest

from tests.calls.rule_cases import rule, said
from tests.calls.territory import CALVADOS, HAUTES_ALPES, commune, official

BELOW = {"below": "20000", "year": "2022"}
STRADDLING = {
    "06157": "Vence", "14366": "Lisieux", "26058": "Bourg-lès-Valence", "35047": "Bruz", "46042": "Cahors",
    "50502": "Saint-Lô", "73011": "Albertville", "78123": "Carrières-sous-Poissy", "78383": "Maurepas",
    "79049": "Bressuire", "84089": "Pertuis", "91161": "Chilly-Mazarin",
}  # fmt: skip


def refused(communes: dict[str, str], **told: Any) -> list[str]:
    subject = rule("population", **BELOW, **told)
    return [name for insee, name in communes.items() if said(subject, commune(insee))[0] == "fail"]


@pytest.mark.parametrize("kind", ["municipale", "totale"])
def test_twenty_thousand_read_on_the_commune_refuses_nobody(kind):
    assert refused(HAUTES_ALPES | CALVADOS, population_kind=kind) == []


@pytest.mark.parametrize("kind", ["municipale", "totale"])
def test_twenty_thousand_read_on_the_intercommunality_refuses_other_communes(kind):
    told = {"of": "intercommunality", "population_kind": kind}
    assert refused(HAUTES_ALPES, **told) == ["Serres", "Laragne-Montéglin", "Tallard"]
    assert set(CALVADOS.values()) - set(refused(CALVADOS, **told)) == {"Creully sur Seulles"}


@pytest.mark.parametrize(
    ("insee", "of", "sentence"),
    [
        (
            "05170",
            "commune",
            "Moins de 20 000 habitants : 2 272 habitants, population municipale 2022, Insee, fichier des intercommunalités",
        ),
        (
            "05170",
            "intercommunality",
            "Moins de 20 000 habitants : non, Gap-Tallard-Durance, 50 743 habitants, population municipale 2022, Insee, fichier des intercommunalités",
        ),
        (
            "14047",
            "commune",
            "Moins de 20 000 habitants : 12 754 habitants, population municipale 2022, Insee, fichier des intercommunalités",
        ),
        (
            "14200",
            "intercommunality",
            "Moins de 20 000 habitants : Seulles Terre et Mer, 17 577 habitants, population municipale 2022, Insee, fichier des intercommunalités",
        ),
    ],
)
def test_the_sentence_says_whose_population_it_is(insee, of, sentence):
    said_ = said(rule("population", of=of, population_kind="municipale", **BELOW), commune(insee))[1]
    name = official().intercommunalities[commune(insee).intercommunality_siren]["name"]
    assert said_ == sentence.replace("Gap-Tallard-Durance", name).replace("Seulles Terre et Mer", name)


def test_municipal_or_total_twelve_communes_cross_twenty_thousand():
    """Every commune of an intercommunality, both readings of 2022: those whose answer changes, and no other."""
    municipal = rule("population", population_kind="municipale", **BELOW)
    total = rule("population", population_kind="totale", **BELOW)
    both = {insee: commune(insee) for insee, row in official().communes.items() if row["intercommunality_id"]}
    crossing = {
        insee: facts.name for insee, facts in both.items() if said(municipal, facts)[0] != said(total, facts)[0]
    }
    assert crossing == STRADDLING


@pytest.mark.parametrize(
    ("kind", "outcome", "figure"),
    [("municipale", "pass", "19 540 habitants, population municipale 2022"),
     ("totale", "fail", "non, 20 118 habitants, population totale 2022")],
)  # fmt: skip
def test_the_sentence_says_which_population_was_used(kind, outcome, figure):
    source = "Insee, fichier des intercommunalités"
    assert said(rule("population", population_kind=kind, **BELOW), commune("14366")) == (
        outcome,
        f"Moins de 20 000 habitants : {figure}, {source}",
    )


def test_the_year_decides_too():
    """Serres: 1 303 inhabitants in 2022, 1 298 in 2023."""
    serres = commune("05166")
    for year, outcome in (("2022", "fail"), ("2023", "pass"), ("2021", "unknown")):
        subject = rule("population", population_kind="municipale", year=year, below="1300")
        assert said(subject, serres)[0] == outcome
