"""A letter as staff have written it: the facts of its line under the names of the closed list of fields."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from calls.models import Call
from portal.core.richtext import Block, Paragraphs, Points, Value, blocks_of
from portal.core.typography import format_amount, format_date, format_number, ordinal, place_of
from portal.core.words import amount_in_words

from ..letter_texts import fields_for
from ..models import DecisionLine, LetterText


def text_of(call: Call, outcome: str) -> LetterText | None:
    """What staff have written for the letters of an outcome, if anything."""
    return call.letter_texts.filter(outcome=outcome).first()


def copies_of(text: LetterText | None) -> list[tuple[str, str]]:
    """[(« Monsieur le Préfet », address or "")], one by line."""
    lines = [line.strip() for line in (text.copies if text else "").splitlines() if line.strip()]
    return [(line.partition("<")[0].strip(), line.partition("<")[2].rstrip("> ").strip()) for line in lines]


def letter_blocks(body: str, line: DecisionLine, snapshot: Mapping[str, Any]) -> list[Block]:
    """The paragraphs of the letter, its fields filled from the very facts that the portal's own text prints."""
    values = letter_values(line, snapshot)
    return blocks_of(body, {name: values.get(name, "") for name in fields_for(line.outcome)})


def letter_values(line: DecisionLine, told: Mapping[str, Any]) -> dict[str, Value]:
    lead, decision = line.application.lead, line.decision
    commune, profile = lead.commune, decision.call.owner.profile
    return {
        "commune": commune.name if commune else lead.name,
        "de_la_commune": place_of(commune.name, commune.article) if commune else f"de {lead.name}",
        "projet": line.application.title or "sans intitulé",
        "candidature": line.application.number or "",
        "appel": decision.call.title,
        "edition": decision.call.edition,
        "organisateur": f"{profile.designation} {profile.short_name}",
        "service": decision.call.contact_service,
        "acte": told["decision"]["act"],
        "autorite": told["decision"]["body"],
        "jury": day(told["decision"]["jury_on"]),
        "date_lettre": told["letter"]["place_and_date"].partition(", le ")[2],
        "motif": " ".join(line.reason.split()),
        "points": format_number(line.score, decimals=2) if line.score is not None else "",
        "montant": format_amount(line.amount) if line.amount is not None else "",
        "montant_lettres": amount_in_words(line.amount) if line.amount is not None else "",
        "embargo": day(told.get("embargo_on")),
        **of_outcome(line, told),
    }


def of_outcome(line: DecisionLine, told: Mapping[str, Any]) -> dict[str, Value]:
    """What only the letters of one outcome know."""
    reasons = [*told.get("reasons", []), *(f"{sentence}." for sentence in told.get("unmet", []))]
    rank = told.get("rank_sentence", ordinal(told["rank"]) if told.get("rank") else "")
    return {
        "motifs": Points(tuple(reasons)),
        "rang": rank,
        "co_candidats": told.get("co_applicants_text", ""),
        "soutien": Paragraphs(tuple(told.get("support", []))),
        "conditions": Points(tuple(condition_words(entry) for entry in told.get("conditions", []))),
        "demarrage": told.get("kickoff", ""),
        "derogations": Paragraphs(tuple(f"{sentence}." for sentence in told.get("derogations", []))),
        "valable_jusqu_au": day(told.get("valid_until")),
        "repondre_avant": day(told.get("confirm_by")),
        "situation": told.get("standing", ""),
        "propositions": Paragraphs(tuple(told.get("offers", []))),
    }


def condition_words(entry: Mapping[str, Any]) -> str:
    text = f"{entry['text']}, avant le {day(entry['due'])}"
    return f"{text}. {entry['otherwise']}" if entry["otherwise"] else text


def day(value: str | None) -> str:
    """« 27 mai 2027 » for an ISO day; empty for none."""
    return format_date(date.fromisoformat(value)) if value else ""
