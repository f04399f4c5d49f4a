"""What the public page of a call shows, as plain data for the components."""

from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse

from portal.core import ui
from portal.core.calendar import PARIS, day_of
from portal.core.models import FrozenDocument
from portal.core.typography import (
    choose,
    format_date_short,
    format_plain,
    format_quantity,
    format_size,
    format_time,
    typeset,
)
from portal.core.words import number_in_words

from ..definition.selection import group_heads
from ..documents import questions_number, rules_number
from ..models import Call, Criterion, Grid
from ..queries_public import is_dropped, is_past, public_dates


def calendar_of(call: Call, at: datetime, *, answers: int = 0) -> list[ui.Milestone]:
    """The public calendar; the year is said where it changes, « 27 réponses » beside the end of the questions.

    Of a dropped call, only what has been: the rest will not be.
    """
    shown, year = [], day_of(at).year
    dropped = is_dropped(call)
    for row in public_dates(call):
        if dropped and not is_past(row.at, at):
            continue
        local = row.at.astimezone(PARIS) if isinstance(row.at, datetime) else row.at
        answered = row.key == "questions_until" and answers > 0
        shown.append(
            ui.Milestone(
                label=typeset(row.label),
                at=row.at,
                remark=format_quantity(answers, "réponse") if answered else typeset(row.note),
                url=reverse("call_answers", args=[call.slug]) if answered else "",
                when=words_of(row.at, year=local.year != year),
            )
        )
        year = local.year
    return shown


def words_of(at: date | datetime, *, year: bool) -> str:
    """« mer. 31 mars, 23 h 59 », « jeu. 27 mai 2027 »."""
    words = format_date_short(at, year=year)
    return f"{words}, {format_time(at)}" if isinstance(at, datetime) else words


def criteria_of(call: Call) -> list[ui.Criterion]:
    """The public grid: each criterion with its points, when it has some, and its least note."""
    rows = list(call.criteria.all())
    heads = group_heads(rows)
    return [
        ui.Criterion(
            code=row.code,
            title=row.label,
            points=row.points or None,
            points_text="pour information" if row.informational else "",
            remark=criterion_remark(row),
            group=row.part_of if row.code in heads else "",
            group_points=format_quantity(heads[row.code], "point") if heads.get(row.code) else "",
            nested=bool(row.part_of),
        )
        for row in rows
    ]


def criterion_remark(row: Criterion) -> str:
    """What the criterion looks at, then its least note."""
    least = f"Note minimale : {format_plain(row.knockout)}" if row.knockout is not None else ""
    return typeset(" ".join(filter(None, [row.description, least])))


def grid_sentence(grid: Grid | None) -> str:
    """« Sur 100 points. Il en faut 50 pour être retenu ; quatre lauréates au plus, trois en liste complémentaire. »"""
    if grid is None or grid.mode == "none":
        return ""
    if grid.mode == "qualitative":
        levels = ", ".join(level["label"].lower() for level in grid.call.extras["levels"])
        return typeset(f"Sans note : chaque critère reçoit un niveau ({levels}).")
    parts = [f"Il en faut {format_plain(grid.threshold)} pour être retenu"] if grid.threshold else []
    if grid.max_selected:
        most = number_in_words(grid.max_selected, feminine=True)
        limit = f"{most} {choose(grid.max_selected, 'lauréate')} au plus"
        if grid.reserve_size:
            limit += f", {number_in_words(grid.reserve_size, feminine=True)} en liste complémentaire"
        parts.append(limit)
    sentence = " ; ".join(parts)
    return typeset(f"Sur {grid.total} points." + (f" {sentence[0].upper()}{sentence[1:]}." if sentence else ""))


def contact_of(call: Call) -> ui.Contact:
    return ui.Contact(
        service=call.contact_service, phone=call.contact_phone, hours=call.contact_hours, email=call.contact_email
    )


@dataclass(frozen=True)
class PublicDocument:
    """A document to download, with its size."""

    label: str
    url_name: str
    line: str


def documents_of(call: Call) -> list[PublicDocument]:
    """The published documents that are ready."""
    wanted = {
        rules_number(call): ("Règlement de l’appel", "call_rules"),
        questions_number(call): ("Toutes les questions", "call_questions_pdf"),
    }
    rows = (
        FrozenDocument.objects.filter(number__in=wanted, state="ready")
        .select_related("file")
        .order_by("number", "version")
    )
    latest = {row.number: row for row in rows}
    return [
        PublicDocument(label, url_name, f"PDF, {format_size(latest[number].file.size)}")
        for number, (label, url_name) in wanted.items()
        if number in latest
    ]
