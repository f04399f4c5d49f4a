"""Advice, in French, on a call that is right but may go wrong: dates, populations, grid, forgotten texts."""

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

from calls.definition.consistency_form import all_conditions
from calls.definition.moments import is_doubled
from calls.definition.predicates import PopulationTest, leaves
from calls.definition.schema import CallDocument
from calls.definition.tree import Path, Problem
from calls.definition.values import Part
from portal.core.calendar import PARIS, council_cycle_end, end_of_day, holiday_name, next_working_day
from portal.core.typography import MONTHS, WEEKDAYS, format_date, format_quantity

Advice = Iterator[Problem]
SHORTEST_WINDOW = 42


def lint(document: CallDocument) -> list[Problem]:
    """All advice, each with the path that it bears on."""
    return [advice for rule in RULES for advice in rule(document)]


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


_DATED = re.compile(
    rf"\b({'|'.join(WEEKDAYS)})[ \u00a0\u202f]+(1er|[0-9]{{1,2}})[ \u00a0\u202f]+({'|'.join(MONTHS)})"
    rf"(?:[ \u00a0\u202f]+([0-9]{{4}}))?",
    re.IGNORECASE,
)


def _weekdays(document: CallDocument) -> Advice:
    years = sorted({document.opens_at.year, document.closes_at.year, *(m.when.day.year for m in document.calendar)})
    for path, text in texts(document):
        for match in _DATED.finditer(text):
            weekday, number, month, year = match.groups()
            day = int(number.removesuffix("er"))
            real = [_weekday(int(y), MONTHS.index(month.lower()) + 1, day) for y in ([year] if year else years)]
            if weekday.lower() not in real:
                found = " ou ".join(dict.fromkeys(name for name in real if name)) or "un jour qui n’existe pas"
                yield Problem(f"« {match[0]} » : ce jour est {_article(found)}.", path)


def _weekday(year: int, month: int, day: int) -> str:
    try:
        return WEEKDAYS[date(year, month, day).weekday()]
    except ValueError:
        return ""


def _article(weekday: str) -> str:
    return weekday if weekday.startswith("un ") else f"un {weekday}"


# --- populations -------------------------------------------------------------------------------------------------


def _thresholds(document: CallDocument) -> Advice:
    for path, test in _population_tests(document):
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


def _population_tests(document: CallDocument) -> Iterator[tuple[Path, PopulationTest]]:
    for rank, rule in enumerate(document.eligibility):
        if isinstance(rule, PopulationTest):
            yield ("eligibility", rank), rule
    for path, condition in all_conditions(document):
        yield from ((place, leaf) for place, leaf in leaves(condition, path) if isinstance(leaf, PopulationTest))


# --- grid --------------------------------------------------------------------------------------------------------


def _criteria(document: CallDocument) -> Advice:
    shown = {s.code for s in document.sections if any(question.visible_to_jury for question in s.questions)}
    for rank, criterion in enumerate(document.grid.criteria):
        if not criterion.informational and not shown.intersection(criterion.sections):
            yield Problem(
                "aucune question n’éclaire ce critère : nommez par « sections » celles que le jury lira, "
                "ou posez-en une.",
                ("grid", "criteria", rank),
            )


def _weights(document: CallDocument) -> Advice:
    grid = document.grid
    if grid.mode != "numeric":
        return
    if grid.weights != grid.total:
        yield Problem(
            f"les points des critères font {grid.weights}, et non {grid.total} : revoyez-les.", ("grid", "criteria")
        )
    if grid.threshold is not None and grid.threshold > grid.best:
        yield Problem(
            f"aucune candidature ne peut atteindre ce seuil : le meilleur total possible est {grid.best}.",
            ("grid", "threshold"),
        )
    if document.jury and document.jury.hearing and (document.jury.hearing.threshold or 0) > grid.best:
        yield Problem(
            f"aucune candidature ne peut être entendue : le meilleur total possible est {grid.best}.",
            ("jury", "hearing", "threshold"),
        )


# --- forgotten texts ---------------------------------------------------------------------------------------------

_PLACEHOLDERS = re.compile(
    r"lorem ipsum|\btodo\b|\bfixme\b|\btbd\b|\bxx+\b|\?\?+|\[[^\]]*\]|\((?:ajouter|insérer|à compléter|à préciser|lien)"
    r"[^)]*\)|\bà compléter\b|\bà préciser ultérieurement\b|descriptive text here|…{2,}|_{3,}",
    re.IGNORECASE,
)


def _placeholders(document: CallDocument) -> Advice:
    for path, text in texts(document):
        if match := _PLACEHOLDERS.search(text):
            yield Problem(f"« {match[0]} » semble un texte d’attente : remplacez-le ou retirez-le.", path)


def texts(document: CallDocument) -> Iterator[tuple[Path, str]]:
    """Every text that somebody reads, with its path."""
    yield from _texts(document, ())


_SILENT = frozenset(
    {"code", "kind", "question", "equals", "one_of", "includes", "slug", "mail", "siren", "url", "file"}
)


def _texts(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Part):
        for name in type(value).model_fields:
            if name not in _SILENT:
                yield from _texts(getattr(value, name), (*path, name))
    elif isinstance(value, tuple):
        for rank, item in enumerate(value):
            yield from _texts(item, (*path, rank))


RULES: tuple[Callable[[CallDocument], Advice], ...] = (
    _windows,
    _deadlines,
    _order,
    _weekdays,
    _thresholds,
    _criteria,
    _weights,
    _placeholders,
)
