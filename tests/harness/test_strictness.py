"""The hooks of conftest.py: a fault fails the test that caused it; warnings, sockets and templates of libraries."""

import socket
import warnings
from pathlib import Path

import django
import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.template import Context, Engine, Origin, Template

from tests.harness.faults import LOG
from tests.harness.network import OutboundNetworkRefused, is_allowed


@pytest.mark.xfail(strict=True, reason="the harness fails a test during which a fault was recorded")
def test_a_fault_fails_the_test():
    LOG.record("page", "seen by another thread")


@pytest.mark.xfail(strict=True, raises=UserWarning, reason="warnings are errors")
def test_a_warning_fails_the_test():
    warnings.warn("anything", stacklevel=1)


def test_a_forgiven_fault_does_not_fail(faults):
    LOG.record("page", "hostile content on purpose")
    assert [fault.detail for fault in faults.take()] == ["hostile content on purpose"]


@pytest.mark.parametrize("method", ["connect", "connect_ex"])
def test_another_host_is_refused(faults, method):
    with socket.socket() as client, pytest.raises(OutboundNetworkRefused):
        getattr(client, method)(("192.0.2.7", 443))
    assert [str(fault) for fault in faults.take()] == ["network: connection to '192.0.2.7'"]


def test_a_datagram_and_a_name_are_refused(faults):
    with socket.socket(type=socket.SOCK_DGRAM) as client, pytest.raises(OutboundNetworkRefused):
        client.sendto(b"x", ("192.0.2.8", 53))
    with pytest.raises(OutboundNetworkRefused):
        socket.getaddrinfo("ailleurs.example", 443)
    assert [fault.detail for fault in faults.take()] == [
        "connection to '192.0.2.8'",
        "connection to 'ailleurs.example'",
    ]


def test_this_machine_is_reached():
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as client:
        assert client.getpeername() == server.getsockname()


@pytest.mark.parametrize(
    ("host", "allowed"),
    [
        ("127.0.0.1", True), ("127.8.8.8", True), ("::1", True), ("localhost", True), (None, True), ("", True),
        ("0.0.0.0", True), ("10.0.0.1", False), ("192.0.2.1", False), ("2001:db8::1", False), ("exemple.fr", False),
        ("base.interne", True),
    ],
)  # fmt: skip
def test_allowed_hosts(monkeypatch, host, allowed):
    monkeypatch.setenv("DATABASE_URL", "postgresql://portal@base.interne:5432/portal")
    assert is_allowed(host) is allowed


def test_templates_of_libraries_keep_their_leniency(faults):
    origin = Origin(name=str(Path(django.__file__).parent / "forms" / "some.html"))
    template = Template("<{{ gone }}{{ gone|default:'rien' }}>", origin=origin, engine=Engine.get_default())
    assert template.render(Context({})) == "<rien>"
    assert faults.take() == []


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("{{ gone }}", ["'gone'"]),
        ("{{ gone|default:'rien' }}", ["'gone'"]),
        ("{% with a=gone %}{{ a }}{% endwith %}", ["'gone'"]),
        ("{{ here.missing }}", ["'here.missing'"]),
        ("{% if gone %}x{% endif %}{% for x in gone %}x{% endfor %}{{ here }}", []),
    ],
)
def test_undefined_variables(faults, source, names):
    Engine.get_default().from_string(source).render(Context({"here": "là"}))
    assert [str(fault).split("variable ")[1].split(" in ")[0] for fault in faults.take()] == names


@pytest.mark.django_db
def test_migrations_ran_on_postgresql():
    assert connection.vendor == "postgresql"
    executor = MigrationExecutor(connection)
    assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []
