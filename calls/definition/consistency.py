"""Errors that only the whole call shows: codes used twice, references to nothing, rules that contradict each other."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from calls.definition import follow_up
from calls.definition.consistency_form import (
    Findings,
    condition_findings,
    piece_findings,
    question_findings,
    questions,
    unknown,
)
from calls.definition.consistency_jury import jury_findings
from calls.definition.consistency_money import money_findings
from calls.definition.consistency_places import place_findings
from calls.definition.consistency_rules import rules_findings
from calls.definition.lint_reminders import reminder_findings
from calls.definition.schema import CallDocument
from calls.definition.timetable import MILESTONES
from calls.definition.tree import Path, Problem


def inconsistencies(document: CallDocument) -> list[Problem]:
    """All of them, each with the path where it stands."""
    return [problem for check in CHECKS for problem in check(document)]


# --- codes -------------------------------------------------------------------------------------------------------


def _codes(document: CallDocument) -> Findings:
    lists: dict[str, Sequence[Any]] = {name: getattr(document, name) for name in _CODED}
    for name, items in lists.items():
        yield from _twice(items, (name,))
    yield from _twice(document.grid.criteria, ("grid", "criteria"))
    yield from _twice(document.grid.bonuses, ("grid", "bonuses"))
    yield from _twice(document.grid.rankings, ("grid", "rankings"))
    yield from _twice(document.grid.levels, ("grid", "levels"))
    yield from _twice(document.support.themes, ("support", "themes"))
    yield from _twice(document.examination.checklist, ("examination", "checklist"))
    yield from _twice(document.examination.fields, ("examination", "fields"))
    if document.money:
        yield from _twice(document.money.grants, ("money", "grants"))
        yield from _twice(document.money.outside, ("money", "outside"))
    if document.jury:
        yield from _twice(document.jury.seats, ("jury", "seats"))
    if document.agreement:
        yield from _twice(document.agreement.articles, ("agreement", "articles"))
        yield from _twice(document.agreement.expertise, ("agreement", "expertise"))
    seen: set[str] = set()
    for path, question in questions(document):
        if question.code in seen:
            yield _double(question.code, (*path, "code"))
        seen.add(question.code)
        yield from _twice(question.options, (*path, "options"))
        yield from _twice(question.columns, (*path, "columns"))


_CODED = (
    "texts", "frame", "objectives", "axes", "partners", "documents", "calendar", "windows", "tracks", "strata",
    "eligibility", "sections", "pieces", "undertakings", "outcomes", "reasons", "phases", "indicators", "reminders",
)  # fmt: skip


def _twice(items: Sequence[Any], path: Path) -> Findings:
    counts: Counter[str] = Counter()
    for rank, item in enumerate(items):
        counts[item.code] += 1
        if counts[item.code] == 2:
            yield _double(item.code, (*path, rank, "code"))


def _double(code: str, path: Path) -> Problem:
    return Problem(f"le code « {code} » est déjà pris : donnez un code différent à chacun.", path)


# --- time, place -------------------------------------------------------------------------------------------------


def _windows(document: CallDocument) -> Findings:
    tracks = {track.code for track in document.tracks}
    for rank, window in enumerate(document.windows):
        if window.closes_at.timestamp() <= window.opens_at.timestamp():
            yield Problem("la clôture doit venir après l’ouverture.", ("windows", rank, "closes_at"))
        if window.track and window.track not in tracks:
            yield unknown("aucun volet", window.track, tracks, ("windows", rank, "track"))
    for rank, milestone in enumerate(document.calendar):
        if milestone.code not in MILESTONES and not milestone.label:
            yield Problem(
                f"« {milestone.code} » n’est pas une étape connue : donnez-lui un nom par « label: … ».",
                ("calendar", rank),
            )


def _perimeter(document: CallDocument) -> Findings:
    yield from place_findings(document.perimeter, ("perimeter",))
    for rank, stratum in enumerate(document.strata):
        if stratum.perimeter:
            yield from place_findings(stratum.perimeter, ("strata", rank, "perimeter"))


def _strata(document: CallDocument) -> Findings:
    for rank, stratum in enumerate(document.strata):
        if stratum.upper is not None and stratum.upper <= stratum.lower:
            yield Problem("la borne haute doit dépasser la borne basse.", ("strata", rank, "upper"))
        for other in document.strata[:rank]:
            if _overlap(stratum, other):
                yield Problem(
                    f"« {stratum.code} » et « {other.code} » se recouvrent : la borne haute n’est pas comprise.",
                    ("strata", rank),
                )


def _overlap(one: Any, other: Any) -> bool:
    if not one.kind == other.kind == "population":
        return False
    first, second = sorted((one, other), key=lambda stratum: stratum.lower)
    return first.upper is None or first.upper > second.lower


# --- selection ---------------------------------------------------------------------------------------------------


def _begun_before(criteria: Sequence[Any], rank: int) -> bool:
    """Whether a sub-criterion comes back to a group that another criterion closed."""
    name = criteria[rank].part_of
    if name is None or rank == 0 or criteria[rank - 1].part_of == name:
        return False
    return any(criterion.part_of == name for criterion in criteria[: rank - 1])


def _grid(document: CallDocument) -> Findings:
    grid = document.grid
    sections = {section.code for section in document.sections}
    if grid.mode != "none" and not grid.criteria:
        yield Problem("cette grille n’a pas de critère : ajoutez « criteria: », ou écrivez « mode: none ».", ("grid",))
    if grid.mode == "none" and grid.criteria:
        yield Problem("un appel sans grille n’a pas de critère : retirez-les.", ("grid", "criteria"))
    if grid.mode == "qualitative" and len(grid.levels) < 2:
        yield Problem("une grille par niveaux en a au moins deux : ajoutez « levels: ».", ("grid",))
    for rank, criterion in enumerate(grid.criteria):
        path: Path = ("grid", "criteria", rank)
        if grid.mode == "numeric" and criterion.points is None and not criterion.informational:
            yield Problem("un critère chiffré a des points : écrivez par exemple « points: 25 ».", path)
        if _begun_before(grid.criteria, rank):
            yield Problem(
                f"les sous-critères de « {criterion.part_of} » ne se suivent pas : rapprochez-les.", (*path, "part_of")
            )
        if criterion.points is not None and (criterion.knockout or 0) > criterion.points:
            yield Problem("le minimum dépasse les points du critère.", (*path, "knockout"))
        for place, code in enumerate(criterion.sections):
            if code not in sections:
                yield unknown("aucune section", code, sections, (*path, "sections", place))
        if criterion.informational and (criterion.points is not None or criterion.knockout is not None):
            yield Problem("un critère pour information n’a ni points ni minimum : retirez-les.", path)
        yield from _descriptors(grid, criterion, path)
    codes = {criterion.code for criterion in grid.criteria}
    for rank, code in enumerate(grid.tie_break):
        if code not in codes:
            yield unknown("aucun critère", code, codes, ("grid", "tie_break", rank))
    for value in grid.scale_labels:
        if not 0 <= value <= grid.scale_max:
            yield Problem(
                f"{value} est hors de l’échelle, de 0 à {grid.scale_max}.", ("grid", "scale_labels", str(value))
            )


def _descriptors(grid: Any, criterion: Any, path: Path) -> Findings:
    """They name notes of the scale, or levels of the grid."""
    levels = {level.code for level in grid.levels}
    known = levels if grid.mode == "qualitative" else {str(note) for note in range(grid.scale_max + 1)}
    for key in criterion.descriptors:
        if key not in known:
            yield Problem(
                f"« {key} » n’est ni une note de l’échelle ni un niveau de la grille.", (*path, "descriptors", key)
            )


# --- names of other parts ---------------------------------------------------------------------------------------


def _references(document: CallDocument) -> Findings:
    """Codes that name a part elsewhere: partners of a theme, piece of a model, objective of an indicator."""
    partners = {partner.code for partner in document.partners}
    pieces = {piece.code for piece in document.pieces}
    objectives = {objective.code for objective in document.objectives}
    for rank, theme in enumerate(document.support.themes):
        for place, code in enumerate(theme.partners):
            if code not in partners:
                yield unknown("aucun partenaire", code, partners, ("support", "themes", rank, "partners", place))
    for rank, download in enumerate(document.documents):
        if download.piece and download.piece not in pieces:
            yield unknown("aucune pièce", download.piece, pieces, ("documents", rank, "piece"))
    for rank, indicator in enumerate(document.indicators):
        if indicator.objective and indicator.objective not in objectives:
            yield unknown("aucun objectif", indicator.objective, objectives, ("indicators", rank, "objective"))
    yield from _access(document)


def _access(document: CallDocument) -> Findings:
    access = document.access
    if access.kind == "invitation" and not access.invited:
        yield Problem("un appel sur invitation dit qui est invité : ajoutez « invited: ».", ("access",))
    if access.kind == "signatories" and not access.call:
        yield Problem("dites de quel appel il faut avoir signé la convention : ajoutez « call: ».", ("access",))


# --- what follows ------------------------------------------------------------------------------------------------


def _phases(document: CallDocument) -> Findings:
    for rank, phase in enumerate(document.phases):
        if phase.last_month < phase.first_month:
            yield Problem("la phase finit avant de commencer.", ("phases", rank, "last_month"))
        longest = document.support.longest
        if longest and phase.last_month > longest:
            yield Problem(
                f"la phase dépasse la durée de l’accompagnement ({longest} mois).",
                ("phases", rank, "last_month"),
            )


def _merge_fields(document: CallDocument) -> Findings:
    agreement = document.agreement
    if agreement is None:
        return
    texts: list[tuple[Path, str]] = [
        (("agreement", "recitals", rank), text) for rank, text in enumerate(agreement.recitals)
    ]
    for rank, article in enumerate(agreement.articles):
        texts += [
            (("agreement", "articles", rank, "paragraphs", place), text)
            for place, text in enumerate(article.paragraphs)
        ]
    for path, text in texts:
        for name in follow_up.merge_fields(text):
            if name not in follow_up.MERGE_FIELDS:
                names = ", ".join(f"{{{known}}}" for known in follow_up.MERGE_FIELDS)
                yield Problem(f"« {{{name}}} » n’est pas un champ connu : les champs sont {names}.", path)
        if follow_up.stray_braces(text):
            yield Problem("une accolade est seule : un champ s’écrit « {commune} ».", path)


CHECKS: tuple[Callable[[CallDocument], Findings], ...] = (
    _codes,
    _windows,
    _perimeter,
    _strata,
    rules_findings,
    question_findings,
    piece_findings,
    condition_findings,
    _grid,
    jury_findings,
    _references,
    _phases,
    money_findings,
    _merge_fields,
    reminder_findings,
)
