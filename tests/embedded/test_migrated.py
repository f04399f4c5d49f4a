"""A run begins from a migrated cluster kept beside it."""

import pytest
from django.db import connection

from portal.embedded import migrated
from portal.embedded.preparation import Stamps


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """Clusters are made at once, as files that tell how many were made."""
    made = []

    def make(folder):
        made.append(folder)
        (folder / "pg").mkdir(parents=True, exist_ok=True)
        (folder / "pg" / "PG_VERSION").write_text(str(len(made)))

    monkeypatch.setenv("PORTAL_VAR", str(tmp_path))
    monkeypatch.setenv(migrated.VARIABLE, "")
    monkeypatch.setattr(migrated, "_make", make)
    return tmp_path


def version(folder):
    return (folder / "pg" / "PG_VERSION").read_text()


def test_the_cluster_is_made_once_then_copied(kept):
    for name in ("one", "two"):
        migrated.begin_from_copy(kept / name)
    assert [version(kept / name) for name in ("one", "two")] == ["1", "1"]


def test_the_cluster_is_made_anew_when_a_migration_changes(kept):
    migrated.begin_from_copy(kept / "one")
    Stamps(kept / "test-template" / "stamps.json").set("migrated", "another hash")
    migrated.begin_from_copy(kept / "two")
    assert [version(kept / name) for name in ("one", "two")] == ["1", "2"]


@pytest.mark.django_db
def test_this_run_plays_no_migration_again(settings):
    """The rows of the migrations are older than the server, when the run made its own."""
    if settings.DATABASES["default"]["TEST"]["TEMPLATE"] is None:
        return  # a server of one's own: the migrations were played on it
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(applied) < pg_postmaster_start_time() FROM django_migrations")
        assert cursor.fetchone() == (True,)
