"""Files, votes, scores and ranking, as the tables of the minutes want them: plain JSON, counted from the rows."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from applications.models import Application, ApplicationMember
from applications.states import DEPOSITED, INADMISSIBLE
from calls.models import Call
from portal.core.calendar import PARIS

from ..ballot import MAJORITY_LABELS
from ..models import AgendaItem, JurySession, ProposalLine
from ..queries import bonuses_of, file_result, is_deferred, is_knocked_out, sheets_by_file
from ..scoring import bonus_sentence

OPINIONS = {"favourable": "Favorable", "unfavourable": "Défavorable", "no_vote": "Sans vote"}
PROPOSALS = {"selected": "Retenue", "reserve": "Liste complémentaire", "not_selected": "Non retenue"}


# --- small texts -------------------------------------------------------------------------------------------------


def applicant(application: Application) -> str:
    """The communes of a file, the lead first."""
    return applicants([application])[application.pk]


def applicants(files: Iterable[Application]) -> dict[int, str]:
    """{file: « Étretat, Le Tilleul »}: one query whatever their number, for files that hold their lead."""
    found = {file.pk: [commune_name(file)] for file in files}
    members = ApplicationMember.objects.filter(
        application__in=list(found),
        confirmed_at__isnull=False,
        left_at=None,
        role=ApplicationMember.Role.MEMBER,
    )
    for member in members.select_related("organisation__commune").order_by("pk"):
        body = member.organisation
        found[member.application_id].append(body.commune.name if body.commune else body.name)
    return {pk: ", ".join(names) for pk, names in found.items()}


def commune_name(application: Application) -> str:
    return application.lead.commune.name if application.lead.commune else application.lead.name


def short_number(application: Application) -> str:
    return (application.number or "").rpartition("-")[2]


def clock(at: datetime | None) -> str | None:
    return at.astimezone(PARIS).strftime("%H:%M") if at else None


def text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


# --- files and votes ---------------------------------------------------------------------------------------------


def set_aside(call: Call, items: Iterable[AgendaItem]) -> list[str]:
    """Why each deposited file that is not in the ranking is not."""
    by_file = {item.application_id: item for item in items}
    files = call.applications.filter(state__in=DEPOSITED).select_related("lead__commune").order_by("number")
    return [sentence for file in files if (sentence := set_aside_sentence(file, by_file.get(file.pk)))]


def set_aside_sentence(application: Application, item: AgendaItem | None) -> str:
    name = f"Candidature {application.number}, {applicant(application)}"
    if item is not None:
        return f"{name} : {item.reason}" if is_deferred(item) else ""
    if application.state == INADMISSIBLE:
        last = application.transitions.order_by("-happened_at", "-pk").first()
        why = f" : {last.reason.rstrip(' .')}" if last and last.reason else ""
        return f"{name}, déclarée non recevable{why}. Le jury en prend acte sans débat."
    return f"{name} : examinée lors d’une autre séance ou non encore déclarée recevable."


def vote_rule(call: Call) -> str:
    rules = call.jury_rules
    casting = " En cas de partage égal, la voix de la présidence est prépondérante." if rules.casting_vote else ""
    return (
        f"Le vote est nominal, à la {MAJORITY_LABELS[rules.majority]} ; les abstentions sont comptées à part.{casting} "
        "Le détail nominal figure en annexe 2."
    )


def vote_row(item: AgendaItem) -> dict[str, Any]:
    voted = item.votes_for is not None
    in_favour, against, abstained = item.votes_for or 0, item.votes_against or 0, item.abstentions or 0
    return {
        "number": short_number(item.application),
        "applicant": applicant(item.application),
        "voted_at": clock(item.closed_at) if voted else None,
        "recused": item.recused_count or 0,
        "present": item.present_count or 0,
        "quorum": item.quorum_required or 0,
        "proxies": 0,
        "voters": in_favour + against + abstained,
        "in_favour": in_favour,
        "against": against,
        "abstentions": abstained,
        "opinion": OPINIONS[item.result],
        "mark": mark_of(item),
    }


def mark_of(item: AgendaItem) -> str:
    if item.casting_vote_used:
        return "*"
    return "†" if is_knocked_out(item) else ""


def votes_note(items: Iterable[AgendaItem]) -> str:
    marks = {mark_of(item) for item in items}
    notes = ["* Partage égal des voix : la voix de la présidence est prépondérante."] if "*" in marks else []
    notes += ["† Note éliminatoire : aucun vote."] if "†" in marks else []
    return " ".join(notes)


# --- scores and ranking ------------------------------------------------------------------------------------------


def scores_block(session: JurySession, lines: Sequence[ProposalLine]) -> dict[str, Any]:
    call = session.call
    criteria = list(call.criteria.all())
    sheets = sheets_by_file([line.application for line in lines])
    knockouts = [f"moins de {c.knockout.normalize():f} points au critère {c.code}" for c in criteria if c.knockout]
    bonuses = sorted({bonus_sentence(bonuses_of(line.application)) for line in lines} - {""})
    notes = [*bonuses, *([f"† Note éliminatoire : {', '.join(knockouts)}."] if knockouts else [])]
    return {
        "criteria": [{"code": c.code, "label": c.label, "maximum": c.points} for c in criteria],
        "scores": [score_row(line, [c.code for c in criteria], sheets[line.application_id]) for line in lines],
        "scores_note": " ".join(notes),
        "threshold": text(call.grid.threshold),
        "scale": str(call.grid.total),
    }


def score_row(line: ProposalLine, codes: list[str], sheets: list[dict[str, Decimal]]) -> dict[str, Any]:
    result = file_result(line.application, sheets)
    return {
        "number": short_number(line.application),
        "applicant": applicant(line.application),
        "short_name": commune_name(line.application),
        "scores": [text(result.points.get(code)) for code in codes],
        "total": text(result.base),
        "bonus": str(result.bonus) if result.bonus else None,
        "final": text(line.score) or "0",
        "mark": "†" if line.knocked_out else "",
        "group": line.outcome,
    }


def ranking_row(line: ProposalLine, lines: Sequence[ProposalLine]) -> dict[str, Any]:
    return {
        "rank": line.rank,
        "number": short_number(line.application),
        "applicant": applicant(line.application),
        "final": text(line.score) or "0",
        "proposal": proposal_label(line, lines),
    }


def proposal_label(line: ProposalLine, lines: Sequence[ProposalLine]) -> str:
    if line.outcome != ProposalLine.Outcome.RESERVE:
        return PROPOSALS[line.outcome]
    before = sum(other.outcome == "reserve" and (other.rank or 0) < (line.rank or 0) for other in lines)
    return f"{PROPOSALS['reserve']}, rang {before + 1}"


def reason_row(line: ProposalLine, lines: Sequence[ProposalLine]) -> dict[str, Any]:
    return {
        "number": short_number(line.application),
        "applicant": applicant(line.application),
        "proposal": proposal_label(line, lines),
        "reason": line.reason,
    }
