"""Files on the disk or in an S3-compatible storage: the same acts, and a clear sentence when neither takes the file."""

import os
import resource
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from applications.models import Attachment
from applications.rules import files as rules
from portal.core.bucket import ATTEMPTS, CONNECT
from portal.core.clock import portal_now
from portal.core.models import StoredFile
from portal.core.uploads import NO_ROOM, held_bytes, place_of, remove_bytes, write_bytes
from portal.home import archive
from tests.applications.files import make_ready, pdf_upload
from tests.harness import s3
from tests.harness.server import free_port

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("s3")]


@pytest.fixture(scope="module")
def server() -> Iterator[int]:
    with s3.running() as port:
        yield port


def in_bucket(settings, port: int) -> None:
    backend = {"BACKEND": "portal.core.bucket.Bucket", "OPTIONS": s3.options(port)}
    settings.STORAGES = {**settings.STORAGES, "default": backend}


@pytest.fixture
def bucket(settings, server: int):
    in_bucket(settings, server)
    return s3.client(server)


@pytest.fixture
def disk(settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "fichiers"
    return settings.MEDIA_ROOT


def keys_in(bucket) -> set[str]:
    return {item["Key"] for item in bucket.list_objects_v2(Bucket=s3.BUCKET).get("Contents", [])}


def words(answer) -> str:
    """The page with ordinary spaces."""
    return " ".join(answer.content.decode().split())


def send(client, application, upload: SimpleUploadedFile):
    return client.post(reverse("piece", args=[application.uuid, "PLAN_SIT"]), {"file": upload})


def test_a_piece_goes_to_the_bucket_and_comes_back_through_the_portal_alone(bucket, client) -> None:
    application, secretary, _ = make_ready()
    client.force_login(secretary)
    upload = pdf_upload("délibération n° 12.pdf")
    content = upload.read()
    upload.seek(0)
    assert send(client, application, upload).status_code == 302
    file = application.attachments.get(removed_at=None, piece_code="PLAN_SIT").file
    assert place_of(file.key) in keys_in(bucket)
    assert bucket.get_object(Bucket=s3.BUCKET, Key=place_of(file.key))["Body"].read() == content
    page = client.get(reverse("piece", args=[application.uuid, "PLAN_SIT"])).content.decode()
    assert s3.BUCKET not in page.replace("/pieces/", "")
    download = client.get(reverse("piece_download", args=[application.uuid, file.pk]), follow=True)
    assert (download.status_code, download.content) == (200, content)
    # The bucket itself gives nothing to who has no key.
    grants = bucket.get_object_acl(Bucket=s3.BUCKET, Key=place_of(file.key))["Grants"]
    assert [grant["Grantee"].get("URI") for grant in grants] == [None]


def test_a_backup_takes_the_files_of_the_bucket_and_puts_them_back(bucket, tmp_path: Path) -> None:
    application, _, _ = make_ready()
    keys = list(application.attachments.values_list("file_id", flat=True))
    folder = tmp_path / "sauvegarde"
    (folder / archive.FILES).mkdir(parents=True)
    before = {key: held_bytes(key) for key in keys}
    for key, content in before.items():
        (folder / archive.FILES / key.hex).write_bytes(content or b"")
    remove_bytes(keys[0])
    write_bytes(keys[1], b"altered")
    assert held_bytes(keys[0]) is None
    for file in StoredFile.objects.filter(pk__in=keys):
        archive.put_back(folder / archive.FILES / file.key.hex, file.key, file.sha256)
    assert {key: held_bytes(key) for key in keys} == before


def test_a_bucket_that_does_not_answer_keeps_nothing_and_says_so(settings, client) -> None:
    application, secretary, _ = make_ready()
    in_bucket(settings, free_port())
    client.force_login(secretary)
    files, begun = StoredFile.objects.count(), portal_now()
    answer = send(client, application, pdf_upload())
    assert answer.status_code == 503
    assert NO_ROOM in words(answer)
    assert (portal_now() - begun).total_seconds() < CONNECT * ATTEMPTS
    assert StoredFile.objects.count() == files


def test_a_full_disk_keeps_neither_row_nor_bytes_and_says_so(disk: Path, client, full_counts: bool) -> None:
    """A21: no row without file, no file without row."""
    application, secretary, _ = make_ready()
    client.force_login(secretary)
    before = {path for path in disk.rglob("*") if path.is_file()}
    rows = set(StoredFile.objects.values_list("key", flat=True)), set(Attachment.objects.values_list("pk", flat=True))
    large = pdf_upload().read() + b"%" + os.urandom(300_000)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, limits[1]))  # as if the disk were full: the write fails midway
    try:
        for _ in range(100 if full_counts else 10):
            answer = send(client, application, SimpleUploadedFile("plan.pdf", large))
            assert answer.status_code == 503
            assert NO_ROOM in words(answer)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert {path for path in disk.rglob("*") if path.is_file()} == before
    assert rows == (
        set(StoredFile.objects.values_list("key", flat=True)), set(Attachment.objects.values_list("pk", flat=True))
    )  # fmt: skip
    assert send(client, application, SimpleUploadedFile("plan.pdf", large)).status_code == 302


def test_one_commune_does_not_fill_the_disk(client, monkeypatch) -> None:
    """H11: so many files and so much in all, replaced ones included; the limit is on the page."""
    application, secretary, _ = make_ready()
    client.force_login(secretary)
    page = client.get(reverse("pieces", args=[application.uuid])).content.decode()
    assert f"{rules.MOST_MEGABYTES}\u00a0Mo au plus" in page.replace("&nbsp;", "\u00a0")
    first = application.attachments.first().file
    with monkeypatch.context() as tight:
        tight.setattr(rules, "MEGABYTE", (first.size + 100) / rules.MOST_MEGABYTES)
        told = words(send(client, application, pdf_upload()))
    assert "la candidature pèserait plus de 500 Mo, fichiers remplacés compris." in told
    monkeypatch.setattr(rules, "MOST_FILES", 2)
    assert (
        "Cette candidature a déjà reçu 2 fichiers, remplacés compris."
        in send(client, application, pdf_upload()).content.decode()
    )
    monkeypatch.setattr(rules, "MOST_FILES", 3)
    assert send(client, application, pdf_upload()).status_code == 302
    assert application.attachments.count() == 3


def test_what_the_environment_says_is_where_the_files_go(settings) -> None:
    assert default_storage.path(place_of(StoredFile().key)).startswith(str(settings.MEDIA_ROOT))
