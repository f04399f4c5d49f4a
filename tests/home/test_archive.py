"""Backup and restoration: every row and every byte back, on a database of their own; what is altered is refused."""

import hashlib
import json
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection

from portal.core.clock import portal_now
from portal.core.models import StoredFile
from portal.core.uploads import store_bytes
from portal.home import archive, archive_drill
from portal.home.archive import DUMP, FILES, MANIFEST, ArchiveError
from tests.factories import make_application, make_call, make_user
from tests.harness.disk import path_of

CONTENTS = (b"une deliberation", b"un plan de situation", b"une photographie")


@pytest.fixture
def own_files(settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "fichiers-du-portail"


@pytest.fixture
def own_database(transactional_db: None, own_files: None) -> Iterator[None]:
    """A copy of the test database, which may be destroyed."""
    original = connection.settings_dict["NAME"]
    copy = f"{original}_archive"
    # A thread of an earlier live server may still hold an idle connection: a template must have none.
    administer(
        f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{original}' AND pid <> pg_backend_pid()"
    )
    administer(f"CREATE DATABASE {copy} TEMPLATE {original}")
    connection.settings_dict["NAME"] = copy
    yield
    connection.close()
    connection.settings_dict["NAME"] = original
    administer(f"DROP DATABASE {copy} WITH (FORCE)")


def administer(statement: str) -> None:
    """Run a statement from another database: a template may have nobody connected."""
    connection.close()
    with connection._nodb_cursor() as cursor:
        cursor.execute(statement)


@pytest.fixture
def keys(own_database: None) -> list[UUID]:
    return make_content()


@pytest.fixture
def keys_in_test_database(transactional_db: None, own_files: None) -> list[UUID]:
    """For what writes a backup and restores nothing."""
    return make_content()


def make_content() -> list[UUID]:
    """A call, a draft and three files."""
    make_application(make_call())
    by, at = make_user(), portal_now()
    return [
        store_bytes(content, name=f"piece-{n}.pdf", detected_type="application/pdf", by=by, at=at).key
        for n, content in enumerate(CONTENTS)
    ]


def content_of_database() -> dict[str, list[str]]:
    """Every table with its rows, as text, in order."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        tables = [name for (name,) in cursor.fetchall()]
        found = {}
        for name in tables:
            cursor.execute(f'SELECT t::text FROM "{name}" t ORDER BY 1')
            found[name] = [text for (text,) in cursor.fetchall()]
    return found


def execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def flip(path: Path) -> None:
    """Change one bit of the middle byte."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def back_up(folder: Path) -> Path:
    archive.backup(folder, at=portal_now())
    return folder


# --- there and back -----------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_everything_comes_back_on_a_base_and_files_destroyed_since(keys: list[UUID], tmp_path: Path) -> None:
    before = content_of_database()
    folder = back_up(tmp_path / "sauvegarde")
    execute("TRUNCATE applications_application, core_storedfile, calls_call CASCADE")
    execute("CREATE TABLE later_version (id int PRIMARY KEY REFERENCES accounts_user (id))")
    execute("ALTER TABLE accounts_user ADD COLUMN later int")
    path_of(keys[0]).unlink()
    flip(path_of(keys[1]))
    summary = archive.restore(folder)
    assert content_of_database() == before
    assert (summary.files, summary.octets) == (3, sum(map(len, CONTENTS)))
    found = {
        row.key: (row.sha256, hashlib.sha256(path_of(row.key).read_bytes()).hexdigest())
        for row in StoredFile.objects.all()
    }
    assert found == {
        key: (hashlib.sha256(content).hexdigest(),) * 2 for key, content in zip(keys, CONTENTS, strict=True)
    }
    lives_on(tmp_path)


def lives_on(tmp_path: Path) -> None:
    """What was restored goes on: its sequences, its triggers, its own backups."""
    user = make_user("apres@exemple.fr")
    with pytest.raises(DatabaseError, match="insert-only"):
        execute("DELETE FROM calls_callrevision")
    archive.restore(back_up(tmp_path / "seconde"))
    assert type(user).objects.filter(email="apres@exemple.fr").exists()


def test_a_backup_holds_the_files_that_rows_name_and_their_fingerprints(
    keys_in_test_database: list[UUID], tmp_path: Path
) -> None:
    keys = keys_in_test_database
    folder = back_up(tmp_path / "sauvegarde")
    manifest = json.loads((folder / MANIFEST).read_text())
    assert manifest["fichiers"] == {
        key.hex: hashlib.sha256(content).hexdigest() for key, content in zip(keys, CONTENTS, strict=True)
    }
    assert manifest["base"] == hashlib.sha256((folder / DUMP).read_bytes()).hexdigest()
    assert {path.name for path in (folder / FILES).iterdir()} == set(manifest["fichiers"])
    assert archive.verify(folder) == manifest


# --- what is refused ----------------------------------------------------------------------------------------------


def test_a_backup_that_is_not_sound_leaves_the_base_as_it_was(
    keys: list[UUID], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, before = back_up(tmp_path / "sauvegarde"), content_of_database()
    one_bit_flipped(folder, keys)
    failing_half_way(folder, tmp_path, monkeypatch)
    unreadable_dump(folder)
    assert content_of_database() == before


def one_bit_flipped(folder: Path, keys: list[UUID]) -> None:
    for path in (folder / FILES / keys[1].hex, folder / DUMP):
        flip(path)
        with pytest.raises(ArchiveError, match=f"^Fichier altéré : {path.name} n’a plus l’empreinte attendue.$"):
            archive.restore(folder)
        flip(path)


def unreadable_dump(folder: Path) -> None:
    (folder / DUMP).write_bytes(b"ceci n'est pas une base")
    manifest = json.loads((folder / MANIFEST).read_text())
    (folder / MANIFEST).write_text(json.dumps({**manifest, "base": archive.fingerprint(folder / DUMP)}))
    with pytest.raises(ArchiveError, match="^pg_restore a échoué : "):
        archive.restore(folder)


def failing_half_way(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The script is written whole, then a line that fails once everything is emptied and rewritten."""
    tool = archive.postgres_tool
    failing = tmp_path / "pg_restore"
    failing.write_text(f'#!/bin/sh\n"{tool("pg_restore")}" "$@" && echo "SELECT 1/0;" >> "$3"\n')
    failing.chmod(0o755)
    with monkeypatch.context() as patch:
        patch.setattr(archive, "postgres_tool", lambda name: str(failing) if name == "pg_restore" else tool(name))
        with pytest.raises(ArchiveError, match="^psql a échoué : .*division by zero"):
            archive.restore(folder)


def test_an_incomplete_folder_is_refused(keys_in_test_database: list[UUID], tmp_path: Path) -> None:
    keys = keys_in_test_database
    folder = back_up(tmp_path / "sauvegarde")
    manifest = (folder / MANIFEST).read_text()
    (folder / MANIFEST).unlink()
    with pytest.raises(ArchiveError, match="n’est pas une sauvegarde complète : il y manque manifeste.json.$"):
        archive.verify(folder)
    for text in ("{", "[]", '{"base": "x"}', '{"fichiers": {}}'):
        (folder / MANIFEST).write_text(text)
        with pytest.raises(ArchiveError, match="manifeste.json est illisible : la sauvegarde n’est pas sûre.$"):
            archive.verify(folder)
    (folder / MANIFEST).write_text(manifest)
    (folder / FILES / keys[2].hex).unlink()
    with pytest.raises(ArchiveError, match=f"^Fichier manquant : {keys[2].hex}.$"):
        archive.verify(folder)


def test_a_backup_says_which_file_is_missing_or_altered(keys_in_test_database: list[UUID], tmp_path: Path) -> None:
    keys = keys_in_test_database
    flip(path_of(keys[0]))
    with pytest.raises(ArchiveError, match=f"^Fichier altéré : {keys[0].hex} n’a plus l’empreinte attendue.$"):
        archive.backup(tmp_path / "une", at=portal_now())
    path_of(keys[0]).unlink()
    with pytest.raises(ArchiveError, match=f"^Fichier manquant : {keys[0].hex}.$"):
        archive.backup(tmp_path / "deux", at=portal_now())
    assert not (tmp_path / "une" / MANIFEST).exists()
    with pytest.raises(ArchiveError, match="une n’est pas vide.$"):
        archive.backup(tmp_path / "une", at=portal_now())


# --- commands -----------------------------------------------------------------------------------------------------


def test_the_commands_say_what_they_did(keys: list[UUID], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "sauvegarde"
    call_command("backup", str(folder))
    assert capsys.readouterr().out == f"Sauvegarde écrite dans {folder} : la base et 3 fichiers (52\u00a0o).\n"
    with pytest.raises(CommandError, match="^La base actuelle sera remplacée. Relancez avec --oui pour confirmer.$"):
        call_command("restore", str(folder))
    call_command("restore", str(folder), "--oui")
    made_at = json.loads((folder / MANIFEST).read_text())["fait_le"]
    assert capsys.readouterr().out == (
        f"Sauvegarde du {made_at} restaurée : 3 fichiers, empreintes vérifiées.\n"
        "Effacements faits depuis, et refaits : 0.\n"
    )
    with pytest.raises(CommandError, match="n’est pas vide.$"):
        call_command("backup", str(folder))
    (folder / MANIFEST).unlink()
    with pytest.raises(CommandError, match="n’est pas une sauvegarde complète"):
        call_command("restore", str(folder), "--oui")


# --- the drill (D1, D2) -------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_drill_compares_every_row_and_every_file_and_leaves_nothing(keys_in_test_database: list[UUID]) -> None:
    before = content_of_database()
    out = StringIO()
    call_command("drill", stdout=out)
    said = out.getvalue().replace("\u202f", "").replace("\u00a0", " ")
    rows = sum(map(len, before.values())) - len(before.get("rehearsals_rehearsal", ()))
    assert said.startswith(f"Tout est revenu : {rows} lignes de ")
    assert " tables, 3 fichiers (" in said
    assert content_of_database() == before
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_database WHERE datname LIKE '%_exercice'")
        assert cursor.fetchone() == (0,)


@pytest.mark.slow
def test_the_drill_says_what_did_not_come_back(keys_in_test_database: list[UUID], monkeypatch) -> None:
    whole = archive_drill.digests

    def one_row_less(line):
        found = whole(line)
        return found if line.info.dbname.endswith("_exercice") else {**found, "calls_call": (0, 0)}

    monkeypatch.setattr(archive_drill, "digests", one_row_less)
    with pytest.raises(CommandError, match="ne rend pas les mêmes lignes : calls_call.$"):
        call_command("drill")
    monkeypatch.setattr(archive_drill, "digests", whole)
    path_of(keys_in_test_database[0]).unlink()
    with pytest.raises(CommandError, match="^Fichier manquant : "):
        call_command("drill")
