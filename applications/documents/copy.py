"""The applicant's own copy of its file: a project for the council before the deposit, the very content afterwards.

Snapshots follow the contract of templates/pdf/applications/file.html. The same content asked twice gives one document.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from portal.accounts.letterhead import letterhead
from portal.core.documents import request_document
from portal.core.models import FrozenDocument
from portal.core.typography import format_date

from ..content.blocks import Block, frozen_block
from ..content.reading import AnswerReading, PieceReading, SectionReading, canonical_json, fingerprint, sections_of
from ..models import Application, Deposit
from ..parcel.current import parcel_of
from ..queries.files import answers_for_reading, draft_pieces_for_reading, pieces_for_reading
from ..queries.life import limit_of
from .receipt import applicant_name, capital, contact_block, explanations

FILE_COPY = "applications.file"


def draft_number(application: Application) -> str:
    return f"PRJ-{application.uuid.hex[:16]}".upper()


def deposited_number(deposit: Deposit) -> str:
    return f"DOS-{deposit.application.number}-{deposit.n}".upper()


def latest_copy(number: str) -> FrozenDocument | None:
    return FrozenDocument.objects.filter(number=number).select_related("file").order_by("-version").first()


def request_draft(application: Application, at: datetime) -> FrozenDocument:
    """The file as it stands now, marked as not deposited on every page."""
    parcel = parcel_of(application)
    content = {
        "sections": [_section(section) for section in sections_of(parcel.progress)],
        "pieces": _pieces(draft_pieces_for_reading(application, parcel.progress)),
        "undertakings": [row.label for row in parcel.undertakings],
        "explanations": explanations(
            (verdict.sentence, parcel.justifications.get(verdict.code, "" if verdict.needs_text else None))
            for verdict in parcel.ruled
        ),
        "project_title": parcel.progress.title or "Candidature sans intitulé",
    }
    return _request(application, draft_number(application), content, at, together=parcel.co_applicants, deposited=None)


def request_deposited(deposit: Deposit, at: datetime) -> FrozenDocument:
    """One deposited version, from what was frozen that day."""
    application = deposit.application
    content = {
        "sections": [_section(section) for section in answers_for_reading(deposit, for_jury=False)],
        "pieces": _pieces(pieces_for_reading(deposit, for_jury=False)),
        "undertakings": [row["label"] for row in deposit.undertakings],
        "explanations": explanations((row.sentence, row.justification or None) for row in deposit.verdicts.all()),
        "project_title": application.title or "Candidature sans intitulé",
    }
    return _request(
        application, deposited_number(deposit), content, at, together=deposit.co_applicants, deposited=deposit
    )


def _request(
    application: Application,
    number: str,
    content: dict[str, Any],
    at: datetime,
    *,
    together: Sequence[Mapping[str, str]],
    deposited: Deposit | None,
) -> FrozenDocument:
    """`together`: who applies with the lead."""
    print_of_it = fingerprint(canonical_json({**content, "together": list(together)}))
    last = latest_copy(number)
    if last is not None and last.snapshot["content_sha256"] == print_of_it:
        return last
    call = application.call
    return request_document(
        kind=FILE_COPY,
        number=number,
        title="Dossier de candidature" if deposited else "Projet de candidature",
        template="pdf/applications/file.html",
        snapshot={
            "institution": letterhead(call.owner),
            "call": {"title": call.title, "edition": call.edition, "closes_at": limit_of(application).isoformat()},
            "applicant": {"name": capital(applicant_name(application)), "siren": application.lead.siren or ""},
            "co_applicants": [capital(row["name"]) for row in together],
            "deposit": _deposit(deposited) if deposited else None,
            "contact": contact_block(call),
            "content_sha256": print_of_it,
            **content,
        },
        at=at,
    )


def _deposit(deposit: Deposit) -> dict[str, Any]:
    return {
        "number": deposit.application.number,
        "version": deposit.n,
        "received_at": deposit.received_at.isoformat(),
        "deposited_by": deposit.quality,
        "outside": f"{deposit.outside.words}, {deposit.outside.entry_words}" if deposit.outside else "",
        "answers_sha256": deposit.answers_sha256,
    }


def _section(section: SectionReading) -> dict[str, Any]:
    answers = [_answer(answer) for answer in section.answers]
    return {"number": section.number, "title": section.title, "answers": answers}


def _answer(answer: AnswerReading) -> dict[str, Any]:
    """`paragraphs` for what is written, `items` for choices, `head` and `rows` for a table, `blocks` for parts."""
    listed, drawn = answer.items, bool(answer.head or answer.blocks)
    return {
        "label": answer.label,
        "paragraphs": [] if listed or drawn else [line for line in answer.text.split("\n") if line.strip()],
        "items": listed,
        "head": list(answer.head),
        "rows": [list(row) for row in answer.rows],
        "blocks": [document_block(block) for block in answer.blocks],
    }


def document_block(block: Block) -> dict[str, Any]:
    """A part of an answer with its cells told apart, words or figures, as the template writes them."""
    grids = [
        {"caption": grid.caption, "head": grid.heads, "lines": grid.lines, "totals": grid.totals}
        for grid in block.grids
    ]
    return {**frozen_block(block), "grids": grids}


def _pieces(pieces: Sequence[PieceReading]) -> list[dict[str, Any]]:
    return [
        {"label": piece.label, "files": [_file(file) for file in piece.files], "state": _state(piece), "act": piece.act}
        for piece in pieces
    ]


def _file(file: Any) -> dict[str, Any]:
    return {"name": file.name, "size": file.size, "sha256": file.sha256}


def _state(piece: PieceReading) -> str:
    """What is said where there is no file."""
    if piece.files:
        return ""
    if piece.promised_for:
        return f"promise pour le {format_date(piece.promised_for)}"
    return "à joindre" if piece.needed else "non jointe"
