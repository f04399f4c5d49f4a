"""Photos of a phone make one PDF: upright, in order, without the place of the shot."""

import io
from pathlib import Path

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from portal.core.photos import MOST_PHOTOS, photos_as_pdf
from portal.core.uploads import UploadRefused, read_bytes
from tests.applications.files import make_ready, pdf_upload

HEIC = Path(__file__).with_name("photo.heic")
GPS, ORIENTATION = 0x8825, 0x0112
TURNED = 6  # the phone was held upright: a quarter turn to the right


def photo(
    name: str = "page.jpg", size: tuple[int, int] = (60, 40), orientation: int = 1, **more: str
) -> SimpleUploadedFile:
    buffer = io.BytesIO()
    image = Image.new("RGB", size, "white")
    exif = image.getexif()
    exif[ORIENTATION] = orientation
    exif[GPS] = {1: "N", 2: (49.0, 42.0, 20.0)}
    image.save(buffer, format=more.get("format", "JPEG"), exif=exif)
    return SimpleUploadedFile(name, buffer.getvalue())


def sizes(pdf: bytes) -> list[tuple[float, float]]:
    """The pages of a PDF, in points of the picture."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        boxes = [page.mediabox for page in document.pages]
    return [(round(float(box[2]) * 200 / 72), round(float(box[3]) * 200 / 72)) for box in boxes]


def test_pages_come_in_order_upright_and_no_larger_than_a_sheet():
    wide, turned, large = photo(size=(60, 40)), photo(size=(60, 40), orientation=TURNED), photo(size=(4678, 3000))
    heic = SimpleUploadedFile("IMG_1.HEIC", HEIC.read_bytes())
    made = photos_as_pdf([wide, turned, large, heic], name="Délibération")
    assert made.name == "Délibération.pdf"
    assert sizes(made.read()) == [(60, 40), (40, 60), (2339, 1500), (96, 64)]


def test_the_place_of_the_shot_is_left_behind():
    assert b"GPS" not in photos_as_pdf([photo()], name="x").read()
    with pikepdf.open(photos_as_pdf([photo()], name="x")) as document:
        picture = next(iter(document.pages[0].Resources.XObject.values()))
        assert Image.open(io.BytesIO(picture.read_raw_bytes())).getexif() == {}


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (pdf_upload("plan.jpg"), "plan.jpg n’est pas une photo. Choisissez des photos JPEG, HEIC ou PNG."),
        (SimpleUploadedFile("a.jpg", b"\xff\xd8\xff\xe0" + b"x" * 50), "a.jpg : Cette image est illisible."),
        (SimpleUploadedFile("b.heic", HEIC.read_bytes()[:200]), "b.heic : Cette image est illisible."),
        (photo("c.jpg", (8000, 7000)), "c.jpg : Cette image est trop grande."),
    ],
)  # fmt: skip
def test_what_is_no_photo_is_named(given, sentence):
    with pytest.raises(UploadRefused) as refusal:
        photos_as_pdf([photo(), given], name="x")
    assert str(refusal.value).startswith(sentence)


def test_a_pile_too_high_is_refused():
    with pytest.raises(UploadRefused, match="Choisissez 20 photos au plus : vous en avez choisi 21."):
        photos_as_pdf([photo()] * (MOST_PHOTOS + 1), name="x")


@pytest.mark.django_db
def test_a_person_joins_photos_in_place_of_a_file(client):
    application, secretary, _ = make_ready()
    client.force_login(secretary)
    path = reverse("piece", args=[application.uuid, "DELIB"])
    both = client.post(path, {"file": pdf_upload(), "photos": [photo()]})
    assert "Choisissez un fichier ou des photos, pas les deux." in both.content.decode()
    none = client.post(path, {})
    assert "Choisissez un fichier sur votre poste." in none.content.decode()
    bad = client.post(path, {"photos": [photo(), pdf_upload("plan.jpg")]})
    assert "plan.jpg n’est pas une photo." in bad.content.decode()
    done = client.post(path, {"photos": [photo("1.jpg"), photo("2.jpg", (40, 60))]})
    assert done.status_code == 302
    kept = application.attachments.get(piece_code="DELIB", removed_at=None).file
    assert kept.detected_type == "application/pdf"
    assert sizes(read_bytes(kept)) == [(60, 40), (40, 60)]
