"""The import commands: dry by default, exact report, one sentence per wrong line, idempotent, nothing lost."""

import zipfile
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from portal.territories.models import (
    Commune,
    CommuneAttribute,
    Grouping,
    ImportRecord,
    Movement,
    PopulationFigure,
)
from portal.territories.queries_facts import attributes_by_commune
from portal.territories.queries_history import successors_of
from portal.territories.services.differences import movements
from tests.factories import BENOUVILLE, ETRETAT, HARFLEUR, make_commune

pytestmark = pytest.mark.django_db

INSEE_HEADER = "CODREG;REG;CODDEP;CODARR;CODCAN;CODCOM;COM;PMUN;PCAP;PTOT"
MOVES_HEADER = "MOD,DATE_EFF,TYPECOM_AV,COM_AV,TNCC_AV,NCC_AV,NCCENR_AV,LIBELLE_AV,TYPECOM_AP,COM_AP,TNCC_AP,NCC_AP,NCCENR_AP,LIBELLE_AP"


@pytest.fixture(autouse=True)
def communes(db):
    return [make_commune(spec) for spec in (ETRETAT, BENOUVILLE, HARFLEUR)]


@pytest.fixture
def run(tmp_path, capsys):
    """Write the lines into a file, run the command on it; the lines said."""

    def act(command, *lines, name="fichier.csv", **options):
        path = tmp_path / name
        path.write_text("\n".join(lines) + "\n")
        call_command(command, str(path), **options)
        return capsys.readouterr().out.splitlines()

    return act


def populations():
    return set(PopulationFigure.objects.filter(year=2022).values_list("commune_id", "kind", "value", "source"))


def test_the_file_of_insee_is_dry_then_written_then_up_to_date(run):
    lines = [
        INSEE_HEADER,
        "28;Normandie;76;2;11;254;Étretat;1130;30;1160",
        "28;Normandie;76;2;9;079;Bénouville;170;2;172",
    ]
    assert run("import_populations", *lines, year=2022) == [
        "Populations\u00a0: 6 à créer, 0 à modifier, 0 à jour.",
        "Rien n’est écrit. Pour écrire, ajoutez --apply.",
    ]
    assert populations() == set()
    assert run("import_populations", *lines, year=2022, apply=True)[-1] == "C’est écrit."
    source = "Insee, populations légales 2022"
    assert populations() == {
        ("76254", "municipale", 1130, source), ("76254", "a_part", 30, source), ("76254", "totale", 1160, source),
        ("76079", "municipale", 170, source), ("76079", "a_part", 2, source), ("76079", "totale", 172, source),
    }  # fmt: skip
    assert run("import_populations", *lines, year=2022, apply=True) == [
        "Populations\u00a0: 0 à créer, 0 à modifier, 6 à jour.",
        "Tout est à jour.",
    ]
    record = ImportRecord.objects.get()
    assert (record.kind, record.file_name, len(record.sha256)) == ("populations", "fichier.csv", 64)
    assert record.summary == "Populations\u00a0: 6 à créer, 0 à modifier, 0 à jour."


def test_the_archive_of_insee_is_read_without_unpacking(tmp_path):
    path = tmp_path / "ensemble.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("donnees_cantons.csv", "CODCAN\n1")
        archive.writestr("donnees_communes.csv", f"{INSEE_HEADER}\n28;Normandie;76;2;11;254;Étretat;1130;30;1160\n")
    call_command("import_populations", str(path), year=2022, apply=True)
    assert {row[:3] for row in populations()} == {
        ("76254", "municipale", 1130), ("76254", "a_part", 30), ("76254", "totale", 1160),
    }  # fmt: skip


def test_each_wrong_line_of_populations_is_told_and_the_others_written(run):
    Movement.objects.create(
        code_before="76999", code_after="76254", name_after="Étretat", kind="merger",
        effective_on=date(2020, 1, 1), source="essai",
    )  # fmt: skip
    said = run(
        "import_populations",
        "insee;pmun;pcap;ptot;annee;source",
        "76254;1 130;;;2022;Insee",
        "76079;cent;;;2022;Insee",
        "99999;10;;;2022;Insee",
        "76999;10;;;2022;Insee",
        "76341;8000;100;8200;2022;Insee",
        "76341;8000;;;;Insee",
        "Harfleur;8000;;;2022;Insee",
        "76254;1131;;;2022;Insee",
        "76341;;;;2022;Insee",
        "76341;8000;;;2022;",
        apply=True,
    )
    assert said == [
        "Populations\u00a0: 1 à créer, 0 à modifier, 0 à jour.",
        "9\u00a0lignes laissées de côté\u00a0:",
        "  Ligne 3\u00a0: la population PMUN « cent » n’est pas un nombre entier.",
        "  Ligne 4\u00a0: aucune commune n’a le code 99999.",
        "  Ligne 5\u00a0: 76999 n’est plus le code d’une commune\u00a0: elle est devenue Étretat (76254).",
        "  Ligne 6\u00a0: PMUN + PCAP ne font pas PTOT pour la commune 76341.",
        "  Ligne 7\u00a0: l’année manque.",
        "  Ligne 8\u00a0: « Harfleur » n’est pas un code Insee de commune (cinq caractères, par exemple 76254).",
        "  Ligne 9\u00a0: déjà donnée à la ligne 2, avec d’autres valeurs.",
        "  Ligne 10\u00a0: aucune population n’est donnée.",
        "  Ligne 11\u00a0: la source manque.",
        "C’est écrit.",
    ]
    assert populations() == {("76254", "municipale", 1130, "Insee")}


def test_overseas_codes_and_the_arrondissements_of_paris(run):
    from portal.territories.imports.lines import Line
    from portal.territories.imports.populations import add_cities, code_of

    assert code_of(Line(coddep="971", codcom="101")) == "97101"
    assert code_of(Line(coddep="2A", codcom="004")) == "2A004"
    assert code_of(Line(coddep="1", codcom="4")) == "01004"
    wards = {(str(code), None, "municipale", 2023): {"source": "Insee", "value": 10} for code in range(75101, 75121)}
    add_cities(wards)
    assert wards == {("75056", None, "municipale", 2023): {"source": "Insee", "value": 200}}


def test_the_same_figure_keeps_its_source_another_replaces_it_and_the_report_says_both(run):
    header = "insee;pmun;annee;source"
    assert run("import_populations", header, "76254;1102;2023;Autre", apply=True)[-1] == "Tout est à jour."
    said = run("import_populations", header, "76254;1103;2023;Insee, rectificatif", apply=True)
    assert said[1] == (
        "  Populations 76254 municipale 2023\u00a0: source 'Insee' → 'Insee, rectificatif', value 1102 → 1103"
    )
    figure = PopulationFigure.objects.get(commune_id="76254", year=2023)
    assert (figure.value, figure.source) == (1103, "Insee, rectificatif")


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["insee;nom", "76254;Étretat"], "aucune colonne de population"),
        (["insee;pmun", "76254;10"], "le fichier ne dit pas l’année. Ajoutez --year"),
    ],
)
def test_a_file_that_is_not_a_table_of_populations_is_refused(run, lines, message):
    with pytest.raises(CommandError, match=message):
        run("import_populations", *lines)


def test_a_missing_file_or_archive_member_says_so(tmp_path):
    with pytest.raises(CommandError, match="introuvable ou illisible"):
        call_command("import_attributes", str(tmp_path / "rien.csv"))
    with zipfile.ZipFile(tmp_path / "vide.zip", "w") as archive:
        archive.writestr("autre.csv", "a")
    with pytest.raises(CommandError, match="ne contient pas le fichier « donnees_communes.csv »"):
        call_command("import_populations", str(tmp_path / "vide.zip"), year=2022)


def move(kind, day, before, name_before, after, name_after, types=("COM", "COM")):
    return f"{kind},{day},{types[0]},{before},0,X,X,{name_before},{types[1]},{after},0,X,X,{name_after}"


MOVES = [
    MOVES_HEADER,
    move(32, "2019-01-01", "76777", "Vieux-Port", "76254", "Étretat"),
    move(32, "2019-01-01", "76777", "Vieux-Port", "76777", "Vieux-Port", ("COM", "COMD")),
    move(32, "2019-01-01", "76254", "Étretat-Plage", "76254", "Étretat"),
]


def test_the_movements_of_insee_find_former_codes_and_names(run, client):
    assert run("import_movements", *MOVES)[-1] == "Rien n’est écrit. Pour écrire, ajoutez --apply."
    assert run("import_movements", *MOVES, apply=True) == [
        "Mouvements\u00a0: 2 à créer, 0 à modifier, 0 à jour.",
        "C’est écrit.",
    ]
    assert run("import_movements", *MOVES, apply=True)[-1] == "Tout est à jour."
    assert (successors_of("76777"), successors_of("76777", date(2018, 12, 31))) == (("76254",), ("76777",))
    answer = client.get("/territoires/recherche/", {"q": "vieux port", "format": "json"})
    assert answer.json()["results"] == [
        {"value": "76254", "label": "Étretat", "detail": "76790, Seine-Maritime (76), anciennement Vieux-Port"}
    ]
    page = client.get("/territoires/recherche/", {"q": "Vieux-Port"}).content.decode()
    assert "anciennement Vieux-Port" in page


def test_wrong_movements_are_told(run):
    said = run(
        "import_movements",
        MOVES_HEADER,
        move(99, "2019-01-01", "76777", "A", "76254", "Étretat"),
        move(31, "le 1er", "76777", "A", "76254", "Étretat"),
        move(31, "2019-01-01", "7677", "A", "7625X", "Étretat"),
    )
    assert said[1:5] == [
        "3\u00a0lignes laissées de côté\u00a0:",
        "  Ligne 2\u00a0: le type d’événement « 99 » est inconnu.",
        "  Ligne 3\u00a0: la date « le 1er » ne se lit pas (attendu\u00a0: 2018-01-01 ou 01/01/2018).",
        "  Ligne 4\u00a0: « 7625X » n’est pas un code Insee de commune (cinq caractères, par exemple 76254).",
    ]


ATTRIBUTES = [
    "attribut;insee;valeur;annee;source;étape;date",
    "DENSITE;76254;6;2024;Insee, grille de densité;;",
    "ecoquartier;76341;oui;2023;Ministère;étape 3;30/06/2023",
]


def test_attributes_with_stage_and_date(run):
    assert run("import_attributes", *ATTRIBUTES, apply=True) == [
        "Attributs\u00a0: 2 à créer, 0 à modifier, 0 à jour.",
        "C’est écrit.",
    ]
    assert run("import_attributes", *ATTRIBUTES, apply=True)[-1] == "Tout est à jour."
    label = attributes_by_commune(["76341"])["76341"]["ECOQUARTIER"]
    assert (label.value, label.year, label.source, label.stage, label.date) == (
        "oui", 2023, "Ministère", "étape 3", date(2023, 6, 30),
    )  # fmt: skip
    said = run("import_attributes", ATTRIBUTES[0], "DENSITE;76079;7;2024;Insee;;", apply=True)
    assert said[0] == "Attributs\u00a0: 1 à créer, 0 à modifier, 0 à jour, 1 hors des fichiers (rien n’est supprimé)."
    assert CommuneAttribute.objects.count() == 3


def test_wrong_attributes_are_told(run):
    said = run(
        "import_attributes",
        ATTRIBUTES[0],
        "Densité;76254;6;2024;Insee",
        "PVD;76254;;2024;Insee",
        "PVD;76254;oui;24;Insee",
    )
    assert said[2:5] == [
        "  Ligne 2\u00a0: « Densité » n’est pas un code d’attribut (lettres sans accent, chiffres et « _ », 30 au plus).",
        "  Ligne 3\u00a0: la valeur manque.",
        "  Ligne 4\u00a0: l’année 24 n’est pas plausible.",
    ]
    with pytest.raises(CommandError, match="il manque les colonnes « annee », « source »"):
        run("import_attributes", "attribut;insee;valeur", "PVD;76254;oui")


COAST = [
    "type;code;nom;insee;annee;source",
    "autre;COTE;Côte d'Albâtre;76254;2024;essai",
    "autre;COTE;Côte d'Albâtre;76079;2024;essai",
    "canton;7614;Octeville;76254;2024;Insee",
]


def test_groupings_are_given_whole_and_say_who_joins_and_leaves(run):
    assert run("import_groupings", *COAST, apply=True) == [
        "autre COTE, Côte d’Albâtre\u00a0: + 76079, 76254.",
        "canton 7614, Octeville\u00a0: + 76254.",
        "Regroupements à jour\u00a0: 0.",
        "C’est écrit.",
    ]
    assert run("import_groupings", *COAST, apply=True) == ["Regroupements à jour\u00a0: 2.", "Tout est à jour."]
    moved = [COAST[0], COAST[1].replace("76254", "76341"), COAST[2]]
    assert run("import_groupings", *moved, apply=True)[0] == "autre COTE, Côte d’Albâtre\u00a0: + 76341 ; − 76254."
    assert [g.name for g in Commune.objects.get(insee="76254").groupings.all()] == ["Octeville"]
    assert Grouping.objects.count() == 2


def test_wrong_groupings_are_told(run):
    said = run(
        "import_groupings",
        *COAST,
        "autre;COTE;Autre nom;76341;2024;essai",
        "village;X;Nom;76254;2024;essai",
    )
    assert said[3:6] == [
        "2\u00a0lignes laissées de côté\u00a0:",
        "  Ligne 5\u00a0: le regroupement COTE a déjà un autre nom, une autre année ou une autre source.",
        (
            "  Ligne 6\u00a0: le type « village » est inconnu (attendu\u00a0: canton, arrondissement, bassin, massif, "
            "circonscription, autre)."
        ),
    ]


def test_files_without_movements_leave_those_known(run):
    run("import_movements", *MOVES, apply=True)
    found = movements({})
    assert (found.created, found.changed, found.absent, len(found.before)) == ({}, {}, (), 2)
