"""Exports in the background: a file bound with its pieces, the archive of a committee, what went wrong, who gets it."""

import csv
import hashlib
import io
import zipfile

import pikepdf
import pytest
from django.urls import reverse
from PIL import Image

from applications.binding import Leaf, bound
from applications.models import Application, Attachment, Export, ExportPart
from applications.services.examination import reject
from applications.services.exporting import ask_export
from portal.core.clock import portal_now
from portal.core.models import Job
from portal.core.outbox import run_jobs
from portal.core.rules import Refused
from portal.core.uploads import read_bytes, store_bytes
from tests.applications.files import deposit, make_ready
from tests.applications.staff.makers import client_of, make_deposited, make_staffed_call
from tests.calls.documents import ordinary
from tests.factories import HARFLEUR, make_role

PDF = "application/pdf"


def blank(pages=1, password=""):
    pdf, made = pikepdf.new(), io.BytesIO()
    for _ in range(pages):
        pdf.add_blank_page()
    pdf.save(made, encryption=pikepdf.Encryption(owner=password, user=password) if password else False)
    return made.getvalue()


def photo():
    made = io.BytesIO()
    Image.new("RGB", (30, 20), "green").save(made, "PNG")
    return made.getvalue()


# --- pure --------------------------------------------------------------------------------------------------------


def test_pieces_are_bound_in_order_with_their_bookmarks_and_the_rest_is_told():
    leaves = [
        Leaf("Plan", "plan.pdf", PDF, blank(3)),
        Leaf("Photo", "place.png", "image/png", photo()),
        Leaf("Budget", "budget.xlsx", "application/vnd.ms-excel", b"x"),
        Leaf("Secret", "cle.pdf", PDF, blank(1, "motdepasse")),
        Leaf("Cassé", "casse.pdf", PDF, b"%PDF-1.7 rien"),
    ]
    content, skipped = bound(blank(2), leaves)
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert len(pdf.pages) == 6
        with pdf.open_outline() as outline:
            assert [item.title for item in outline.root] == ["Dossier déposé", "Plan", "Photo"]
    assert skipped == [
        "Budget, budget.xlsx : ce format ne se relie pas, ouvrez le fichier à part",
        "Secret, cle.pdf : protégé par un mot de passe",
        "Cassé, casse.pdf : PDF illisible",
    ]


# --- services ----------------------------------------------------------------------------------------------------


@pytest.fixture
def filed(db):
    """A deposited file with a real plan, a photo that cannot be bound, its officer and its manager."""
    call, manager = make_staffed_call()
    application, secretary, mayor = make_ready(call)
    now = portal_now()
    for code, name, kind, content in (
        ("DELIB", "acte.pdf", PDF, blank(2)),
        ("PLAN_SIT", "plan.docx", "application/msword", b"x"),
    ):
        application.attachments.filter(piece_code=code).update(removed_at=now)
        file = store_bytes(content, name=name, detected_type=kind, by=secretary, at=now)
        Attachment.objects.create(application=application, piece_code=code, file=file, added_at=now, added_by=secretary)
    deposit(application, mayor)
    return Application.objects.get(pk=application.pk), make_role(call, "officer"), manager


def finish():
    """What the worker does, however many times a part comes back for its document."""
    for _ in range(6):
        Job.objects.filter(state="queued").update(not_before=portal_now())
        run_jobs(limit=50)


def test_the_whole_file_is_one_pdf_that_keeps_its_tags(filed):
    application, officer, _manager = filed
    export = ask_export(call=application.call, files=[application], kind="file", by=officer, at=portal_now())
    finish()
    export.refresh_from_db()
    part = export.parts.get()
    assert (part.state, [ordinary(note) for note in part.notes]) == (
        "done", ["Plan de situation, plan.docx : ce format ne se relie pas, ouvrez le fichier à part"],
    )  # fmt: skip
    with pikepdf.open(io.BytesIO(read_bytes(export.file))) as pdf:
        assert "/StructTreeRoot" in pdf.Root
        with pdf.open_metadata() as metadata:
            assert "pdfaid:part" not in metadata
        with pdf.open_outline() as outline:
            titles = [item.title for item in outline.root]
    assert titles[0] == "Dossier déposé"
    assert len(titles) == 2


def test_a_committee_gets_every_file_with_a_manifest_that_tells_the_truth(filed):
    application, _officer, manager = filed
    other = make_deposited(application.call, HARFLEUR)
    files = [application, Application.objects.get(pk=other.pk)]
    export = ask_export(call=application.call, files=files, kind="committee", by=manager, at=portal_now())
    finish()
    export.refresh_from_db()
    with zipfile.ZipFile(io.BytesIO(read_bytes(export.file))) as folder:
        rows = list(csv.reader(io.StringIO(folder.read("manifeste.csv").decode("utf-8-sig")), delimiter=";"))
        named = {row[0]: (int(row[1]), row[2]) for row in rows[1:]}
        assert set(folder.namelist()) == {*named, "manifeste.csv", "a-savoir.txt"}
        for name, (size, sha256) in named.items():
            content = folder.read(name)
            assert (len(content), hashlib.sha256(content).hexdigest()) == (size, sha256)
        assert application.number in folder.read("a-savoir.txt").decode()
    assert sum(name.endswith("dossier.pdf") for name in named) == 2


def test_nothing_deposited_is_refused(filed):
    application, officer, _manager = filed
    with pytest.raises(Refused, match="Aucune candidature déposée"):
        ask_export(call=application.call, files=[], kind="committee", by=officer, at=portal_now())


def test_done_again_a_part_changes_nothing(filed):
    application, officer, _manager = filed
    export = ask_export(call=application.call, files=[application], kind="file", by=officer, at=portal_now())
    finish()
    before = ExportPart.objects.values().get(), Export.objects.values().get()
    Job.objects.filter(kind__startswith="applications.export").update(state="queued", not_before=portal_now())
    run_jobs(limit=50)
    assert (ExportPart.objects.values().get(), Export.objects.values().get()) == before
    assert export.pk == before[1]["id"]


# --- screens -----------------------------------------------------------------------------------------------------


def test_asked_from_the_file_followed_then_downloaded_by_who_asked(filed):
    application, officer, _manager = filed
    desk, mine = client_of(officer), reverse("exports")
    assert desk.post(reverse("staff_file_pdf", args=[application.uuid])).url == mine
    assert "0 sur 1 dossier" in ordinary(desk.get(mine).content.decode())
    url = reverse("export_download", args=[Export.objects.get().uuid])
    assert desk.get(url).status_code == 404
    finish()
    page = ordinary(desk.get(mine).content.decode())
    assert [text in page for text in ("Télécharger", "1 remarque")] == [True, True]
    assert desk.get(url)["Content-Type"] == PDF
    assert client_of(make_role(application.call, "officer")).get(url).status_code == 404


def test_the_archive_follows_the_filters_of_the_table(filed):
    application, _officer, manager = filed
    other = make_deposited(application.call, HARFLEUR)
    reject(application=other, code=None, text="Hors délai.", by=manager, at=portal_now())
    desk = client_of(manager, stepped_up=True)
    url = reverse("committee_export", args=[application.call.slug])
    assert desk.post(f"{url}?etat=a-examiner").url == reverse("exports")
    assert list(ExportPart.objects.values_list("application_id", flat=True)) == [application.pk]
    assert desk.post(f"{url}?etat=retiree").url == reverse("staff_communes", args=[application.call.slug])
    assert Export.objects.count() == 1


def test_the_table_leaves_as_a_workbook_too(filed):
    application, _officer, manager = filed
    desk = client_of(manager, stepped_up=True)
    url = reverse("staff_communes_export", args=[application.call.slug])
    for book in ("xlsx", "ods"):
        response = desk.get(f"{url}?format={book}")
        with zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content))) as archive:
            name = "xl/worksheets/sheet1.xml" if book == "xlsx" else "content.xml"
            assert application.number in archive.read(name).decode()
        assert response["Content-Disposition"].endswith(f'.{book}"')
