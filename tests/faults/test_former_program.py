"""B8: the program of the version before goes on working on the base that the new one migrated.

An update migrates first; for a minute, or for a day when one goes back, the former program reads and writes the new
base. What is played is that of the commit before the last one that changed the schema.
"""

import io
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from applications.models import Deposit, SectionAnswers
from portal.accounts.models import User
from tests.factories import make_call, make_town_hall
from tests.faults.acts import Commune, make_communes
from tests.harness import server
from tests.harness.server import ROOT, Visitor

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow, pytest.mark.race]

PERSON = {"email": "agent@exemple.fr", "full_name": "Camille Essai", "role_title": "Secrétaire", "signs": "no"}


def git(*words: str) -> bytes:
    return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, check=True).stdout


def commit_before_the_schema_changed() -> str:
    """Of a released version when there is one (tag v…), else the parent of the last commit with a migration."""
    tags = git("tag", "--list", "v*", "--sort=-creatordate").decode().split()
    return tags[0] if tags else git("log", "-1", "--format=%H^", "--", "*/migrations/0*.py").decode().strip()


@pytest.fixture(scope="module")
def former(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of that program, with the libraries of this one."""
    folder = tmp_path_factory.mktemp("programme-precedent")
    archive = git("archive", commit_before_the_schema_changed(), "--", "portal", "calls", "applications", "juries",
                  "support", "templates", "static", "manage.py")  # fmt: skip
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        tar.extractall(folder, filter="data")
    (folder / "node_modules").symlink_to(ROOT / "node_modules")
    return folder


@pytest.fixture
def port(former: Path, tmp_path: Path) -> Iterator[int]:
    server.collect_static(tmp_path, root=former)
    with server.running(tmp_path, root=former) as found:
        yield found


def works(port: int, commune: Commune) -> list[str]:
    """What fails, among what people do every day: read, arrive, write, deposit."""
    known, stranger, call = Visitor(port, commune.session), Visitor(port), commune.application.call
    faults = []
    for visitor, path in (
        (stranger, "/"), (stranger, f"/appels/{call.slug}/"), (stranger, "/sante/"),
        (known, "/mes-actions/"), (known, commune.path), (known, f"{commune.path}sections/S1/"),
        (known, f"{commune.path}pieces/"), (known, f"{commune.path}deposer/"),
    ):  # fmt: skip
        status = visitor.get(path).status
        if status >= 400 and path != "/sante/":
            faults.append(f"{path} : {status}")
    if stranger.post("/rejoindre/76254/", PERSON).status != 302 or not User.objects.filter(email=PERSON["email"]):
        faults.append("arriver")
    version = SectionAnswers.objects.get(application=commune.application, section_code="S1").version
    known.post(f"{commune.path}sections/S1/", {"Q1": "La halle", "Q2": "1200", "version": str(version)})
    saved = SectionAnswers.objects.get(application=commune.application, section_code="S1")
    if saved.values.get("Q1") != "La halle":
        faults.append("écrire")
    if not commune.is_told(commune.deposit(port)) or Deposit.objects.count() != 1:
        faults.append("déposer")
    return faults


@pytest.fixture
def commune() -> Commune:
    make_town_hall()
    (found,) = make_communes(make_call(prefix="TPS"), 1)
    return found


def test_the_former_program_works_on_the_new_base(port: int, commune: Commune) -> None:
    assert works(port, commune) == []


def test_a_column_that_it_cannot_fill_is_seen(port: int, commune: Commune) -> None:
    """The careless migration: a column that the database asks for, and that only the new program knows."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE accounts_user ADD COLUMN later int NOT NULL DEFAULT 1")
        cursor.execute("ALTER TABLE accounts_user ALTER COLUMN later DROP DEFAULT")
    try:
        assert works(port, commune) == ["arriver"]
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE accounts_user DROP COLUMN later")
