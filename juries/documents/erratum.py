"""The erratum of signed minutes: what was written, what should be read. Contract: `templates/pdf/juries/paper.html`."""

from datetime import datetime

from portal.accounts.letterhead import letterhead
from portal.core.documents import request_document
from portal.core.models import FrozenDocument
from portal.core.typography import format_date

from ..models import Minutes
from .minutes import signatures
from .papers import TEMPLATE, head, section


def request_erratum(minutes: Minutes, n: int, text: str, *, at: datetime) -> FrozenDocument:
    """Write the nth erratum, with its own number; the minutes stay as they were signed."""
    session = minutes.session
    told = (
        f"Le procès-verbal {minutes.number}, signé le {format_date(minutes.signed_at)}, empreinte "
        f"{minutes.document.sha256}, reste tel qu’il a été signé. Il se lit avec l’erratum qui suit."
    )
    body = {
        "sections": [section("Procès-verbal corrigé", told), section("Erratum", *text.splitlines())],
        "signatures": signatures(session)[:1],
    }
    return request_document(
        kind="erratum",
        number=f"{minutes.number}-E{n}",
        title=f"Erratum n° {n} du procès-verbal du jury",
        template=TEMPLATE,
        snapshot={"institution": letterhead(session.call.owner), **head(session), **body},
        at=at,
    )
