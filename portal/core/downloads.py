"""One way to hand a file to a person: real type, name of RFC 6266, never guessed nor run by the browser.

A received file has no lasting address: whoever may read it is sent to one that is signed for them and lives a minute.
"""

import hashlib
from typing import Any
from uuid import UUID

from django.core import signing
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header

from .models import FrozenDocument, StoredFile
from .rules import Refused
from .spaces import current_space
from .uploads import read_bytes

ALTERED = (
    "Ce fichier ne correspond plus à son empreinte : il a été modifié hors du portail et n’est pas remis. Prévenez "
    "l’administration, qui le rétablira depuis une sauvegarde."
)
ADDRESS_SECONDS = 60
TOO_LATE = (
    "Cette adresse ne valait qu’une minute. Revenez à la page qui montre le fichier et suivez de nouveau son lien."
)


def short_address(file: StoredFile, user: Any) -> str:
    """The address of a file for this person alone, signed, good for a minute. The caller has checked the right."""
    return reverse("stored_file", args=[signing.dumps([str(file.key), user.pk], salt=_salt())])


def file_of_address(token: str, user: Any) -> StoredFile:
    """The file behind an address made for this person. Raises `Refused` once it is too old, `Http404` for any other."""
    try:
        key, holder = signing.loads(token, salt=_salt(), max_age=ADDRESS_SECONDS)
    except signing.SignatureExpired as old:
        raise Refused(TOO_LATE) from old
    except signing.BadSignature as forged:
        raise Http404 from forged
    file = StoredFile.objects.filter(pk=UUID(key)).first() if holder == user.pk else None
    if file is None:
        raise Http404
    return file


def _salt() -> str:
    """An address of a rehearsal opens nothing outside of it."""
    space = current_space()
    return f"portal.core.downloads{space.prefix if space else ''}"


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
