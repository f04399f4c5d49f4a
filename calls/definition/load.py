"""From a document to the rows of a call in preparation, named by their codes; the working copy is replaced whole."""

from datetime import datetime
from typing import Any

from django.db import transaction

from calls.definition.eligibility import parameters
from calls.definition.schema import CallDocument
from calls.definition.values import plain
from calls.models import (
    AgreementArticle,
    Bonus,
    Call,
    Criterion,
    EligibilityRule,
    Grid,
    Indicator,
    JuryRules,
    Milestone,
    Partner,
    PieceType,
    Programme,
    Question,
    Ranking,
    ReasonCode,
    SeatTemplate,
    Section,
    Stratum,
    SupportPhase,
    Track,
    Undertaking,
    Window,
)
from portal.accounts.models import Organisation

# Parts that nothing filters, sorts or scores: kept as data, validated by the schema on the way out.
EXTRA_PARTS = ("support", "money", "applicants", "access", "template", "decision", "data_notice")
EXTRA_LISTS = ("frame", "objectives", "axes", "documents", "outcomes", "reminders")


@transaction.atomic
def load(document: CallDocument, *, owner: Organisation, at: datetime, call: Call | None = None) -> Call:
    """Write the document as rows of `call` (in preparation), or of a new call of `owner`."""
    programme, _ = Programme.objects.get_or_create(
        owner=owner, code=document.programme.code, defaults={"title": document.programme.title}
    )
    values = {**identity(document), "owner": owner, "programme": programme}
    if call is None:
        call = Call.objects.create(created_at=at, **values)
    else:
        Call.objects.filter(pk=call.pk).update(**values)
        call.refresh_from_db()
        clear(call)
    for write in (write_timetable, write_form, write_selection, write_follow_up):
        write(call, document)
    return call


def identity(document: CallDocument) -> dict[str, Any]:
    """The columns of the call itself."""
    return {
        "slug": document.slug,
        "code_prefix": document.code_prefix,
        "edition": document.edition,
        "call_type": document.call_type,
        "title": document.title,
        "summary": document.summary,
        "themes": list(document.themes),
        "texts": {
            "goal": document.goal,
            "brief": [plain(entry) for entry in document.brief],
            "texts": [plain(entry) for entry in document.texts],
        },
        "support_kinds": list(document.support.kinds),
        "applicant_kinds": list(document.applicants.kinds),
        "perimeter_kind": document.perimeter.kind,
        "perimeter_codes": list(document.perimeter.codes),
        "contact_service": document.contact.service,
        "contact_phone": document.contact.phone,
        "contact_hours": document.contact.hours,
        "contact_email": document.contact.mail,
        "extras": extras(document),
    }


def extras(document: CallDocument) -> dict[str, Any]:
    """The parts without a row of their own."""
    agreement = document.agreement
    head = {k: v for k, v in plain(agreement).items() if k != "articles"} if agreement else None
    return {
        **{name: plain(getattr(document, name)) for name in EXTRA_PARTS},
        **{name: [plain(item) for item in getattr(document, name)] for name in EXTRA_LISTS},
        "inherits": document.inherits,
        "owner": plain(document.owner),
        "contact_address": document.contact.address,
        "perimeter_label": document.perimeter.label,
        "levels": [plain(level) for level in document.grid.levels],
        "hearing": plain(document.jury.hearing) if document.jury else None,
        "jury": plain_of(document.jury, "tie", "required_seats"),
        "agreement": head,
    }


def plain_of(part: Any, *names: str) -> dict[str, Any]:
    """Some keys of a piece of the document, as JSON data."""
    return {name: value for name, value in (plain(part) or {}).items() if name in names}


PARTS = (
    Section, PieceType, Undertaking, EligibilityRule, Criterion, Bonus, Ranking, Grid, JuryRules, SeatTemplate,
    Milestone, Window, Track, Stratum, Partner, ReasonCode, Indicator, SupportPhase, AgreementArticle,
)  # fmt: skip


def clear(call: Call) -> None:
    """Remove the rows of the working copy; refused by the database once a file points to them."""
    for model in PARTS:
        model.objects.filter(call=call).delete()


def write_timetable(call: Call, document: CallDocument) -> None:
    write_partners(call, document)
    write_windows(call, document)
    write_milestones(call, document)
    write_strata(call, document)


def write_partners(call: Call, document: CallDocument) -> None:
    for n, partner in enumerate(document.partners, 1):
        Partner.objects.create(call=call, position=n, code=partner.code, name=partner.name, role=partner.role)


def write_windows(call: Call, document: CallDocument) -> None:
    tracks = {}
    for n, track in enumerate(document.tracks, 1):
        tracks[track.code] = Track.objects.create(
            call=call, position=n, code=track.code, label=track.label, text=track.text or ""
        )
    for n, window in enumerate(document.windows, 1):
        columns = window.model_dump(include={"code", "stage", "wave", "opens_at", "closes_at"}, mode="python")
        columns.update(opens_at=window.opens_at, closes_at=window.closes_at, label=window.label or "")
        columns["condition"] = plain(window.condition)
        Window.objects.create(call=call, position=n, track=tracks.get(window.track or ""), **columns)


def write_milestones(call: Call, document: CallDocument) -> None:
    for n, milestone in enumerate(document.calendar, 1):
        when = {"on": milestone.when.day} if milestone.when.whole_day else {"at": milestone.when.at}
        label = milestone.label or ""
        Milestone.objects.create(
            call=call, position=n, code=milestone.code, label=label, note=milestone.note or "", **when
        )


def write_strata(call: Call, document: CallDocument) -> None:
    for n, stratum in enumerate(document.strata, 1):
        Stratum.objects.create(call=call, position=n, **stratum_columns(stratum))


def stratum_columns(stratum: Any) -> dict[str, Any]:
    place = stratum.perimeter
    codes = {"communes": stratum.communes, "applicant": stratum.kinds, "perimeter": place.codes if place else ()}
    return {
        "code": stratum.code,
        "label": stratum.label,
        "kind": stratum.kind,
        "lower": stratum.lower,
        "upper": stratum.upper,
        "population_kind": stratum.population_kind,
        "population_year": stratum.year,
        "perimeter_kind": place.kind if place else "",
        "codes": list(codes.get(stratum.kind, ())),
    }


def write_form(call: Call, document: CallDocument) -> None:
    for n, section in enumerate(document.sections, 1):
        row = Section.objects.create(
            call=call,
            position=n,
            code=section.code,
            title=section.title,
            lead=section.lead or "",
            stage=section.stage,
            condition=plain(section.condition),
        )
        Question.objects.bulk_create(
            Question(call=call, section=row, position=m, **question_columns(question))
            for m, question in enumerate(section.questions, 1)
        )
    for n, piece in enumerate(document.pieces, 1):
        columns = piece.model_dump(exclude={"hint", "condition", "accepted", "promised_until"})
        PieceType.objects.create(
            call=call,
            position=n,
            hint=piece.hint or "",
            condition=plain(piece.condition),
            accepted=list(piece.accepted),
            promised_until=piece.promised_until,
            **columns,
        )
    for n, undertaking in enumerate(document.undertakings, 1):
        Undertaking.objects.create(
            call=call,
            position=n,
            code=undertaking.code,
            label=undertaking.label,
            condition=plain(undertaking.condition),
        )


def question_columns(question: Any) -> dict[str, Any]:
    return {
        "code": question.code,
        "kind": question.kind,
        "label": question.label,
        "hint": question.hint or "",
        "required": question.required,
        "max_length": question.max_length,
        "minimum": question.min,
        "maximum": question.max,
        "unit": question.unit or "",
        "options": [plain(option) for option in question.options],
        "condition": plain(question.condition),
        "visible_to_jury": question.visible_to_jury,
        "is_fact": question.fact,
        "is_project_title": question.project_title,
        "prefill": question.prefill or "",
        "optional_until": question.optional_until,
        "columns": [plain(column) for column in question.columns],
        "min_rows": question.min_rows,
        "max_rows": question.max_rows,
        "piece_code": question.piece or "",
    }


def write_selection(call: Call, document: CallDocument) -> None:
    for n, rule in enumerate(document.eligibility, 1):
        EligibilityRule.objects.create(
            call=call,
            position=n,
            code=rule.code,
            kind=rule.kind,
            label=rule.label,
            effect=rule.effect,
            derogable=rule.derogable,
            parameters=parameters(rule),
        )
    write_grid(call, document.grid)
    if document.jury:
        write_jury(call, document.jury)
    for n, reason in enumerate(document.reasons, 1):
        ReasonCode.objects.create(call=call, position=n, code=reason.code, outcome=reason.outcome, label=reason.label)


def write_grid(call: Call, grid: Any) -> None:
    columns = ("mode", "scale_max", "total", "threshold", "max_selected", "reserve_size", "technical_visible_to_jury")
    Grid.objects.create(
        call=call,
        scale_labels={str(step): label for step, label in grid.scale_labels.items()},
        tie_break=list(grid.tie_break),
        **{name: getattr(grid, name) for name in columns},
    )
    for n, criterion in enumerate(grid.criteria, 1):
        Criterion.objects.create(
            call=call,
            position=n,
            code=criterion.code,
            label=criterion.label,
            description=criterion.description or "",
            points=criterion.points or 0,
            knockout=criterion.knockout,
            section_codes=list(criterion.sections),
            informational=criterion.informational,
            condition=plain(criterion.condition),
        )
    for n, ranking in enumerate(grid.rankings, 1):
        columns = ranking.model_dump(exclude={"condition"})
        Ranking.objects.create(call=call, position=n, condition=plain(ranking.condition), **columns)
    for n, bonus in enumerate(grid.bonuses, 1):
        Bonus.objects.create(
            call=call,
            position=n,
            code=bonus.code,
            label=bonus.label,
            points=bonus.points,
            condition=plain(bonus.condition),
        )


def write_jury(call: Call, jury: Any) -> None:
    hearing = jury.hearing
    JuryRules.objects.create(
        call=call,
        quorum=jury.quorum,
        majority=jury.majority,
        ballot=jury.ballot,
        casting_vote=jury.casting_vote,
        hearing_minutes=hearing.minutes if hearing else None,
        hearing_threshold=hearing.threshold if hearing else None,
    )
    for n, seat in enumerate(jury.seats, 1):
        SeatTemplate.objects.create(call=call, position=n, **{**seat.model_dump(), "rule": seat.rule or ""})


def write_follow_up(call: Call, document: CallDocument) -> None:
    for n, phase in enumerate(document.phases, 1):
        columns = {**phase.model_dump(), "deliverable": phase.deliverable or ""}
        SupportPhase.objects.create(call=call, position=n, **columns)
    for n, article in enumerate(document.agreement.articles if document.agreement else (), 1):
        AgreementArticle.objects.create(
            call=call,
            position=n,
            code=article.code,
            title=article.title,
            paragraphs=list(article.paragraphs),
            condition=plain(article.condition),
        )
    for n, indicator in enumerate(document.indicators, 1):
        columns = {**indicator.model_dump(), "objective": indicator.objective or "", "target": indicator.target or ""}
        Indicator.objects.create(call=call, position=n, **columns)
