"""K8: what was erased does not come back with a backup made before; nor does a person whose account was closed."""

import json
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command

from applications.models import Application, ArchiveVisa, Erasure, SectionAnswers
from portal.accounts.models import Membership, User
from portal.accounts.services.closing import close_account
from portal.core import erasures
from portal.core.clock import at_instant, portal_now
from portal.core.models import StoredFile
from portal.home import archive
from tests.applications.test_retention import decided, file, run_erasures, send_notices, visa  # noqa: F401
from tests.harness.disk import path_of
from tests.home.test_archive import own_database, own_files  # noqa: F401

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def texts() -> int:
    return SectionAnswers.objects.count()


@pytest.fixture
def erased(own_database: None, decided: tuple, tmp_path: Path):  # noqa: F811
    """A backup, then: a deposited file erased with its visa, and the secretary of another one gone for good."""
    from applications.services.retention import ask_erasure

    application, other, manager = decided
    gone = [row.file for row in other.attachments.all()]
    person = Membership.objects.get(organisation=application.lead, right="editor").user
    User.objects.filter(pk=person.pk).update(full_name="Camille Essai")
    folder = tmp_path / "sauvegarde"
    archive.backup(folder, at=portal_now())
    one = send_notices(other, application.window.closes_at)
    with at_instant(one.term + timedelta(days=1)):
        visa(application.call, manager, one.due_on)
        ask_erasure(call=application.call, by=manager, at=portal_now())
        run_erasures()
        close_account(user=person, at=portal_now())
    assert [path_of(row.key).exists() for row in gone] == [False] * len(gone)
    return folder, other, person, gone


def test_a_restored_backup_alone_brings_everything_back(erased) -> None:
    """The naive restoration: the reason for the journal. Its bytes stay gone, its texts and its people return."""
    folder, other, person, _ = erased
    archive.restore(folder)
    assert not Erasure.objects.exists()
    assert SectionAnswers.objects.filter(application=other).exists()
    assert User.objects.get(pk=person.pk).full_name == "Camille Essai"


def test_the_restoration_erases_again_what_was_erased_since(erased) -> None:
    folder, other, person, gone = erased
    before = Erasure.objects.values("application", "kind", "due_on", "rule", "at", "counts", "by").get()
    kept = ArchiveVisa.objects.values("reference", "given_by", "quality", "given_on", "due_until").get()
    out = StringIO()
    call_command("restore", str(folder), "--oui", stdout=out)
    assert "Effacements faits depuis, et refaits : 2." in out.getvalue()
    assert Erasure.objects.values("application", "kind", "due_on", "rule", "at", "counts", "by").get() == before
    assert ArchiveVisa.objects.values("reference", "given_by", "quality", "given_on", "due_until").get() == kept
    assert not SectionAnswers.objects.filter(application=other).exists()
    assert other.deposits.get().answers == {"sections": []}
    assert [path_of(row.key).exists() for row in gone] == [False] * len(gone)
    assert not StoredFile.objects.filter(pk__in=[row.pk for row in gone], erased_at=None).exists()
    back = User.objects.get(pk=person.pk)
    assert (back.full_name, back.is_active, "exemple.fr" in back.email) == ("", False, False)
    assert Membership.objects.get(user=back).state == "ended"
    call_command("restore", str(folder), "--oui", stdout=out)
    assert erasures.replay() == 0
    assert Application.objects.filter(erasure=None).exists()


def test_the_journal_names_nobody_and_serves_on_another_machine(erased, tmp_path: Path) -> None:
    folder, other, person, _ = erased
    names = default_storage.listdir(erasures.PLACE)[1]
    copy = tmp_path / "copie"
    copy.mkdir()
    for name in names:
        with default_storage.open(f"{erasures.PLACE}/{name}") as kept:
            content = kept.read()
        (copy / name).write_bytes(content)
        told = content.decode()
        assert [word for word in ("Camille", "exemple.fr", other.title or "—") if word in told] == []
        assert set(json.loads(told)) == {"quoi", "cle", "le", "faits"}
        default_storage.delete(f"{erasures.PLACE}/{name}")
    out = StringIO()
    call_command("restore", str(folder), "--oui", stdout=out)
    assert "et refaits : 0." in out.getvalue()
    call_command("restore", str(folder), "--oui", "--effacements", str(copy), stdout=out)
    assert "et refaits : 2." in out.getvalue()
    assert not User.objects.get(pk=person.pk).is_active
