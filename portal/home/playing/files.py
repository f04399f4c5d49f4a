"""Small real files for the pieces of a file: a page of PDF, a photograph of a plain colour."""

import io

import pikepdf
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image


def pdf(name: str) -> SimpleUploadedFile:
    """One blank A4 page."""
    stream = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page(page_size=(595, 842))
        document.save(stream)
    return SimpleUploadedFile(f"{name}.pdf", stream.getvalue(), "application/pdf")


def photograph(name: str, tone: int) -> SimpleUploadedFile:
    """A small PNG; `tone` tells one from another."""
    stream = io.BytesIO()
    Image.new("RGB", (640, 420), (90 + 20 * tone % 120, 140, 110)).save(stream, "PNG")
    return SimpleUploadedFile(f"{name}-{tone}.png", stream.getvalue(), "image/png")
