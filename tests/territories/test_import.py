"""The import: exact counts, two vintages never mixed, dry by default, idempotent, nothing deleted."""

from dataclasses import replace

import pytest
from django.core.management import CommandError, call_command

from calls.conditions import Facts
from calls.queries import facts_of, verdicts_for
from calls.queries_applicants import facts_of_group
from portal.core.typography import format_number
from portal.territories.management.commands import import_territories as command
from portal.territories.models import Commune, Department, Intercommunality, PopulationFigure, Region
from portal.territories.queries import latest_population, population_of, searchable_communes
from portal.territories.services import apply_differences, compare
from tests.factories import make_call, make_town_hall

pytestmark = pytest.mark.django_db


def rows_of(model):
    return model.objects.count()


def test_the_whole_official_code(official):
    apply_differences(compare(official))
    assert [rows_of(m) for m in (Region, Department, Intercommunality, Commune)] == [26, 109, 1255, 34969]
    assert Commune.objects.filter(siren__isnull=False).count() == 34875
    assert searchable_communes().count() == 34869
    assert PopulationFigure.objects.filter(commune__isnull=False, kind="municipale", year=2023).count() == 34963
    metropole = Intercommunality.objects.get(siren="200084952")
    assert (metropole.name, metropole.kind, metropole.communes.count()) == ("Le Havre Seine Métropole", "CU", 54)
    without = searchable_communes().filter(intercommunality=None).values_list("insee", flat=True)
    assert set(without) == {"22016", "29083", "29155", "85113"}
    again = compare(official)
    assert [(d.created, d.changed, d.absent) for d in again] == [({}, {}, ())] * 6


@pytest.mark.usefixtures("some_communes")
def test_each_figure_keeps_its_kind_year_and_source():
    havre = Commune.objects.get(insee="76351")
    assert {(f.kind, f.year, f.source, f.value) for f in havre.populations.all()} == {
        ("municipale", 2023, "Insee", 166687),
        ("municipale", 2022, "Insee, fichier des intercommunalités", 166462),
        ("totale", 2022, "Insee, fichier des intercommunalités", 168329),
    }
    assert population_of(havre, "municipale", 2023).value == 166687
    assert population_of(havre, "totale", 2023) is None
    assert latest_population(havre).year == 2023
    assert latest_population(havre, "totale").year == 2022


@pytest.mark.usefixtures("some_communes")
def test_what_a_commune_row_says():
    commune = Commune.objects.get(insee="05006")
    assert (commune.name, commune.siren, commune.article, commune.postal_codes, commune.search_name) == (
        "L’Argentière-la-Bessée",
        "210500062",
        5,
        ["05120"],
        "l argentiere la bessee",
    )
    assert set(Commune.objects.filter(inhabited=False).values_list("insee", flat=True)) == {"55039", "97502"}


@pytest.mark.usefixtures("some_communes")
def test_a_commune_gone_from_the_files_is_kept_and_no_longer_found(official):
    town_hall = make_town_hall()
    left = {code: row for code, row in official.communes.items() if code in {"76254", "76351"}}
    left = {code: row for code, row in left.items() if code != "76254"}
    figures = {key: row for key, row in official.figures.items() if key[0] == "76351"}
    apply_differences(compare(replace(official, communes=left, figures=figures)))
    town_hall.commune.refresh_from_db()
    assert not town_hall.commune.inhabited
    assert town_hall.commune.populations.count() == 3
    assert set(searchable_communes().values_list("insee", flat=True)) == {"76351"}


@pytest.mark.usefixtures("some_communes")
def test_a_changed_row_is_reported_field_by_field_then_written(official):
    Commune.objects.filter(insee="76254").update(name="Etretat", postal_codes=[])
    kept = {code: official.communes[code] for code in Commune.objects.values_list("insee", flat=True)}
    figures = {key: row for key, row in official.figures.items() if key[0] in kept or key[1]}
    differences = compare(replace(official, communes=kept, figures=figures))
    communes = next(d for d in differences if d.model is Commune)
    assert communes.examples == ["  Communes 76254\u00a0: name 'Etretat' → 'Étretat', postal_codes [] → ['76790']"]
    assert communes.sentence == "Communes\u00a0: 0 à créer, 1 à modifier, 1\u202f407 à jour."
    apply_differences(differences)
    assert Commune.objects.get(insee="76254").name == "Étretat"


def test_the_command_dates_the_code_that_sentences_name(official, monkeypatch, capsys):
    codes = {"76254", "29155", *(key[0] for key in command.read_populations(command.SHIPPED_POPULATIONS).rows)}
    kept = {code: row for code, row in official.communes.items() if code in codes}
    figures = {key: row for key, row in official.figures.items() if key[0] in kept}
    monkeypatch.setattr(command, "read_territories", lambda *_, **__: replace(official, communes=kept, figures=figures))
    call_command("import_territories", "--apply")
    assert (
        f"Millésime du code officiel, 2026\u00a0: {format_number(len(kept) + 1255)} fiches à dater."
        in capsys.readouterr().out
    )
    assert set(Commune.objects.values_list("code_year", flat=True)) == {2026}
    call_command("import_territories", "--apply")
    assert capsys.readouterr().out.splitlines()[-1] == "Tout est à jour."
    call = make_call()

    def perimeter(insee: str) -> str:
        return verdicts_for(call, facts_of(Commune.objects.get(insee=insee)))[0].sentence

    assert perimeter("76254").endswith("code officiel géographique 2026, Insee")
    assert "Ouessant n’en fait pas partie, code officiel géographique 2026, Insee" in perimeter("29155")
    group = facts_of_group(Intercommunality.objects.get(siren="200084952"))
    assert verdicts_for(call, Facts(name="La communauté", applicant_kind="intercommunality", **group))[
        0
    ].sentence.endswith("code officiel géographique 2026, Insee")


def test_the_command_writes_only_when_told(capsys):
    call_command("import_territories")
    assert rows_of(Commune) == 0
    assert capsys.readouterr().out.splitlines()[-1] == (
        "Rien n’est écrit. Pour écrire : manage.py import_territories --apply"
    )


def test_the_command_refuses_to_mix_vintages_and_a_missing_package(tmp_path):
    with pytest.raises(CommandError, match="deux années différentes"):
        call_command("import_territories", commune_year=2022)
    with pytest.raises(CommandError, match="découpage administratif est introuvable"):
        call_command("import_territories", node_modules=tmp_path)
