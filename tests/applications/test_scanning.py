"""Antivirus, with a real clamd: a sick file is isolated and its commune told; a silent scanner never says « sain »."""

import io
import zipfile
from collections.abc import Iterator

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from applications.queries.files import progress_of
from applications.services.drafting import attach
from portal.core import outbox, scanning
from portal.core.clock import portal_now
from portal.core.models import Job, OutboundEmail, StoredFile
from portal.core.rules import Refused
from portal.home.health import pulse
from tests.applications.files import deposit, make_ready, pdf_upload
from tests.factories import make_role
from tests.harness import clamd

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("clamd")]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with clamd.running(tmp_path_factory.mktemp("clamd")) as found:
        yield found


@pytest.fixture
def antivirus(settings, address: str) -> str:
    settings.CLAMD = address
    return address


def sick(name: str = "plan.pdf") -> SimpleUploadedFile:
    """A PDF that opens, and holds what the signature finds."""
    upload = pdf_upload(name)
    return SimpleUploadedFile(name, upload.read() + b"\n% " + clamd.THREAT + b"\n%%EOF")


def zipped(content: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", content)
    return buffer.getvalue()


def add(application, by, upload, code: str = "PLAN_SIT"):
    piece = application.call.piece_types.get(code=code)
    return attach(application=application, piece=piece, upload=upload, by=by, at=portal_now())


def scan_of(attachment) -> str:
    return StoredFile.objects.get(pk=attachment.file_id).scan


def test_clamd_finds_what_is_bare_and_what_is_zipped(antivirus):
    assert scanning.verdict(b"Une place") == ""
    assert scanning.verdict(b"x" + clamd.THREAT) == clamd.NAME
    assert scanning.verdict(zipped(clamd.THREAT)) == clamd.NAME


def test_a_file_too_large_for_it_has_no_verdict(antivirus):
    with pytest.raises(scanning.ScannerSilent):
        scanning.verdict(bytes(3_000_000))


def test_a_sound_file_is_said_so_once_analysed(antivirus, client):
    application, secretary, _ = make_ready()
    attached = add(application, secretary, pdf_upload())
    assert scan_of(attached) == "unscanned"
    client.force_login(secretary)
    page = reverse("application_read", args=[application.uuid])
    assert "analyse en cours" in client.get(page).content.decode()
    outbox.run_jobs()
    assert scan_of(attached) == "clean"
    assert "analysé, sain" in client.get(page).content.decode()


def test_a_sick_file_is_isolated_and_its_commune_told_once(antivirus, client):
    application, secretary, mayor = make_ready()
    attached = add(application, secretary, sick())
    outbox.run_jobs()
    assert scan_of(attached) == "infected"
    assert progress_of(application).piece("PLAN_SIT").missing
    client.force_login(secretary)
    assert client.get(reverse("piece_download", args=[application.uuid, attached.file_id])).status_code == 403
    for name, args in (("pieces", []), ("piece", ["PLAN_SIT"])):
        assert "programme malveillant" in client.get(reverse(name, args=[application.uuid, *args])).content.decode()
    with pytest.raises(Refused):
        deposit(application, mayor)
    mails = OutboundEmail.objects.filter(kind="applications.isolated")
    assert set(mails.values_list("recipient", flat=True)) == {secretary.email, mayor.email}
    scanning.ask_scan(attached.file, portal_now(), again=True)
    outbox.run_jobs()
    assert mails.count() == 2
    add(application, secretary, pdf_upload())
    outbox.run_jobs()
    assert deposit(application, mayor).pieces.filter(piece_code="PLAN_SIT").count() == 1


def test_a_silent_scanner_blocks_no_deposit_and_opens_nothing_to_others(settings, client):
    settings.CLAMD = "127.0.0.1:9"
    application, secretary, mayor = make_ready()
    attached = add(application, secretary, pdf_upload())
    outbox.run_jobs()
    assert (scan_of(attached), Job.objects.get(kind=scanning.SCAN_JOB).state) == ("unscanned", "queued")
    assert pulse()["antivirus"] == "rouge"
    deposit(application, mayor)
    download = reverse("piece_download", args=[application.uuid, attached.file_id])
    client.force_login(secretary)
    assert client.get(download, follow=True).status_code == 200
    client.force_login(make_role(application.call, "officer"))
    refused = client.get(download)
    assert refused.status_code == 403
    assert "pas encore analysé ce fichier" in refused.content.decode()


def test_without_antivirus_nothing_is_said_of_it(client):
    application, secretary, _ = make_ready()
    add(application, secretary, pdf_upload())
    assert Job.objects.filter(kind=scanning.SCAN_JOB).count() == 0
    assert "antivirus" not in pulse()
    client.force_login(secretary)
    page = client.get(reverse("application_read", args=[application.uuid])).content.decode()
    assert [words for words in scanning.WORDS.values() if words in page] == []


def test_the_files_left_unsettled_are_analysed_again_by_command(antivirus, settings):
    settings.CLAMD = ""
    application, secretary, _ = make_ready()
    sound, ill = add(application, secretary, pdf_upload()), add(application, secretary, sick(), code="DELIB")
    with pytest.raises(CommandError, match="Aucun antivirus n’est réglé"):
        call_command("rescan")
    settings.CLAMD = antivirus
    StoredFile.objects.exclude(pk__in=[sound.file_id, ill.file_id]).update(scan="clean")
    assert rescanned() == "2 fichiers à analyser de nouveau.\n"
    assert (scan_of(sound), scan_of(ill)) == ("clean", "infected")
    # A false alarm: the file is looked at again only when one says so.
    StoredFile.objects.filter(pk=sound.file_id).update(scan="infected")
    assert rescanned() == "0 fichier à analyser de nouveau.\n"
    Job.objects.all().delete()
    assert rescanned("--isolated") == "2 fichiers à analyser de nouveau.\n"
    assert (scan_of(sound), scan_of(ill)) == ("clean", "infected")
    Job.objects.all().delete()
    assert rescanned("--all") == f"{StoredFile.objects.count()} fichiers à analyser de nouveau.\n"


def rescanned(*arguments: str) -> str:
    out = io.StringIO()
    call_command("rescan", *arguments, stdout=out)
    outbox.run_jobs()
    return out.getvalue().replace("\u00a0", " ").replace("\u202f", " ")
