"""Production refuses to start on what would make a deadline, a vote or a receipt wrong."""

import os
import subprocess
import sys

import pytest
from django.db import connection

from portal.core import checks

PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "portal.settings.production",
    "SECRET_KEY": "a-long-and-random-secret-key-for-the-test-of-settings-0123456789",
    "PORTAL_URL": "https://ami.exemple.fr",
    "ALLOWED_HOSTS": "ami.exemple.fr",
}


def run_check(**more: str) -> subprocess.CompletedProcess:
    inherited = {"SECRET_KEY", "PORTAL_URL", "DJANGO_ALLOW_ASYNC_UNSAFE"}  # the last one is set by the browser tests
    environment = {name: value for name, value in os.environ.items() if name not in inherited}
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    return subprocess.run(
        command, env={**environment, **PRODUCTION, **more}, capture_output=True, text=True, check=False
    )


def test_production_settings_pass_the_deployment_checks() -> None:
    done = run_check()
    assert (done.returncode, done.stderr.strip()[-400:]) == (0, done.stderr.strip()[-400:]), done.stderr


@pytest.mark.parametrize("missing", ["SECRET_KEY", "PORTAL_URL", "ALLOWED_HOSTS"])
def test_production_does_not_start_without(missing: str) -> None:
    environment = {**os.environ, **PRODUCTION}
    environment.pop(missing)
    command = [sys.executable, "manage.py", "check"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert missing in done.stderr


def test_a_clock_that_may_shift_is_refused(settings) -> None:
    settings.CLOCK_MAY_SHIFT, settings.DEVELOPMENT_PAGES = True, True
    assert {error.id for error in [*checks.clock_never_shifts(None), *checks.development_pages_are_off(None)]} == {
        "portal.E001",
        "portal.E002",
    }
    settings.CLOCK_MAY_SHIFT, settings.DEVELOPMENT_PAGES = False, False
    assert [*checks.clock_never_shifts(None), *checks.development_pages_are_off(None)] == []


@pytest.mark.django_db
def test_a_database_that_forgets_is_refused(settings) -> None:
    settings.CLOCK_MAY_SHIFT = False
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
    found = {error.msg for error in checks.receipts_survive_a_crash(None, databases=["default"])}
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = on")
    assert any("synchronous_commit = off" in message for message in found)
    settings.CLOCK_MAY_SHIFT = True
    assert checks.receipts_survive_a_crash(None, databases=["default"]) == []
