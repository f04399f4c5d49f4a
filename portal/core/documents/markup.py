"""Snapshot → HTML: the template sees the frozen snapshot only, and every text node gets the French pass."""

import hashlib
import html
import re
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template import Context, Engine

from portal.core import typography

from .errors import DocumentError, DocumentTooHeavy
from .fonts import drawable
from .qr import qr_path

TAG = re.compile(r"(<[^>]*>)")
MAX_LENGTH = 4_000_000  # characters of HTML
VERBATIM = {"style", "code"}


class _Strict(str):
    """What the engine prints for an unknown name: nothing, it refuses. A legal document has no silent hole."""

    def __contains__(self, item: object) -> bool:
        return True

    def __mod__(self, name: object) -> str:
        raise DocumentError(f"Donnée absente du document : {name}")


@cache
def engine() -> Engine:
    """Own engine: no context processor, no request, strict, and the tags of the documents only."""
    return Engine(
        dirs=[str(Path(settings.ROOT) / "templates")],
        builtins=["portal.core.documents.tags"],
        string_if_invalid=_Strict("%s"),
    )


def to_html(template: str, snapshot: dict[str, Any]) -> str:
    """The HTML page of a document. Raises DocumentError when its snapshot is incomplete, contradictory or endless."""
    page = engine().get_template(template).render(Context(with_code(snapshot), use_l10n=False, use_tz=False))
    if len(page) > MAX_LENGTH:
        raise DocumentTooHeavy("Le document dépasse la longueur permise.")
    return typeset_markup(page)


def with_code(snapshot: dict[str, Any]) -> dict[str, Any]:
    """The snapshot with the QR code of its address: always the same, and too slow to draw while someone waits."""
    block = snapshot["document"]
    return {**snapshot, "document": {**block, "qr": qr_path(block["verify_url"])}}


def typeset_markup(page: str) -> str:
    """The French pass over the text nodes of a page; markup, style sheets and `code` are left as they are."""
    pieces, verbatim = [], None
    for piece in TAG.split(page):
        if piece.startswith("<"):
            verbatim = _after_tag(piece, verbatim)
            pieces.append(piece)
        else:
            pieces.append(piece if verbatim else typeset_node(piece))
    return "".join(pieces)


def _after_tag(tag: str, verbatim: str | None) -> str | None:
    """Which verbatim element is open after this tag."""
    name = tag.strip("</>").split()[0].lower() if len(tag) > 2 else ""
    if verbatim:
        return None if tag.startswith("</") and name == verbatim else verbatim
    return name if name in VERBATIM and not tag.startswith("</") else None


def typeset_node(escaped: str) -> str:
    """One text node: unescaped, typeset, made drawable, escaped again, « 1er » raised."""
    if not escaped.strip():
        return escaped
    text = drawable(typography.typeset(html.unescape(escaped)))
    return typography.superscript(html.escape(text, quote=False))


@cache
def template_version() -> str:
    """SHA-256 over every template and style sheet of the documents: which wording and layout made a document."""
    digest = hashlib.sha256()
    root = Path(settings.ROOT) / "templates" / "pdf"
    for path in sorted(root.rglob("*.*")):
        digest.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()
