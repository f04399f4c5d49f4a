"""A file bound as one PDF: the portal’s document first, tags kept, then its pieces, each with a bookmark. Pure."""

import io
from collections.abc import Iterable
from dataclasses import dataclass

import pikepdf
from django.core.files.uploadedfile import SimpleUploadedFile
from pikepdf import OutlineItem, Pdf

from portal.core.photos import TYPES as PHOTO_TYPES
from portal.core.photos import page_of
from portal.core.uploads import UploadRefused

PDF = "application/pdf"
# What the merged file no longer keeps: pages of others are in it.
CLAIMS = ("pdfaid:part", "pdfaid:conformance", "pdfaid:rev", "pdfuaid:part", "pdfuaid:rev")


@dataclass(frozen=True)
class Leaf:
    """One piece to bind: its label, the name, type and bytes of its file."""

    label: str
    name: str
    detected_type: str
    content: bytes


def bound(document: bytes, leaves: Iterable[Leaf]) -> tuple[bytes, list[str]]:
    """The whole as one PDF, and a sentence for each piece that could not be bound, which stays to be read apart."""
    skipped: list[str] = []
    with pikepdf.open(io.BytesIO(document)) as pdf:
        marks = [("Dossier déposé", 0)]
        for leaf in leaves:
            start = len(pdf.pages)
            try:
                append(pdf, pages_of(leaf))
            except CannotBind as reason:
                skipped.append(f"{leaf.label}, {leaf.name} : {reason}")
            else:
                marks.append((leaf.label, start))
        with pdf.open_outline() as outline:
            outline.root.clear()
            outline.root.extend(OutlineItem(label, page) for label, page in marks)
        if len(marks) > 1:
            withdraw_claims(pdf)
        made = io.BytesIO()
        pdf.save(made, deterministic_id=True)
    return made.getvalue(), skipped


class CannotBind(Exception):
    """Why a piece stays apart, in French."""


def pages_of(leaf: Leaf) -> bytes:
    """A piece as a PDF. Raises `CannotBind`."""
    if leaf.detected_type == PDF:
        return leaf.content
    if leaf.detected_type in PHOTO_TYPES:
        try:
            return page_of(SimpleUploadedFile(leaf.name, leaf.content))
        except UploadRefused as refusal:
            raise CannotBind("image illisible") from refusal
    raise CannotBind("ce format ne se relie pas, ouvrez le fichier à part")


def append(pdf: Pdf, content: bytes) -> None:
    """Add the pages of another PDF; their links to the tags of their own document would point to nothing here."""
    try:
        with pikepdf.open(io.BytesIO(content)) as other:
            before = len(pdf.pages)
            pdf.pages.extend(other.pages)
    except pikepdf.PasswordError as error:
        raise CannotBind("protégé par un mot de passe") from error
    except pikepdf.PdfError as error:
        raise CannotBind("PDF illisible") from error
    for page in pdf.pages[before:]:
        if "/StructParents" in page:
            del page["/StructParents"]


def withdraw_claims(pdf: Pdf) -> None:
    """The whole no longer conforms to PDF/A nor to PDF/UA: its metadata stop saying so."""
    with pdf.open_metadata(set_pikepdf_as_editor=False) as metadata:
        for claim in CLAIMS:
            if claim in metadata:
                del metadata[claim]
