"""A call as those who will use it see it: the sections of the applicant, the grid of the juror. Read only."""

from dataclasses import dataclass

from django.urls import reverse

from calls.condition_words import say
from calls.definition.form import Piece, Question, Section
from calls.definition.schema import CallDocument
from calls.definition.selection import group_heads
from portal.core import ui
from portal.core.typography import format_plain, format_quantity

CONTROLS = {
    "long_text": "long",
    "single": "radio",
    "yes_no": "radio",
    "multiple": "checkbox",
    "table": "table",
    "operations": "operations",
    "site": "site",
    "file": "file",
    "undertaking": "box",
}


@dataclass(frozen=True)
class Shown:
    """A question as it is asked: how it is answered, the options, who reads it, when it is asked."""

    question: Question
    control: str
    options: list[str]
    suffix: str
    hint: str
    audience: str
    when: str
    piece: str


def shown(question: Question, document: CallDocument) -> Shown:
    options = [option.label for option in question.options] or (["Oui", "Non"] if question.kind == "yes_no" else [])
    said = say(question.condition, document)
    pieces = {piece.code: piece.label for piece in document.pieces}
    return Shown(
        question=question,
        control=CONTROLS.get(question.kind, "text"),
        options=options,
        suffix={"percent": "%", "money": "€"}.get(question.kind, question.unit or ""),
        hint=question.hint or "",
        audience="Visible du jury" if question.visible_to_jury else "Lu par le service seulement",
        when=f"Posée si {said}." if said else "",
        piece=pieces.get(question.piece or "", ""),
    )


def section_links(document: CallDocument, slug: str, current: str) -> list[ui.SectionLink]:
    page = reverse("call_preview", args=[slug])
    return [
        ui.SectionLink(
            title=section.title,
            url=f"{page}?section={section.code}",
            number=n,
            count=format_quantity(len(section.questions), "question"),
            current=section.code == current,
            icon="file-earmark-text",
        )
        for n, section in enumerate(document.sections, 1)
    ]


def section_at(document: CallDocument, code: str) -> Section:
    """The section asked for, else the first."""
    return next((section for section in document.sections if section.code == code), document.sections[0])


def shown_in(section: Section, document: CallDocument) -> list[Shown]:
    return [shown(question, document) for question in section.questions]


def piece_rows(document: CallDocument) -> list[ui.Piece]:
    return [ui.Piece(title=piece.label, state="missing", line=_piece_line(piece)) for piece in document.pieces]


def _piece_line(piece: Piece) -> str:
    need = {"required": "demandée", "conditional": "demandée dans certains cas", "optional": "facultative"}[piece.need]
    return f"{need} ; {', '.join(kind.upper() for kind in piece.accepted)}, {piece.max_megabytes} Mo au plus"


# --- the juror ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Graded:
    """A criterion of the grid: squares for a numeric one, words for levels."""

    row: ui.Criterion
    description: str
    levels: list[str]


def grid_rows(document: CallDocument, slug: str) -> list[Graded]:
    grid = document.grid
    numbers = {section.code: n for n, section in enumerate(document.sections, 1)}
    page = reverse("call_preview_jury", args=[slug])
    levels = [level.label for level in grid.levels] if grid.mode == "qualitative" else []
    rows, heads = [], group_heads(grid.criteria)
    for criterion in grid.criteria:
        links = [ui.Link(label=str(numbers[c]), url=f"{page}?section={c}") for c in criterion.sections if c in numbers]
        least = criterion.knockout
        remark = f"Note minimale : {format_plain(least)}" if least is not None else ""
        row = ui.Criterion(
            code=criterion.code,
            title=criterion.label,
            points=criterion.points or 0,
            scale=grid.scale_max,
            points_text=format_quantity(criterion.points, "point") if criterion.points else "pour information",
            remark=remark,
            sections=links,
            group=criterion.part_of or "" if criterion.code in heads else "",
            group_points=format_quantity(heads[criterion.code], "point") if heads.get(criterion.code) else "",
            nested=bool(criterion.part_of),
        )
        rows.append(Graded(row, criterion.description or "", levels))
    return rows


def read_by_jury(section: Section, document: CallDocument) -> list[Shown]:
    return [shown(question, document) for question in section.questions if question.visible_to_jury]
