"""Advice, in French, on a call that is right but may go wrong. Here dates, stages and populations."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import TypeVar

from calls.definition.consistency_form import all_conditions
from calls.definition.lint_reminders import reminders
from calls.definition.lint_rules import groups, personal, sentences
from calls.definition.lint_selection import criteria, rankings, strata, thresholds, weights
from calls.definition.lint_texts import durations, models, placeholders, rates, texts, weekdays
from calls.definition.moments import is_doubled
from calls.definition.predicates import AnswerTest, PopulationTest, leaves
from calls.definition.schema import CallDocument
from calls.definition.tree import Path, Problem
from portal.core.calendar import PARIS, council_cycle_end, end_of_day, holiday_name, next_working_day
from portal.core.typography import format_date, format_quantity

Advice = Iterator[Problem]
Test = TypeVar("Test", AnswerTest, PopulationTest)
SHORTEST_WINDOW = 42


def lint(document: CallDocument) -> list[Problem]:
    """All advice, each with the path that it bears on."""
    said = tuple(texts(document))
    return [advice for rule in RULES for advice in (rule(document, said) if rule in OF_TEXTS else rule(document))]


# --- dates -------------------------------------------------------------------------------------------------------


def _windows(document: CallDocument) -> Advice:
    for rank, window in enumerate(document.windows):
        path: Path = ("windows", rank, "closes_at")
        if window.days < SHORTEST_WINDOW:
            yield Problem(
                f"la commune n’a que {format_quantity(window.days, 'jour')} pour répondre : "
                "six semaines au moins lui laissent le temps d’écrire et de faire signer.",
                path,
            )
        elif council_cycle_end(window.opens_at.date()) > _resolution_limit(document, window.closes_at.date()):
            yield Problem(
                "un conseil municipal peut ne pas se réunir avant la clôture (il se réunit une fois par trimestre) : "
                "permettez de promettre la délibération par « promised_until ».",
                path,
            )
        if window.closes_at.astimezone(PARIS).strftime("%H:%M:%S") == "00:00:00":
            yield Problem(
                "la clôture tombe à minuit juste : la veille à 23:59:59 dit la même chose sans erreur de jour.", path
            )


def _resolution_limit(document: CallDocument, closing: date) -> date:
    """Until when a resolution may come: the closing, or later when it may be promised; never asked, no limit."""
    asked = [p for p in document.pieces if "délibération" in p.label.lower() and p.need != "optional"]
    return min((piece.promised_until or closing for piece in asked), default=date.max)


def _deadlines(document: CallDocument) -> Advice:
    for path, at, word in _limits(document):
        day = at.astimezone(PARIS).date()
        name = holiday_name(day)
        if day.weekday() == 6 or name:
            what = f"un jour férié ({name})" if name else "un dimanche"
            after = format_date(next_working_day(day), weekday=True)
            yield Problem(
                f"{word} tombe {what} : personne ne répond au téléphone ce jour-là ; proposez le {after}.", path
            )
        if day.month == 8:
            yield Problem(f"{word} tombe en août : mairies et conseils sont en congés ; proposez septembre.", path)
        if is_doubled(at):
            yield Problem(
                f"{word} tombe à une heure qui a lieu deux fois cette nuit-là (passage à l’heure d’hiver) : "
                "choisissez une autre heure.",
                path,
            )


def _limits(document: CallDocument) -> Iterator[tuple[Path, datetime, str]]:
    for rank, window in enumerate(document.windows):
        yield ("windows", rank, "closes_at"), window.closes_at, "la clôture"
    for rank, milestone in enumerate(document.calendar):
        if milestone.code in {"questions_until", "completion_until"}:
            yield ("calendar", rank, "when"), milestone.when.ends_at, f"« {milestone.title} »"
    for rank, piece in enumerate(document.pieces):
        if piece.promised_until:
            yield ("pieces", rank, "promised_until"), end_of_day(piece.promised_until), f"la limite de « {piece.code} »"


_BEFORE = {"publication": "opens_at", "questions_until": "closes_at", "webinar": "closes_at"}
_AFTER = ("opinions", "hearings", "jury", "decision", "notification", "signature", "kickoff", "midterm", "end")


def _order(document: CallDocument) -> Advice:
    """Before the limits what must come before; after the closing, stage after stage."""
    previous = ("la clôture", document.closes_at)
    by_code = {milestone.code: (rank, milestone) for rank, milestone in enumerate(document.calendar)}
    for code, limit in _BEFORE.items():
        if code in by_code and by_code[code][1].when.at.timestamp() > getattr(document, limit).timestamp():
            word = "l’ouverture" if limit == "opens_at" else "la clôture"
            yield Problem(f"« {by_code[code][1].title} » vient après {word}.", ("calendar", by_code[code][0], "when"))
    for code in _AFTER:
        if code not in by_code:
            continue
        rank, milestone = by_code[code]
        if milestone.when.ends_at.timestamp() < previous[1].timestamp():
            yield Problem(f"« {milestone.title} » vient avant {previous[0]}.", ("calendar", rank, "when"))
        previous = (f"« {milestone.title} »", milestone.when.at)


# --- stages ------------------------------------------------------------------------------------------------------

_ASKED = {"both": {"intent", "file"}, "intent": {"intent"}, "file": {"file"}}


def _stages(document: CallDocument) -> Advice:
    """In a call of two stages, a condition bears on what is asked at its own stage."""
    if all(window.stage == "file" for window in document.windows):
        yield from _never_asked(document)
        return
    asked = {question.code: _ASKED[section.stage] for section in document.sections for question in section.questions}
    for path, code in _questions(document):
        missing = _ASKED[_stage_of(document, path)] - asked.get(code, set())
        if missing:
            here, there = "au dossier", "à la lettre d’intention"
            if "intent" in missing:
                here, there = there, here
            yield Problem(
                f"« {code} » n’est demandé qu’{there}, et sert ici {here} : donnez « stage: both » à sa section.",
                path,
            )


def _questions(document: CallDocument) -> Iterator[tuple[Path, str]]:
    """Every question that a condition or a rule reads, with the path of who reads it."""
    yield from ((path, test.question) for path, test in _tests(document, AnswerTest))
    for rank, rule in enumerate(document.eligibility):
        code = None if isinstance(rule, AnswerTest) else getattr(rule, "question", None)
        if code is not None:
            yield ("eligibility", rank), code


def _never_asked(document: CallDocument) -> Advice:
    for name in ("sections", "pieces"):
        for rank, part in enumerate(getattr(document, name)):
            if part.stage == "intent":
                yield Problem(
                    "aucune période ne reçoit de lettre d’intention : retirez « stage: intent », "
                    "ou ajoutez la période.",
                    (name, rank, "stage"),
                )


def _stage_of(document: CallDocument, path: Path) -> str:
    """When the part where a condition stands is read."""
    if path[0] in ("sections", "pieces", "windows"):
        return str(getattr(document, str(path[0]))[path[1]].stage)
    return "file"


# --- populations -------------------------------------------------------------------------------------------------


def _populations(document: CallDocument) -> Advice:
    for path, test in _tests(document, PopulationTest):
        missing = [
            word
            for word, value in (("sa nature (population_kind)", test.population_kind), ("son année (year)", test.year))
            if value is None
        ]
        if missing:
            yield Problem(
                f"ce seuil de population ne dit pas {' ni '.join(missing)} : des communes passent d’un côté à l’autre "
                "selon le chiffre choisi.",
                path,
            )


def _tests(document: CallDocument, sort: type[Test]) -> Iterator[tuple[Path, Test]]:
    """Every test of this sort, in rules and in conditions, with its path."""
    for rank, rule in enumerate(document.eligibility):
        if isinstance(rule, sort):
            yield ("eligibility", rank), rule
    for path, condition in all_conditions(document):
        yield from ((place, leaf) for place, leaf in leaves(condition, path) if isinstance(leaf, sort))


OF_TEXTS = frozenset({weekdays, durations, placeholders, rates})
RULES: tuple[Callable[..., Advice], ...] = (
    _windows,
    _deadlines,
    _order,
    reminders,
    weekdays,
    _stages,
    _populations,
    sentences,
    personal,
    groups,
    criteria,
    weights,
    thresholds,
    rankings,
    strata,
    durations,
    rates,
    models,
    placeholders,
)
