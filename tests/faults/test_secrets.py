"""J6: no secret is written in the files of the project."""

import secrets as drawing
from pathlib import Path

import pytest

from tests.harness.secrets import faults, secrets_of, tracked
from tests.harness.server import ROOT

# Put together here, so that this file holds none of them.
PLANTED = {
    "a private key": "-----BEGIN RSA " + "PRIVATE KEY-----",
    "another one": "-----BEGIN " + "PRIVATE KEY-----",
    "a cloud key": "key = AKIA" + "IOSFODNN7QXWZPLM",
    "a forge": "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8",
    "a chat": "xoxb-" + "123456789012-abcdefGHIJ",
    "a signed token": "eyJ" + "hbGciOiJIUzI1NiJ9.eyJ" + "zdWIiOiIxMjM0In0.dozjgNryP4J3jVmN",
    "a base": "DATABASE_URL=postgresql://portal:" + "Zk8-vQ2m@db:5432/portal",
    "a setting": 'SECRET_KEY = "' + "k3J8sPq0ZxYb7WcVn2Rt5Lm9Hd4Gf6Ua" + '"',
    "a variable": "EMAIL_HOST_PASSWORD=" + "pL9vX2qR7tWz4kNb",
    "a mapping": '    "api_key": "' + "9f8e7d6c5b4a39281706f5e4d3c2b1a0" + '",',
}
HONEST = (
    'SECRET_KEY = env.str("SECRET_KEY")',
    "POSTGRES_PASSWORD: ${POSTGRES_PASSWORD:?indiquez POSTGRES_PASSWORD dans .env}",
    'password = connection.settings_dict["PASSWORD"]',
    "token_sha256 = models.CharField(max_length=64, unique=True)",
    "from django.contrib.auth.password_validation import validate_password",
    "SECRET_KEY=",
    "postgresql://portal@/portal",
)


@pytest.mark.parametrize("line", PLANTED.values(), ids=PLANTED)
def test_a_planted_secret_is_seen(line: str) -> None:
    assert list(secrets_of(f"# a line\n{line}\n")) != []


@pytest.mark.parametrize("line", HONEST)
def test_what_reads_a_secret_elsewhere_is_not_one(line: str) -> None:
    assert list(secrets_of(line)) == []


def test_a_drawn_secret_is_seen_whatever_it_is(tmp_path: Path) -> None:
    for n in range(200):
        (tmp_path / f"{n}.env").write_text(f"ADMIN_TOKEN={drawing.token_urlsafe(32)}\n")
    assert len(faults(tmp_path)) == 200


def test_no_file_of_the_project_holds_one() -> None:
    assert len(tracked(ROOT)) > 500
    assert faults(ROOT) == []
