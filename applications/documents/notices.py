"""The letters of a decision: frozen snapshots (contracts: templates/pdf/applications/notice_*.html) and request.

A letter never names another applicant: neighbours are told by rank and score only.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from calls.definition.identity import MONEY_KINDS
from calls.models import Call, Grid
from calls.queries import milestone_day
from portal.accounts.letterhead import letterhead
from portal.core.calendar import add_months, day_of
from portal.core.documents import request_document
from portal.core.models import FrozenDocument
from portal.core.rules import Refused
from portal.core.typography import choose, format_date, format_number, ordinal, place_of
from portal.core.words import number_in_words
from portal.territories.queries import latest_population

from ..models import Decision, DecisionLine
from ..queries.conditions import conditions_of
from ..queries.files import latest_deposit
from ..queries.staff import members_of
from ..rankings import Place
from .letters import copies_of, letter_blocks, text_of

COUNSEL_VERSION = "2027-01"
COURT_THRESHOLD = 3500
ANSWER_DAYS = 15
RESERVE_MONTHS = 6
SIGNATURE_MONTHS = 2
SALUTATION = "Madame, Monsieur le Maire"
TITLE = "Lettre de notification"
Outcome = DecisionLine.Outcome
_RANKS = (
    "première",
    "deuxième",
    "troisième",
    "quatrième",
    "cinquième",
    "sixième",
    "septième",
    "huitième",
    "neuvième",
    "dixième",
)
ScoreRow = dict[str, Any]


@dataclass(frozen=True)
class Round:
    """What all the letters of a decision share."""

    decision: Decision
    lines: Sequence[DecisionLine]
    jury_on: date | None
    grid: Grid | None
    places: Mapping[str, Place] = field(default_factory=dict)

    def place(self, line: DecisionLine) -> Place:
        """The ranking of a line and what it offers."""
        return self.places.get(line.ranking) or Place(line.ranking)

    def of(self, line: DecisionLine, outcome: str) -> list[DecisionLine]:
        """The lines of this outcome in the ranking of `line`: nothing of another ranking enters a letter."""
        return [other for other in self.lines if other.outcome == outcome and other.ranking == line.ranking]

    def last_score(self, line: DecisionLine, outcome: str) -> Decimal | None:
        """The lowest score of an outcome in the ranking of `line`; None when a file of it has none."""
        scores = [other.score for other in self.of(line, outcome)]
        return None if not scores or None in scores else min(score for score in scores if score is not None)

    def ranked(self, line: DecisionLine) -> int:
        """How many files were ranked against each other."""
        apart = [other for other in self.lines if other.ranking == line.ranking]
        return len(apart) - len(self.of(line, Outcome.INADMISSIBLE))


def request_notice(line: DecisionLine, told: Round, *, scores: list[ScoreRow], at: datetime) -> FrozenDocument:
    """Write the letter of a line, rendered after commit by a worker."""
    return request_document(
        kind=f"notice_{line.outcome}",
        number=f"NOT-{line.application.number}".upper(),
        title=TITLE,
        template=f"pdf/applications/notice_{line.outcome}.html",
        snapshot=notice_snapshot(line, told, scores=scores, at=at),
        at=at,
    )


def notice_snapshot(
    line: DecisionLine, told: Round, *, scores: list[ScoreRow], at: datetime, text: str | None = None
) -> dict[str, Any]:
    """Plain data, nothing else. `text`: one that is being written, instead of the one kept.

    Raises `Refused` when the institution's means of appeal are not known.
    """
    call, decision = told.decision.call, told.decision
    written = text_of(call, line.outcome)
    body = _BODIES[line.outcome](line, told, scores, at)
    snapshot = {
        "institution": letterhead(call.owner),
        "call": {"title": call.title, "edition": call.edition},
        "letter": {**letter_block(line, call, at), "copies": [name for name, _ in copies_of(written)]},
        "decision": {
            "act": f"{decision.act_kind} n° {decision.act_number} du {format_date(decision.act_on)}",
            "body": decision.body,
            "jury_on": told.jury_on.isoformat() if told.jury_on and line.outcome != Outcome.INADMISSIBLE else None,
        },
        "recourse": recourse_block(line, call),
        **conditions_told(line),
        **body,
    }
    text = written.body if text is None and written else text
    return {**snapshot, "text": letter_blocks(text, line, snapshot) if text else []}


def conditions_told(line: DecisionLine) -> dict[str, Any]:
    """The derogations granted, by whom and why; of a file that is not admissible, the rules that it does not keep."""
    deposit = latest_deposit(line.application)
    verdicts = [condition.verdict for condition in conditions_of(deposit)] if deposit else []
    unmet = [v.sentence for v in verdicts if v.blocks] if line.outcome == Outcome.INADMISSIBLE else []
    return {"derogations": [v.sentence for v in verdicts if v.outcome == "derogated"], "unmet": unmet}


def letter_block(line: DecisionLine, call: Call, at: datetime) -> dict[str, Any]:
    """References, address as on the envelope, formula and signature."""
    profile = call.owner.profile
    return {
        "handled_by": call.contact_service,
        "phone": call.contact_phone or profile.contact_phone,
        "email": call.contact_email,
        "application_number": line.application.number,
        "enclosures": [],
        "address_lines": [SALUTATION, *envelope_lines(line)],
        "place_and_date": f"{profile.city}, le {format_date(at)}",
        "salutation": SALUTATION,
        "signature_lines": profile.signatory_block.splitlines() or [profile.signatory_title],
        "signatory_name": "",
        "copies": [],
    }


def envelope_lines(line: DecisionLine) -> list[str]:
    """The last lines of an address are in capitals, without punctuation."""
    lead = line.application.lead
    if lead.commune is None:
        return [lead.name.upper(), *_capitals(lead.postal_address)]
    hall = f"mairie {place_of(lead.commune.name, lead.commune.article)}".upper()
    code = next(iter(lead.commune.postal_codes), "")
    return [hall, *(_capitals(lead.postal_address) or [f"{code} {lead.commune.name}".strip().upper()])]


def _capitals(address: str) -> list[str]:
    """« Mairie, 12, rue du Port, 76790 Étretat » → "12 RUE DU PORT", "76790 ÉTRETAT"; the town hall is named above."""
    parts = re.split(r"[,\n]", re.sub(r"(\d(?: bis| ter)?),\s*", r"\1 ", address))
    return [part.strip().upper() for part in parts if part.strip() and part.strip().lower() != "mairie"]


def recourse_block(line: DecisionLine, call: Call) -> dict[str, Any]:
    """Before whom, where and how the decision may be contested: without it no delay runs (CJA, R421-5)."""
    profile, commune = call.owner.profile, line.application.lead.commune
    court = (call.extras.get("decision") or {}).get("court") or {}
    name, address = court.get("name") or profile.court, court.get("address") or profile.court_address
    if not (name and address):
        raise Refused(
            "Indiquez le tribunal compétent et son adresse dans la fiche de l’organisme, puis préparez les lettres."
        )
    figure = latest_population(commune) if commune else None
    small = figure is not None and figure.value < COURT_THRESHOLD
    return {
        "authority_address": f"{profile.signatory_title}, {profile.short_name}, {profile.address_line}",
        "court": name,
        "court_address": address,
        "inhabitants_word": "moins de" if small else "au moins",
        "electronic": not small,
        "overseas": bool(commune and commune.department_id.startswith(("97", "98"))),
        "counsel_version": COUNSEL_VERSION,
    }


# --- one function per outcome -------------------------------------------------------------------------------------


def selected_body(line: DecisionLine, told: Round, scores: list[ScoreRow], at: datetime) -> dict[str, Any]:
    """What was selected, why, what is given, on what conditions."""
    return {
        "project_title": line.application.title or "sans intitulé",
        "co_applicants_text": co_applicants(line),
        "rank_sentence": rank_sentence(line, told),
        "reason": " ".join(line.reason.split()),
        "support": support_paragraphs(told.decision.call),
        "conditions": conditions(line, told, day_of(at)),
        "kickoff": kickoff(told.decision.call, at),
        "embargo_on": embargo_day(told.decision),
    }


def embargo_day(decision: Decision) -> str | None:
    return day_of(decision.embargo_until).isoformat() if decision.embargo_until else None


def co_applicants(line: DecisionLine) -> str:
    """« , avec les communes de Gommerville et des Trois-Pierres »; empty when the commune is alone."""
    communes = [member.organisation.commune for member in members_of(line.application)][1:]
    names = [place_of(commune.name, commune.article) for commune in communes if commune]
    if not names:
        return ""
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} et {names[-1]}"
    return f", avec {choose(len(names), 'la commune', 'les communes')} {listed}"


def rank_sentence(line: DecisionLine, told: Round) -> str:
    """« Elle est classée première sur dix, avec 91,30 points sur 100. »"""
    points = ""
    if line.score is not None and told.grid:
        points = f"{format_number(line.score, decimals=2)} points sur {told.grid.total}"
    ranked = told.ranked(line)
    if line.rank is None or ranked < 2:
        return f"Elle a obtenu {points}." if points else ""
    place = _RANKS[line.rank - 1] if line.rank <= len(_RANKS) else ordinal(line.rank, feminine=True)
    label = told.place(line).label
    apart = f" dans le classement «\u202f{label}\u202f»" if label else ""
    sentence = f"Elle est classée {place} sur {number_in_words(ranked)}{apart}"
    return f"{sentence}, avec {points}." if points else f"{sentence}."


def support_paragraphs(call: Call) -> list[str]:
    """What the call promises; in kind, it says that no money is paid."""
    support = call.extras.get("support") or {}
    paragraphs = [text for text in support.get("text", "").split("\n\n") if text]
    if support and MONEY_KINDS.isdisjoint(support["kinds"]) and "versement" not in support["text"].lower():
        paragraphs.append("Cet accompagnement en nature ne comporte aucun versement.")
    return paragraphs


def conditions(line: DecisionLine, told: Round, today: date) -> list[dict[str, Any]]:
    """Pieces promised and not yet there, then the agreement to be signed; a date that is past gives way to its date."""
    call, limit = told.decision.call, sign_by(told.decision)
    labels = dict(call.piece_types.values_list("code", "label"))
    found = [
        {
            "text": f"la pièce « {labels[promise.piece_code]} », annoncée lors du dépôt, est transmise",
            "due": (promise.due_on if promise.due_on > today else limit).isoformat(),
            "otherwise": "",
        }
        for promise in line.application.promises.filter(kept_at=None).order_by("due_on")
    ]
    if call.agreement_articles.exists():
        otherwise = "Passé ce délai, la place peut être proposée à la première commune de la liste complémentaire."
        found.append(
            {
                "text": "la convention d’accompagnement est signée par toutes les parties",
                "due": limit.isoformat(),
                "otherwise": otherwise if told.of(line, Outcome.RESERVE) else "",
            }
        )
    return found


def sign_by(decision: Decision) -> date:
    """The day of the calendar for signatures, else two months after the act."""
    return milestone_day(decision.call, "signature") or add_months(decision.act_on, SIGNATURE_MONTHS)


def kickoff(call: Call, at: datetime) -> str:
    day = milestone_day(call, "kickoff")
    return f"L’accompagnement commence le {format_date(day)}." if day and day > day_of(at) else ""


def reserve_body(line: DecisionLine, told: Round, scores: list[ScoreRow], at: datetime) -> dict[str, Any]:
    """Rank in the list, what it means, until when."""
    decision = told.decision
    waiting = sorted(told.of(line, Outcome.RESERVE), key=lambda other: other.rank or 0)
    months = (decision.call.extras.get("decision") or {}).get("reserve_months") or RESERVE_MONTHS
    return {
        "rank": waiting.index(line) + 1,
        "reserve_size": len(waiting),
        "reason": " ".join(line.reason.split()),
        "score": _text(line.score),
        "ranking": told.place(line).label,
        "threshold": _text(told.place(line).threshold),
        "last_selected_score": _text(told.last_score(line, Outcome.SELECTED)),
        "scale": str(told.grid.total if told.grid else 100),
        "answer_days": ANSWER_DAYS,
        "valid_until": add_months(decision.act_on, months).isoformat(),
        "confirm_by": (day_of(at) + timedelta(days=ANSWER_DAYS)).isoformat(),
        "sign_by": sign_by(decision).isoformat(),
        "offers": offers(decision.call),
    }


def not_selected_body(line: DecisionLine, told: Round, scores: list[ScoreRow], at: datetime) -> dict[str, Any]:
    """Reasons, where the total stands, what is offered, scores by criterion when they are known."""
    return {
        "reasons": line.reason.splitlines(),
        "standing": standing(line, told),
        "offers": offers(told.decision.call),
        "scores": scores if line.score is not None else [],
        "total": _text(line.score),
        "scale": str(told.grid.total if told.grid else 100),
    }


def inadmissible_body(line: DecisionLine, told: Round, scores: list[ScoreRow], at: datetime) -> dict[str, Any]:
    return {"reasons": line.reason.splitlines(), "offers": offers(told.decision.call)}


def standing(line: DecisionLine, told: Round) -> str:
    """Neighbours by rank only: the last selected, the last of the reserve list."""
    last, reserve = told.last_score(line, Outcome.SELECTED), told.last_score(line, Outcome.RESERVE)
    if line.score is None or last is None:
        return ""
    label = told.place(line).label
    apart = f" du classement «\u202f{label}\u202f»" if label else ""
    sentence = (
        f"Votre candidature a obtenu {format_number(line.score, decimals=2)} points ; la dernière retenue{apart} en a "
        "obtenu "
    )
    sentence += format_number(last, decimals=2)
    if reserve is not None:
        sentence += f", la dernière de la liste complémentaire {format_number(reserve, decimals=2)}"
    return f"{sentence}."


def offers(call: Call) -> list[str]:
    """What the service proposes to those who are not selected now."""
    meeting = (
        f"Le {call.contact_service} vous présentera volontiers l’analyse de votre dossier et les autres aides ouvertes"
    )
    return [f"{meeting} à votre projet. Votre dossier reste disponible et pourra servir à une prochaine édition."]


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


_BODIES: dict[str, Callable[[DecisionLine, Round, list[ScoreRow], datetime], dict[str, Any]]] = {
    Outcome.SELECTED: selected_body,
    Outcome.RESERVE: reserve_body,
    Outcome.NOT_SELECTED: not_selected_body,
    Outcome.INADMISSIBLE: inadmissible_body,
}
