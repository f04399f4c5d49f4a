"""Files, votes, scores and ranking, as the tables of the minutes want them: plain JSON, counted from the rows."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from applications.models import Application, ApplicationMember
from applications.states import DEPOSITED, INADMISSIBLE
from calls.models import Call
from portal.core.calendar import PARIS

from ..ballot import MAJORITY_LABELS, TIE_LABELS, tie_sentence
from ..models import AgendaItem
from ..queries import is_deferred, is_knocked_out, steps_of

OPINIONS = {
    "favourable": "Favorable",
    "unfavourable": "Défavorable",
    "no_vote": "Sans vote",
    "tied": "Partage égal",
    "deferred": "Renvoyé",
}
HANDS = "§"
SHORT_RULE = "En cas de partage égal, la voix de la présidence est prépondérante."


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
        return deferral_sentence(name, item) if is_deferred(item) else ""
    if application.state == INADMISSIBLE:
        last = application.transitions.order_by("-happened_at", "-pk").first()
        why = f" : {last.reason.rstrip(' .')}" if last and last.reason else ""
        return f"{name}, déclarée non recevable{why}. Le jury en prend acte sans débat."
    return f"{name} : examinée lors d’une autre séance ou non encore déclarée recevable."


def deferral_sentence(name: str, item: AgendaItem) -> str:
    """Why the file comes back, and what the jury asks of the commune meanwhile."""
    asked = f" Le jury demande : {item.requests}" if item.requests else ""
    return f"{name} : {item.reason}{asked}"


def vote_rule(call: Call) -> str:
    rules, steps = call.jury_rules, steps_of(call)
    if rules.ballot == "none":
        return "Le comité rend un avis sans voter ; l’avis de chaque dossier et son motif sont consignés."
    even = f" {SHORT_RULE if steps == ('casting_vote',) else tie_sentence(steps)}" if steps else ""
    return (
        f"Le vote est nominal, à la {MAJORITY_LABELS[rules.majority]} ; les abstentions sont comptées à part.{even} "
        "Le détail nominal figure en annexe 2."
    )


def vote_row(item: AgendaItem, *, hands: bool = False, proxies: int = 0) -> dict[str, Any]:
    """`hands`: some votes were given by show of hands and written by the secretary."""
    voted = item.votes_for is not None
    in_favour, against, abstained = item.votes_for or 0, item.votes_against or 0, item.abstentions or 0
    return {
        "number": short_number(item.application),
        "applicant": f"{applicant(item.application)}{', second scrutin' if item.round > 1 else ''}",
        "voted_at": clock(item.closed_at) if voted else None,
        "recused": item.recused_count or 0,
        "present": item.present_count or 0,
        "quorum": item.quorum_required or 0,
        "proxies": proxies,
        "voters": in_favour + against + abstained,
        "in_favour": in_favour,
        "against": against,
        "abstentions": abstained,
        "opinion": OPINIONS[item.result],
        "mark": " ".join(part for part in (mark_of(item), HANDS if hands else "") if part),
    }


def mark_of(item: AgendaItem) -> str:
    if item.casting_vote_used:
        return "*"
    if item.tie_step:
        return "‡"
    return "†" if is_knocked_out(item) else ""


def votes_note(items: Iterable[AgendaItem], *, hands: bool = False) -> str:
    items = list(items)
    marks = {mark_of(item) for item in items}
    steps = sorted({TIE_LABELS[item.tie_step] for item in items if mark_of(item) == "‡"})
    notes = ["* Partage égal des voix : la voix de la présidence est prépondérante."] if "*" in marks else []
    notes += ["† Note éliminatoire : aucun vote."] if "†" in marks else []
    notes += [f"‡ Partage égal des voix, réglé par : {', '.join(steps)}."] if steps else []
    notes += [f"{HANDS} Votes exprimés à main levée, consignés par le secrétariat."] if hands else []
    return " ".join(notes)
