"""Photos of sheets, taken with a phone, as one PDF: upright, A4 at 200 points an inch, without where it was taken."""

import io
from collections.abc import Iterable
from functools import cache

import magic
import pi_heif
import pikepdf
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from PIL import Image, ImageOps

from .uploads import UploadRefused, check_image, megabytes

EXTENSIONS = ("jpg", "jpeg", "png", "heic", "heif")
TYPES = {"image/jpeg", "image/png", "image/heic", "image/heif"}
MOST_PHOTOS = 20
MOST_BYTES = 25_000_000  # a photo
LONG_SIDE, DENSITY = 2339, 200  # points of an A4 sheet's long side, points an inch
QUALITY = 80


@cache
def read_heif() -> None:
    """Let Pillow open the photos of an iPhone; decoding only."""
    pi_heif.register_heif_opener()


def photos_as_pdf(photos: Iterable[UploadedFile], *, name: str) -> UploadedFile:
    """One page a photo, in the order given. Raises `UploadRefused`, which names the photo at fault."""
    photos = list(photos)
    if len(photos) > MOST_PHOTOS:
        raise UploadRefused(f"Choisissez {MOST_PHOTOS} photos au plus : vous en avez choisi {len(photos)}.")
    with pikepdf.new() as pdf:
        for photo in photos:
            with pikepdf.open(io.BytesIO(page_of(photo))) as page:
                pdf.pages.extend(page.pages)
        made = io.BytesIO()
        pdf.save(made, deterministic_id=True)
    return SimpleUploadedFile(f"{name}.pdf", made.getvalue(), content_type="application/pdf")


def page_of(photo: UploadedFile) -> bytes:
    """One photo as a PDF of one page. Decoding and writing again leave its metadata behind."""
    with Image.open(io.BytesIO(checked(photo))) as image:
        upright = ImageOps.exif_transpose(image).convert("RGB")
    upright.thumbnail((LONG_SIDE, LONG_SIDE))
    page = io.BytesIO()
    upright.save(page, format="PDF", resolution=DENSITY, quality=QUALITY)
    return page.getvalue()


def checked(photo: UploadedFile) -> bytes:
    """The bytes of a photo that may be decoded, or `UploadRefused`."""
    name = photo.name or "photo"
    if photo.size > MOST_BYTES:
        raise UploadRefused(f"{name} pèse {megabytes(photo.size)}. La limite est de {megabytes(MOST_BYTES)} par photo.")
    content = photo.read()
    if magic.from_buffer(content[:8192], mime=True) not in TYPES:
        raise UploadRefused(f"{name} n’est pas une photo. Choisissez des photos JPEG, HEIC ou PNG.")
    read_heif()
    try:
        check_image(content)
    except UploadRefused as refusal:
        raise UploadRefused(f"{name} : {refusal}") from refusal
    return content
