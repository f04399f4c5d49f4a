"""`manage`: a command on the database of `make run`, whether it is on or not; what a fresh database needs."""

import json
import os
import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest

from portal.embedded import preparation
from portal.embedded.preparation import Stamps, command_exists, is_empty, migrations_hash
from portal.embedded.run import fill
from portal.embedded.services import attach, start_services, stop_services
from portal.embedded.supervisor import RunFailed, only_one


@pytest.fixture
def folder(monkeypatch):
    path = Path(tempfile.mkdtemp(prefix="portail-essai-"))
    monkeypatch.setenv("DATABASE_URL", "")
    monkeypatch.setenv("REDIS_URL", "")
    yield path
    shutil.rmtree(path, ignore_errors=True)


def ask(question: str) -> object:
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        row = connection.execute(question).fetchone()
        return row[0] if row else None


def test_services_are_started_for_the_command_then_stopped(folder):
    with ExitStack() as stack:
        attach(stack, folder)
        assert ask("SELECT current_database()") == "portal"
    assert not (folder / "pg" / "postmaster.pid").exists()


def test_services_of_a_run_that_is_on_are_used_and_left_on(folder, monkeypatch):
    with only_one(folder):
        started = start_services(folder, durable=False)
        try:
            monkeypatch.setenv("DATABASE_URL", "")
            with ExitStack() as stack:
                attach(stack, folder)
            assert ask("SELECT current_database()") == "portal"
        finally:
            stop_services(started)


def test_is_empty(folder):
    started = start_services(folder, durable=False)
    url = os.environ["DATABASE_URL"]
    try:
        assert is_empty(url, "note") is False  # no such table: nothing to fill
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE note (body text)")
        assert is_empty(url, "note") is True
        with psycopg.connect(url) as connection:
            connection.execute("INSERT INTO note VALUES ('x')")
        assert is_empty(url, "note") is False
    finally:
        stop_services(started)


def test_stamps(tmp_path):
    stamps = Stamps(tmp_path / "stamps.json")
    assert stamps.holds("migrations", "a") is False
    stamps.set("migrations", "a")
    stamps.set("other", "b")
    assert json.loads((tmp_path / "stamps.json").read_text()) == {"migrations": "a", "other": "b"}
    assert (stamps.holds("migrations", "a"), stamps.holds("migrations", "b")) == (True, False)
    stamps.forget()
    assert stamps.holds("migrations", "a") is False


def test_the_hash_follows_migrations_locks_and_database(tmp_path, monkeypatch):
    monkeypatch.setattr(preparation, "ROOT", tmp_path)
    migration, lock = tmp_path / "calls/migrations/0001_initial.py", tmp_path / "requirements.lock"
    migration.parent.mkdir(parents=True)
    hashes = []
    for change in (lambda: None, lambda: migration.write_text("1"), lambda: lock.write_text("1")):
        change()
        hashes += [migrations_hash("postgresql:///a"), migrations_hash("postgresql:///a")]
    hashes.append(migrations_hash("postgresql:///b"))
    assert len(set(hashes)) == 4


def test_commands_of_our_apps_are_found():
    assert (command_exists("import_territories"), command_exists("migrate")) == (True, False)


def test_an_interrupted_demo_is_not_taken_for_a_whole_one(tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql:///portail")
    stamps = Stamps(tmp_path / "stamps.json")
    stamps.set("demo", "postgresql:///portail")
    with pytest.raises(RunFailed, match="La préparation de la démonstration s’était interrompue"):
        fill(stamps, tmp_path)
