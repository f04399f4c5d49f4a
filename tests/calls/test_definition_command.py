"""`manage.py call`: check needs no database and says 1 on an error; import shows before it writes; export gives it back."""

import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from calls.definition.reading import canonical, read
from calls.models import Call
from tests.calls.documents import SMALL, altered, ordinary
from tests.factories import make_institution

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = ROOT / "calls" / "catalogue" / "territoire-promoteur-de-sante.yaml"


def run(*words: str) -> str:
    out = StringIO()
    call_command("call", *words, stdout=out, no_color=True)
    return ordinary(out.getvalue())


@pytest.fixture
def write(tmp_path):
    def write(text: str, name: str = "appel.yaml") -> str:
        (tmp_path / name).write_text(text, encoding="utf-8")
        return str(tmp_path / name)

    return write


# --- check -------------------------------------------------------------------------------------------------------


def test_check_of_a_right_file(write):
    file = write(SMALL)
    assert run("check", file) == (
        f"{file}\n  L’appel « Des places à vivre » est complet : 1 section, 2 questions, 0 pièce, 2 critères.\n"
    )


def test_advice_does_not_make_check_fail(write):
    file = write(altered(("label: Intérêt", "label: TODO")))
    assert run("check", file).splitlines()[1] == (
        "  conseil, ligne 53, colonne 7 (grid › criteria › C1 › label) : « TODO » semble un texte d’attente : "
        "remplacez-le ou retirez-le."
    )


def test_check_of_a_wrong_file_exits_1_after_all_files(write):
    wrong, right = write(altered(("code_prefix: DPV\n", "")), "faux.yaml"), write(SMALL)
    out = StringIO()
    with pytest.raises(SystemExit) as caught:
        call_command("call", "check", wrong, right, stdout=out, no_color=True)
    assert caught.value.code == 1
    assert ordinary(out.getvalue()) == (
        f"{wrong}\n"
        "  erreur, ligne 1, colonne 1 (code_prefix) : « code_prefix » manque : écrivez par exemple « code_prefix: TPS ».\n"
        "  1 erreur à corriger.\n"
        f"{right}\n  L’appel « Des places à vivre » est complet : 1 section, 2 questions, 0 pièce, 2 critères.\n"
    )


def test_check_of_a_file_that_is_not_there(tmp_path):
    with pytest.raises(CommandError) as caught:
        run("check", str(tmp_path / "rien.yaml"))
    assert ordinary(str(caught.value)) == f"Le fichier « {tmp_path / 'rien.yaml'} » ne peut pas être lu."


def test_check_needs_no_database():
    environment = {
        **os.environ,
        "DATABASE_URL": "postgresql://personne@127.0.0.1:1/rien",
        "REDIS_URL": "redis://127.0.0.1:1/0",
    }
    done = subprocess.run(
        [sys.executable, "manage.py", "call", "check", str(CATALOGUE)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "10 sections, 58 questions, 7 pièces, 6 critères" in ordinary(done.stdout)


def test_schema():
    assert json.loads(run("schema"))["title"] == "Appel"


# --- import and export -------------------------------------------------------------------------------------------


@pytest.fixture
def owner(db):
    return make_institution()


def test_import_shows_then_writes_and_export_gives_it_back(owner, write):
    file = write(SMALL)
    assert run("import", file).splitlines()[-2:] == [
        "Nouvel appel.",
        "Rien n’est écrit. Pour l’écrire, ajoutez --apply.",
    ]
    assert Call.objects.count() == 0
    assert run("import", file, "--apply").splitlines()[-1] == "Appel « Des places à vivre » importé, en préparation."
    out = StringIO()
    call_command("call", "export", "des-places-a-vivre-2027", stdout=out)
    assert out.getvalue() == canonical(read(SMALL))


def test_import_of_an_altered_file_shows_the_difference(owner, write):
    run("import", write(SMALL), "--apply")
    altered_file = write(altered(("points: 60", "points: 55"), ("points: 40", "points: 45")), "autre.yaml")
    shown = run("import", altered_file)
    assert [line for line in shown.splitlines() if "Modification" in line] == [
        "Modification : grille › critères › Intérêt › points, « 60 » devient « 55 ».",
        "Modification : grille › critères › Faisabilité › points, « 40 » devient « 45 ».",
    ]
    assert "Aucun changement." in run("import", write(SMALL))
    run("import", altered_file, "--apply")
    assert [criterion.points for criterion in Call.objects.get().criteria.all()] == [55, 45]


def test_import_refuses_what_it_must(owner, write):
    with pytest.raises(CommandError, match=r"Rien n’a été importé\."):
        run("import", write("title: x\n"), "--apply")
    stranger = write(altered(('owner:\n  siren: "200084952"', 'owner:\n  siren: "200071025"')), "ailleurs.yaml")
    with pytest.raises(CommandError) as caught:
        run("import", stranger, "--apply")
    assert ordinary(str(caught.value)) == "Aucune institution n’a le SIREN 200071025 : créez-la d’abord."
    assert Call.objects.count() == 0


def test_import_leaves_a_published_call_alone(owner, write):
    file = write(SMALL)
    run("import", file, "--apply")
    Call.objects.update(state="cancelled")
    with pytest.raises(CommandError) as caught:
        run("import", file, "--apply")
    assert (
        ordinary(str(caught.value))
        == "L’appel « des-places-a-vivre-2027 » n’est plus en préparation : il ne change pas ainsi."
    )


def test_export_of_an_unknown_call(db):
    with pytest.raises(CommandError) as caught:
        run("export", "rien")
    assert ordinary(str(caught.value)) == "Aucun appel ne s’appelle « rien »."
