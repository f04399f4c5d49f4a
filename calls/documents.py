"""The published rules and the list of all questions, as frozen documents."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from portal.accounts.letterhead import letterhead
from portal.core.documents import request_document
from portal.core.models import FrozenDocument
from portal.core.typography import format_date, format_plain, format_quantity

from .condition_words import say
from .definition.deliberation import college_sentence, share_sentence
from .definition.dump import dump
from .definition.schema import CallDocument
from .definition.selection import Criterion, Grid, Jury, Ranking, group_heads, tie_sentence
from .documents_territory import territory_block
from .grants import TAXES, euros, grant_sentence
from .models import Call, CallRevision, Question

PUBLISHED = "Ces questions sont celles du formulaire en ligne, dans le même ordre."
UNPUBLISHED = (
    "Projet : l’appel n’est pas publié, et ces questions peuvent encore changer. Elles suivent l’ordre du formulaire."
)
NEEDS = {"required": "demandée", "conditional": "selon les cas", "optional": "facultative"}
RECUSAL = (
    "Un membre lié à une candidature se déporte : il ne la lit pas, ne la note pas, ne la vote pas et n’est pas compté."
)
# What follows an even vote, beyond the casting vote.
EFFECTS = {"blocking": "condition", "justify": "à justifier", "warning": "priorité", "informative": "information"}


def rules_number(call: Call) -> str:
    return f"REG-{call.code_prefix}-{call.edition}"


def questions_number(call: Call) -> str:
    return f"QUE-{call.code_prefix}-{call.edition}"


def request_rules(call: Call, revision: CallRevision, at: datetime) -> FrozenDocument:
    """The règlement of a revision."""
    document = dump(call)
    return request_document(
        kind="rules",
        number=rules_number(call),
        title=f"Règlement de l’appel « {call.title} »",
        template="pdf/calls/rules.html",
        snapshot={
            "institution": letterhead(call.owner),
            **rules_snapshot(document, revision),
            "territory": territory_block(call),
        },
        at=at,
    )


def rules_snapshot(document: CallDocument, revision: CallRevision) -> dict[str, Any]:
    """The contract of `pdf/calls/rules.html`."""
    return {
        "call": {
            **call_block(document),
            "version": f"Version {revision.n} du {format_date(revision.made_at)}",
            "approved_by": "",
        },
        "texts": [{"title": "Objectif", "paragraphs": document.goal.split("\n\n")}]
        + [{"title": text.title, "paragraphs": text.text.split("\n\n")} for text in document.texts]
        + [{"title": "Ce que reçoivent les communes retenues", "paragraphs": support_paragraphs(document)}],
        "calendar": [{"label": entry.title, "when": entry.when.french} for entry in document.timeline()],
        "eligibility_intro": document.applicants.text or f"Périmètre : {document.perimeter.label}.",
        "eligibility": [
            {"code": r.code, "label": r.label, "sentence": r.sentence, "effect": EFFECTS[r.effect]}
            for r in document.eligibility
        ],
        "pieces": [
            {
                "label": piece.label,
                "status": piece_status(piece),
                "formats": ", ".join(kind.upper() for kind in piece.accepted),
                "hint": piece.hint or "",
            }
            for piece in document.pieces
        ],
        "undertakings": [undertaking.label for undertaking in document.undertakings],
        "criteria": criteria_blocks(document.grid),
        "grid_notes": grid_notes(document),
        "levels": [level.label for level in document.grid.levels],
        "scale": grid_scale(document),
        "jury": jury_block(document),
        "contact": contact_block(document),
        "data_notice": document.data_notice.text,
    }


def support_paragraphs(document: CallDocument) -> list[str]:
    """What is offered, the rule of each grant, and the sums that are no part of the call's own money."""
    paragraphs = document.support.text.split("\n\n")
    money = document.money
    if money is None:
        return paragraphs
    if money.total is not None:
        paragraphs.append(f"Enveloppe de l’appel : {euros(money.total)} {TAXES[money.tax]}.")
    paragraphs += [" ".join([grant_sentence(grant), *filter(None, [grant.text])]) for grant in money.grants]
    return paragraphs + [
        " ".join([f"Hors de l’enveloppe : {sum_.label}, {euros(sum_.amount)}.", *filter(None, [sum_.text])])
        for sum_ in money.outside
    ]


def call_block(document: CallDocument) -> dict[str, Any]:
    return {
        "title": document.title,
        "edition": document.edition,
        "code_prefix": document.code_prefix,
        "summary": document.summary,
        "closes_at": document.closes_at.isoformat(),
    }


def piece_status(piece: Any) -> str:
    promised = f" ; peut être promise jusqu’au {format_date(piece.promised_until)}" if piece.promised_until else ""
    return NEEDS[piece.need] + promised


def grid_scale(document: CallDocument) -> int | None:
    """The total of the points, where it is the same for every file."""
    grid = document.grid
    return grid.total if grid.mode == "numeric" and is_whole(grid) else None


def grid_notes(document: CallDocument) -> list[str]:
    """What the grid adds to its criteria: bonus, threshold, number of laureates, ties."""
    grid = document.grid
    notes = [
        f"{bonus.label} : {bonus.points} points de plus, dans la limite de {grid.total}." for bonus in grid.bonuses
    ]
    if grid.threshold is not None:
        notes.append(f"Il faut {format_plain(grid.threshold)} points pour être retenu.")
    if grid.max_selected:
        reserve = f", {grid.reserve_size} en liste complémentaire" if grid.reserve_size else ""
        notes.append(f"{grid.max_selected} lauréates au plus{reserve}.")
    notes += [f"{one.label} ({say(one.condition, document)}) : {ranking_words(grid, one)}." for one in grid.rankings]
    if not is_whole(grid) and grid.mode == "numeric":
        notes.append(
            f"Un critère conditionnel ne note que les dossiers concernés ; le total de chaque dossier est ramené sur "
            f"{grid.total}, sur les points applicables."
        )
    if grid.tie_break:
        labels = {c.code: f"« {c.label} »" for c in grid.criteria}
        notes.append(f"À égalité, départage : {', puis '.join(labels[code] for code in grid.tie_break)}, puis le jury.")
    return notes


def criteria_blocks(grid: Grid) -> list[dict[str, Any]]:
    """The criteria, each with the one that it details; the first of a group gives the points of all."""
    heads = group_heads(grid.criteria)
    return [
        {
            **criterion_block(criterion),
            "group": criterion.part_of or "",
            "group_points": heads.get(criterion.code) or None,
        }
        for criterion in grid.criteria
    ]


def criterion_block(criterion: Criterion) -> dict[str, Any]:
    asides = ["pour information, hors total"] if criterion.informational else []
    asides += ["selon les dossiers"] if criterion.condition else []
    return {
        "code": criterion.code,
        "label": f"{criterion.label} ({', '.join(asides)})" if asides else criterion.label,
        "description": criterion.description or "",
        "points": None if criterion.informational else criterion.points,
        "knockout": int(criterion.knockout) if criterion.knockout is not None else None,
    }


def is_whole(grid: Grid) -> bool:
    """Whether the points of all criteria make the total: none depends on the file."""
    return not any(criterion.condition and not criterion.informational for criterion in grid.criteria)


def ranking_words(grid: Grid, ranking: Ranking) -> str:
    """« classement à part, 2 lauréates au plus, 1 en liste complémentaire, seuil de 50 points »."""
    return ", ".join(filter(None, ["classement à part", places_words(grid, ranking)]))


def places_words(grid: Grid, ranking: Ranking | None) -> str:
    """« 2 lauréates au plus, 1 en liste complémentaire, seuil de 50 points »; None: the ranking of all the others."""
    own = (ranking.max_selected, ranking.reserve_size, ranking.threshold) if ranking else (None, None, None)
    most = grid.max_selected if own[0] is None else own[0]
    reserve = grid.reserve_size if own[1] is None else own[1]
    least = grid.threshold if own[2] is None else own[2]
    parts = [f"{format_quantity(most, 'lauréate')} au plus"] if most is not None else []
    parts += [f"{reserve} en liste complémentaire"] if reserve else []
    parts += [f"seuil de {format_plain(least)} points"] if least is not None and grid.mode == "numeric" else []
    return ", ".join(parts)


def jury_block(document: CallDocument) -> dict[str, Any]:
    jury = document.jury
    if jury is None:
        authority = f"L’appel n’a pas de jury ; la décision appartient à : {document.decision.authority}."
        return {"paragraphs": [authority], "seats": []}
    return {
        "paragraphs": [
            f"Le jury rend un avis ; la décision appartient à : {document.decision.authority}.",
            " ".join(quorum_sentences(jury)),
            RECUSAL,
        ],
        "seats": [
            {"label": s.label, "college": s.college, "voice": "délibérative" if s.voting else "consultative"}
            for s in jury.seats
        ],
    }


def quorum_sentences(jury: Jury) -> list[str]:
    """When the jury may deliberate, and what follows an even vote."""
    sentences = [f"Il délibère valablement si {jury.quorum} membres à voix délibérative sont présents."]
    if jury.quorum_share:
        sentences.append(f"Il y faut aussi {share_sentence(jury.quorum_share, strict=jury.quorum_strict)}.")
    if jury.quorum_colleges:
        sentences.append(f"Il y faut {' et '.join(map(college_sentence, jury.quorum_colleges))}.")
    if jury.required_seats:
        labels = [f"« {seat.label} »" for seat in jury.seats if seat.code in jury.required_seats]
        sentences.append(f"La présence de {' et de '.join(labels)} est nécessaire.")
    if jury.proxies:
        counted = "compte" if jury.proxies_in_quorum else "ne compte pas"
        most = format_quantity(jury.proxies, "pouvoir")
        sentences.append(f"Un membre porte {most} au plus ; un pouvoir {counted} dans le quorum.")
    if jury.ballot == "none":
        return [*sentences, "Il rend un avis sans voter."]
    steps = jury.tie_steps
    if steps == ("casting_vote",):
        return [*sentences, "La voix de la présidence est prépondérante."]
    return [*sentences, tie_sentence(steps)] if steps else sentences


def contact_block(document: CallDocument) -> dict[str, str]:
    contact = document.contact
    return {
        "service": contact.service,
        "address": contact.address or "",
        "phone": contact.phone,
        "hours": contact.hours,
        "email": contact.mail,
    }


def request_questions(call: Call, at: datetime) -> FrozenDocument:
    """All the questions on paper, to prepare a council meeting."""
    return request_document(
        kind="questions",
        number=questions_number(call),
        title=f"Toutes les questions de l’appel « {call.title} »",
        template="pdf/calls/questions.html",
        snapshot={"institution": letterhead(call.owner), **questions_snapshot(dump(call))},
        at=at,
    )


def blank_form_number(call: Call) -> str:
    return f"PRQ-{call.code_prefix}-{call.edition}"


def last_blank_form(call: Call) -> FrozenDocument | None:
    """The form of a call in preparation, as it was last asked for; its bytes may still be on their way."""
    rows = FrozenDocument.objects.filter(number=blank_form_number(call))
    return rows.select_related("file").order_by("-version").first()


def request_blank_form(call: Call, at: datetime) -> FrozenDocument:
    """The same questions on paper before the publication; the same form asked twice gives one document."""
    snapshot = {"institution": letterhead(call.owner), **questions_snapshot(dump(call), UNPUBLISHED)}
    last = last_blank_form(call)
    if last and same_snapshot(last.snapshot, snapshot):
        return last
    return request_document(
        kind="questions",
        number=blank_form_number(call),
        title=f"Projet de formulaire de l’appel « {call.title} »",
        template="pdf/calls/questions.html",
        snapshot=snapshot,
        at=at,
    )


def same_snapshot(kept: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    """Whether a frozen snapshot says this, its number and its date apart."""
    said = json.loads(json.dumps(wanted, cls=DjangoJSONEncoder))
    return all(kept.get(key) == value for key, value in said.items())


def questions_snapshot(document: CallDocument, intro: str = PUBLISHED) -> dict[str, Any]:
    """The contract of `pdf/calls/questions.html`."""
    return {
        "call": call_block(document),
        "intro": intro,
        "sections": [
            {
                "number": n,
                "title": section.title,
                "intro": " ".join(filter(None, (section.lead, asked_when(section, document)))),
                "questions": [question_block(question, document) for question in section.questions],
            }
            for n, section in enumerate(document.sections, 1)
        ],
        "pieces": [{"label": piece.label, "status": piece_status(piece)} for piece in document.pieces],
        "undertakings": [undertaking.label for undertaking in document.undertakings],
    }


def asked_when(section: Any, document: CallDocument) -> str:
    """At which stage a section is asked, and on what it hangs; empty for a section asked of all, once."""
    first = "à la lettre d’intention"
    stages = {"intent": first, "both": f"{first} et au dossier", "file": "au dossier"}
    two = any(window.stage == "intent" for window in document.windows)
    parts = [stages[section.stage] if two else "", asked_if(section.condition, document)]
    said = ", ".join(part for part in parts if part)
    return f"Section demandée {said}." if said else ""


def asked_if(condition: Any, document: CallDocument) -> str:
    """« si la réponse à « … » est « Oui » »; empty without condition."""
    said = say(condition, document)
    return f"si {said}" if said else ""


def limit_words(question: Any) -> str:
    """The bounds of an answer: length, rows of a table, day until which it may wait."""
    parts = [f"{question.max_length} caractères au plus"] if question.max_length else []
    if question.kind == "table":
        parts.append(f"de {question.min_rows} à {question.max_rows} lignes")
    if question.kind == "operations":
        parts.append(f"de {question.min_rows} à {question.max_rows} opérations")
    if question.optional_until:
        parts.append(f"facultatif jusqu’au {format_date(question.optional_until)}")
    return " ; ".join(parts)


def question_block(question: Any, document: CallDocument) -> dict[str, Any]:
    """A question on paper: what to write, among what, in which columns, and when it is asked."""
    return {
        "label": question.label,
        "kind": Question.Kind(question.kind).label,
        "required": question.required,
        "hint": question.hint or piece_shown(question, document),
        "limit": limit_words(question),
        "options": [option.label for option in question.options],
        "columns": [column.label + (f" ({column.unit})" if column.unit else "") for column in question.columns],
        "rows": [""] * (question.min_rows or 3),
        "condition": asked_if(question.condition, document),
    }


def piece_shown(question: Any, document: CallDocument) -> str:
    """The piece that a question of kind « fichier » shows."""
    return next((f"Pièce : {piece.label}." for piece in document.pieces if piece.code == question.piece), "")
