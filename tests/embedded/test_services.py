"""The embedded PostgreSQL and Redis: what they promise, and that nothing of them remains."""

import os
import shutil
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg
import pytest
import redis

from portal.embedded import paths, privileges
from portal.embedded.postgres import EmbeddedPostgres, PostgresFailed
from portal.embedded.redis_server import EmbeddedRedis, RedisFailed, program
from portal.embedded.services import start_services, stop_services
from tests.embedded.test_children import is_alive, wait_for


@pytest.fixture
def folder():
    """A short path: pytest's own temporary folders may be too long for a socket."""
    path = Path(tempfile.mkdtemp(prefix="portail-essai-"))
    yield path
    shutil.rmtree(path, ignore_errors=True)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def ask(url: str, question: str) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(question).fetchone()
        return row[0] if row else None


def test_postgresql_18_answers_on_its_private_socket_only(folder):
    server = EmbeddedPostgres(folder, durable=True)
    server.start()
    try:
        settings = {
            name: ask(server.url, f"SHOW {name}")
            for name in ("listen_addresses", "server_encoding", "data_checksums", "fsync", "unix_socket_permissions")
        }
        assert settings == {
            "listen_addresses": "",
            "server_encoding": "UTF8",
            "data_checksums": "on",
            "fsync": "on",
            "unix_socket_permissions": "0700",
        }
        assert ask(server.url, "SELECT datcollate FROM pg_database WHERE datname = current_database()") == "C.UTF-8"
        assert ask(server.url, "SELECT current_setting('server_version_num')::int / 10000") == 18
        assert {mode(server.folder), mode(server.data), mode(server.sockets)} == {0o700}
    finally:
        server.stop()


def test_data_survive_a_stop_and_a_start(folder):
    server = EmbeddedPostgres(folder, durable=True)
    server.start()
    with psycopg.connect(server.url) as connection:
        connection.execute("CREATE TABLE note AS SELECT 'gardé' AS body")
    server.stop()
    server.start()
    try:
        assert ask(server.url, "SELECT body FROM note") == "gardé"
    finally:
        server.stop()


def test_an_interrupted_creation_is_begun_again(folder):
    (folder / "pg.new").mkdir(mode=0o700)
    (folder / "pg.new" / "PG_VERSION").write_text("18")
    server = EmbeddedPostgres(folder, durable=False)
    server.start()
    server.stop()
    assert (server.data / "PG_VERSION").read_text() == "18\n"
    assert not (folder / "pg.new").exists()


def test_a_cluster_that_does_not_start_says_why(folder):
    server = EmbeddedPostgres(folder, durable=False)
    server.data.mkdir(mode=0o700)
    (server.data / "PG_VERSION").write_text("9\n")
    with pytest.raises(PostgresFailed, match=r"PostgreSQL ne démarre pas :\n.*postgresql.conf"):
        server.start()
    assert server.child is None


def test_postgresql_dies_with_a_supervisor_that_is_killed(folder):
    script = (
        "import sys, time; from pathlib import Path; from portal.embedded.postgres import EmbeddedPostgres\n"
        "EmbeddedPostgres(Path(sys.argv[1]), durable=False).start(); print('prêt', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", script, str(folder)], stdout=subprocess.PIPE, text=True) as supervisor:
        assert supervisor.stdout is not None
        assert supervisor.stdout.readline() == "prêt\n"
        server = int((folder / "pg" / "postmaster.pid").read_text().split()[0])
        assert is_alive(server)
        supervisor.kill()
    assert wait_for(lambda: not is_alive(server))


def test_root_without_namespaces_uses_setpriv(folder, monkeypatch):
    real = shutil.which
    monkeypatch.setattr(privileges.shutil, "which", lambda name: None if name == "unshare" else real(name))
    privileges.unprivileged_prefix.cache_clear()
    try:
        assert privileges.unprivileged_prefix()[:1] == (("setpriv",) if os.geteuid() == 0 else ())
        server = EmbeddedPostgres(folder, durable=False)
        server.start()
        assert ask(server.url, "SELECT 1") == 1
        server.stop()
    finally:
        privileges.unprivileged_prefix.cache_clear()


def test_root_without_any_tool_is_told_what_to_do(monkeypatch):
    monkeypatch.setattr(privileges.os, "geteuid", lambda: 0)
    monkeypatch.setattr(privileges.shutil, "which", lambda name: None)
    privileges.unprivileged_prefix.cache_clear()
    with pytest.raises(privileges.NoUnprivilegedStart, match="indiquez une base par DATABASE_URL"):
        privileges.unprivileged_prefix()
    privileges.unprivileged_prefix.cache_clear()


@pytest.mark.parametrize("system", [True, False], ids=["redis of the system", "valkey of the wheel"])
def test_redis_keeps_its_data_and_refuses_to_forget(folder, system):
    server = EmbeddedRedis(folder, durable=True, server=program(system=system))
    server.start()
    client = redis.Redis.from_url(server.url)
    settings = {
        name: client.config_get(name)[name] for name in ("appendonly", "appendfsync", "maxmemory-policy", "port", "dir")
    }
    assert settings == {
        "appendonly": "yes",
        "appendfsync": "everysec",
        "maxmemory-policy": "noeviction",
        "port": "0",
        "dir": str(server.data),
    }
    client.set("mot", "gardé")
    server.stop()
    server.start()
    assert client.get("mot") == "gardé".encode()
    client.close()
    server.stop()
    assert {mode(server.folder), mode(server.data), mode(server.socket.parent)} == {0o700}


def test_a_redis_that_does_not_start_says_why(folder):
    with pytest.raises(RedisFailed, match="Redis ne démarre pas"):
        EmbeddedRedis(folder, durable=True, server="/bin/false").start()


def test_what_is_given_is_not_started(folder, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://ailleurs/portal")
    monkeypatch.setenv("REDIS_URL", "redis://ailleurs/0")
    assert start_services(folder, durable=False) == []
    assert list(folder.iterdir()) == []


def test_the_database_is_stopped_when_redis_fails(folder, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "")
    monkeypatch.setenv("REDIS_URL", "")
    monkeypatch.setattr("portal.embedded.redis_server.program", lambda: "/bin/false")
    with pytest.raises(RedisFailed):
        start_services(folder, durable=False)
    assert not (folder / "pg" / "postmaster.pid").exists()


def test_addresses_are_set_in_the_environment(folder, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "")
    monkeypatch.setenv("REDIS_URL", "")
    started = start_services(folder, durable=False)
    try:
        assert ask(os.environ["DATABASE_URL"], "SELECT current_database()") == "portal"
        assert ask(os.environ["DATABASE_URL"], "SHOW fsync") == "off"
        assert redis.Redis.from_url(os.environ["REDIS_URL"], single_connection_client=True).ping() is True
    finally:
        stop_services(started)


def test_a_long_path_moves_the_sockets_to_a_short_private_folder(tmp_path):
    long = tmp_path / ("x" * 100)
    chosen = paths.socket_folder(long)
    assert chosen.parent == Path(tempfile.gettempdir())
    assert mode(chosen) == 0o700
    assert paths.socket_folder(long) == chosen
    assert paths.socket_folder(tmp_path / ("y" * 100)) != chosen
    chosen.rmdir()


def test_a_folder_of_somebody_else_is_refused(folder, monkeypatch):
    monkeypatch.setattr(paths.os, "geteuid", lambda: os.getuid() + 1)
    with pytest.raises(PermissionError, match="appartient à un autre compte"):
        paths.private_folder(folder)
