"""One document, from its template and frozen snapshot to its bytes."""

import base64
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from portal.core.spaces import absolute

from .fonts import font_fingerprints
from .markup import to_html
from .renderer import html_to_pdf


@dataclass(frozen=True)
class AttachedText:
    """A text file carried by the PDF. `relationship`: "Data" for CSV or JSON, "Source" for what was rendered."""

    name: str
    description: str
    content: str
    relationship: str = "Data"


def render_pdf(*, template: str, snapshot: dict[str, Any], attachments: Iterable[AttachedText] = ()) -> bytes:
    """The PDF of a snapshot that holds its `document` block; the same snapshot gives the same bytes.

    Raises DocumentError (data missing or contradictory, forbidden address) or DocumentTooHeavy.
    """
    return render_with_engine(template=template, snapshot=snapshot, attachments=attachments)[0]


def render_with_engine(
    *, template: str, snapshot: dict[str, Any], attachments: Iterable[AttachedText] = ()
) -> tuple[bytes, dict[str, Any]]:
    """The PDF and the fingerprint of what drew it: versions of the libraries, SHA-256 of the fonts."""
    page = to_html(template, snapshot)
    issued_at = snapshot["document"]["issued_at"]
    pdf, versions = html_to_pdf(page, [_packed(attachment, issued_at) for attachment in attachments])
    return pdf, {**versions, "fonts": font_fingerprints()}


def _packed(attachment: AttachedText, at: str) -> dict[str, str]:
    content = base64.b64encode(attachment.content.encode()).decode()
    return {**asdict(attachment), "content": content, "at": at}


def document_block(*, number: str, version: int, title: str, issued_at: str, trial: bool) -> dict[str, Any]:
    """What every document says of itself (see templates/pdf/base.html); the address never comes from a request."""
    return {
        "number": number,
        "version": version,
        "title": title,
        "issued_at": issued_at,
        "verify_url": absolute(f"/verifier/{number}/"),
        "trial": trial,
    }
