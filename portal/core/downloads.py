"""One way to hand a file to a person: real type, name of RFC 6266, never guessed nor run by the browser."""

import hashlib

from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header

from .models import FrozenDocument, StoredFile
from .rules import Refused
from .uploads import read_bytes

ALTERED = (
    "Ce fichier ne correspond plus à son empreinte : il a été modifié hors du portail et n’est pas remis. Prévenez "
    "l’administration, qui le rétablira depuis une sauvegarde."
)


def file_response(file: StoredFile, *, name: str = "", inline: bool = False) -> HttpResponse:
    """The bytes of a file, to save; `inline` shows a document that the portal itself made.

    404 once they are erased. Raises `Refused` when they are no longer those of its SHA-256: what was altered is handed
    to nobody.
    """
    if file.erased_at:
        raise Http404
    content = read_bytes(file)
    if hashlib.sha256(content).hexdigest() != file.sha256:
        raise Refused(ALTERED)
    response = HttpResponse(content, content_type=file.detected_type)
    response.headers["Content-Disposition"] = content_disposition_header(not inline, name or file.name)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def document_response(document: FrozenDocument | None, *, inline: bool = False) -> HttpResponse:
    """The frozen bytes of a document; 404 while they are not ready."""
    if document is None or document.file is None:
        raise Http404
    return file_response(document.file, name=f"{document.number}.pdf", inline=inline)


def text_response(text: str, *, name: str, content_type: str) -> HttpResponse:
    """A text made on the spot (calendar, call document, model of a list), to save under a name."""
    response = HttpResponse(text, content_type=f"{content_type}; charset=utf-8")
    response.headers["Content-Disposition"] = content_disposition_header(True, name)
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
