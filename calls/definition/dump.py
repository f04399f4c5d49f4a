"""From the rows of a call to its document: export(import(file)) == canonical(file)."""

from typing import Any

from calls.definition.eligibility import read_rule
from calls.definition.load import EXTRA_LISTS, EXTRA_PARTS
from calls.definition.moments import Moment
from calls.definition.schema import FORMAT, CallDocument
from calls.models import Call, Criterion, Milestone, Question, Stratum


def dump(call: Call) -> CallDocument:
    """The document of the rows, validated like a file. Raises pydantic's ValidationError on rows that make no call."""
    parts = {**identity(call), **timetable(call), **form(call), **selection(call), **follow_up(call)}
    return CallDocument.model_validate({name: value for name, value in parts.items() if value is not None})


def present(**values: Any) -> dict[str, Any]:
    """Without what is empty: an absent key and an empty column say the same."""
    return {name: value for name, value in values.items() if value not in (None, "", [], {})}


def identity(call: Call) -> dict[str, Any]:
    extras = call.extras
    return {
        "format": FORMAT,
        "title": call.title,
        "slug": call.slug,
        "code_prefix": call.code_prefix,
        "edition": call.edition,
        "call_type": call.call_type,
        "programme": {"code": call.programme.code, "title": call.programme.title},
        "summary": call.summary,
        "themes": call.themes,
        "goal": call.texts["goal"],
        "brief": call.texts["brief"],
        "texts": call.texts["texts"],
        "owner": extras["owner"],
        "partners": [{"code": p.code, "name": p.name, "role": p.role} for p in call.partners.all()],
        "contact": present(
            service=call.contact_service,
            phone=call.contact_phone,
            hours=call.contact_hours,
            mail=call.contact_email,
            address=extras["contact_address"],
        ),
        "perimeter": {
            "kind": call.perimeter_kind,
            "codes": call.perimeter_codes,
            "label": extras["perimeter_label"],
        },
        **present(**{name: extras.get(name) for name in (*EXTRA_PARTS, *EXTRA_LISTS, "inherits")}),
    }


def timetable(call: Call) -> dict[str, Any]:
    windows = call.windows.select_related("track")
    return {
        "windows": [
            present(
                code=w.code,
                label=w.label,
                stage=w.stage,
                wave=w.wave,
                track=w.track.code if w.track else None,
                opens_at=w.opens_at,
                closes_at=w.closes_at,
                condition=w.condition,
            )
            for w in windows
        ],
        "calendar": [present(code=m.code, when=moment(m), label=m.label, note=m.note) for m in call.milestones.all()],
        "tracks": [present(code=t.code, label=t.label, text=t.text) for t in call.tracks.all()],
        "strata": [stratum(s) for s in call.strata.all()],
    }


def stratum(row: Stratum) -> dict[str, Any]:
    by_kind: dict[str, dict[str, Any]] = {
        Stratum.Kind.COMMUNES: {"communes": row.codes},
        Stratum.Kind.APPLICANT: {"kinds": row.codes},
        Stratum.Kind.ATTRIBUTE: {"attribute": row.attribute, "values": row.codes},
        Stratum.Kind.PERIMETER: {"perimeter": {"kind": row.perimeter_kind, "codes": row.codes}},
    }
    return {
        "code": row.code,
        "label": row.label,
        "kind": row.kind,
        "population_kind": row.population_kind,
        "lower": row.lower,
        **present(upper=row.upper, year=row.population_year),
        **by_kind.get(row.kind, {}),
    }


def moment(milestone: Milestone) -> Moment:
    return Moment.on(milestone.on) if milestone.on else Moment(milestone.at)


def form(call: Call) -> dict[str, Any]:
    sections = call.sections.prefetch_related("questions")
    return {
        "sections": [
            {
                **present(code=s.code, title=s.title, lead=s.lead, stage=s.stage, condition=s.condition),
                "questions": [question(q) for q in s.questions.all()],
            }
            for s in sections
        ],
        "pieces": [
            {
                **present(
                    code=p.code,
                    label=p.label,
                    hint=p.hint,
                    need=p.need,
                    stage=p.stage,
                    condition=p.condition,
                    accepted=p.accepted,
                    promised_until=p.promised_until,
                ),
                "max_megabytes": p.max_megabytes,
                "min_count": p.min_count,
                "max_count": p.max_count,
                "resolution": p.resolution,
                "visible_to_jury": p.visible_to_jury,
            }
            for p in call.piece_types.all()
        ],
        "undertakings": [present(code=u.code, label=u.label, condition=u.condition) for u in call.undertakings.all()],
    }


def question(row: Question) -> dict[str, Any]:
    return {
        **present(
            code=row.code,
            kind=row.kind,
            label=row.label,
            hint=row.hint,
            max_length=row.max_length,
            min=row.minimum,
            max=row.maximum,
            unit=row.unit,
            options=row.options,
            condition=row.condition,
            prefill=row.prefill,
            optional_until=row.optional_until,
            columns=row.columns,
            piece=row.piece_code,
        ),
        "min_rows": row.min_rows,
        "max_rows": row.max_rows,
        "required": row.required,
        "visible_to_jury": row.visible_to_jury,
        "fact": row.is_fact,
        "project_title": row.is_project_title,
    }


def selection(call: Call) -> dict[str, Any]:
    rules = [
        read_rule(
            code=r.code, kind=r.kind, label=r.label, effect=r.effect, derogable=r.derogable, parameters=r.parameters
        )
        for r in call.eligibility_rules.all()
    ]
    reasons = [{"code": r.code, "outcome": r.outcome, "label": r.label} for r in call.reason_codes.all()]
    return {"eligibility": rules, "grid": grid(call), "jury": jury(call), "reasons": reasons}


def grid(call: Call) -> dict[str, Any]:
    row = call.grid
    return {
        **present(
            mode=row.mode,
            scale_labels=row.scale_labels,
            threshold=row.threshold,
            max_selected=row.max_selected,
            tie_break=row.tie_break,
            levels=call.extras["levels"],
        ),
        "scale_max": row.scale_max,
        "total": row.total,
        "reserve_size": row.reserve_size,
        "technical_visible_to_jury": row.technical_visible_to_jury,
        "aggregate": row.aggregate,
        "abstention": row.abstention,
        "unjudged": row.unjudged,
        "comment": row.comment,
        "criteria": [criterion(c) for c in call.criteria.all()],
        "rankings": [
            present(
                code=r.code,
                label=r.label,
                condition=r.condition,
                threshold=r.threshold,
                max_selected=r.max_selected,
                reserve_size=r.reserve_size,
            )
            for r in call.rankings.all()
        ],
        "bonuses": [
            {"code": b.code, "label": b.label, "points": b.points, "condition": b.condition} for b in call.bonuses.all()
        ],
    }


def criterion(row: Criterion) -> dict[str, Any]:
    return {
        **present(
            code=row.code,
            label=row.label,
            part_of=row.part_of,
            description=row.description,
            points=row.points or None,
            knockout=row.knockout,
            sections=row.section_codes,
            condition=row.condition,
            descriptors=row.descriptors,
        ),
        "informational": row.informational,
        "comment_required": row.comment_required,
    }


SEAT_NATURE = ("voting", "president", "co_chair", "observer", "voice", "by_department", "drawn")


def jury(call: Call) -> dict[str, Any] | None:
    rules = getattr(call, "jury_rules", None)
    if rules is None:
        return None
    return {
        "seats": [
            {
                **present(code=s.code, label=s.label, college=s.college, rule=s.rule),
                **{name: getattr(s, name) for name in SEAT_NATURE},
            }
            for s in call.seat_templates.all()
        ],
        "quorum": rules.quorum,
        "majority": rules.majority,
        "ballot": rules.ballot,
        "casting_vote": rules.casting_vote,
        **present(hearing=call.extras["hearing"], **call.extras.get("jury", {})),
    }


def follow_up(call: Call) -> dict[str, Any]:
    head = call.extras["agreement"]
    articles = [
        present(code=a.code, title=a.title, paragraphs=a.paragraphs, condition=a.condition)
        for a in call.agreement_articles.all()
    ]
    return {
        "phases": [
            present(
                code=p.code,
                title=p.title,
                first_month=p.first_month,
                last_month=p.last_month,
                deliverable=p.deliverable,
            )
            for p in call.support_phases.all()
        ],
        "agreement": {**head, "articles": articles} if head else None,
        "indicators": [
            present(code=i.code, label=i.label, kind=i.kind, unit=i.unit, objective=i.objective, target=i.target)
            for i in call.indicators.all()
        ],
    }
