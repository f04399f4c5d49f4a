"""Advice on how files are judged: criteria and their points, thresholds, rankings, strata."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import product

from calls.conditions import Facts, holds
from calls.definition.choices import KINDS_OF_APPLICANT
from calls.definition.eligibility import PopulationRule
from calls.definition.schema import CallDocument
from calls.definition.tree import Path, Problem
from portal.core.typography import format_number, format_quantity

Advice = Iterator[Problem]


def cases(document: CallDocument) -> Iterator[tuple[str, Facts]]:
    """One file of each track, stratum and kind of applicant that the call admits, and its words."""
    tracks: list[str | None] = [*(track.code for track in document.tracks)] or [None]
    for track, kind in product(tracks, document.applicants.kinds):
        for stratum in strata_of(document, kind) or [None]:
            words = [
                f"{word} « {code} »"
                for word, code, several in (
                    ("volet", track, track),
                    ("strate", stratum, stratum),
                    ("candidat", KINDS_OF_APPLICANT[kind], len(document.applicants.kinds) > 1),
                )
                if several
            ]
            yield ", ".join(words), Facts(track=track, stratum=stratum, applicant_kind=kind)


def _head(words: str) -> str:
    return f"{words} : " if words else ""


def strata_of(document: CallDocument, kind: str) -> list[str | None]:
    """The strata where an applicant of this kind may be, up to the one that takes all of its kind."""
    codes: list[str | None] = []
    for stratum in document.strata:
        if stratum.kind != "applicant":
            codes.append(stratum.code)
        elif kind in stratum.kinds:
            return [*codes, stratum.code]
    return codes


# --- points and thresholds ---------------------------------------------------------------------------------------


def criteria(document: CallDocument) -> Advice:
    shown = {s.code for s in document.sections if any(question.visible_to_jury for question in s.questions)}
    for rank, criterion in enumerate(document.grid.criteria):
        if not criterion.informational and not shown.intersection(criterion.sections):
            yield Problem(
                "aucune question n’éclaire ce critère : nommez par « sections » celles que le jury lira, "
                "ou posez-en une.",
                ("grid", "criteria", rank),
            )


def weights(document: CallDocument) -> Advice:
    grid = document.grid
    if grid.mode != "numeric":
        return
    said: set[int] = set()
    for words, points in applicable(document):
        if points != grid.total and points not in said:
            yield Problem(_sum_of(words, points, grid.total), ("grid", "criteria"))
        said.add(points)


def _sum_of(words: str, points: int, total: int) -> str:
    """Where criteria depend on the file, its points are brought back to the total; else they must make it."""
    if words:
        return f"{words} : les points applicables font {points} : ils seront ramenés sur {total}."
    return f"les points des critères font {points}, et non {total} : revoyez-les."


def applicable(document: CallDocument) -> Iterator[tuple[str, int]]:
    """The points of the criteria that apply to each sort of file; where an answer decides, nothing is said."""
    counted = [criterion for criterion in document.grid.criteria if not criterion.informational]
    if all(criterion.condition is None for criterion in counted):
        yield "", document.grid.weights
        return
    for words, facts in cases(document):
        verdicts = [holds(criterion.condition, facts) for criterion in counted]
        if None not in verdicts:
            yield words, sum(c.points or 0 for c, applies in zip(counted, verdicts, strict=True) if applies)


_OWN = "atteindre le seuil de ce classement"


def thresholds(document: CallDocument) -> Advice:
    grid = document.grid
    if grid.mode != "numeric":
        return
    asked: list[tuple[Path, Decimal | None, str]] = [(("grid", "threshold"), grid.threshold, "atteindre ce seuil")]
    asked += [(("grid", "rankings", n, "threshold"), row.threshold, _OWN) for n, row in enumerate(grid.rankings)]
    if document.jury and document.jury.hearing:
        asked.append((("jury", "hearing", "threshold"), document.jury.hearing.threshold, "être entendue"))
    for path, least, what in asked:
        if least is not None and least > grid.best:
            yield Problem(f"aucune candidature ne peut {what} : le meilleur total possible est {grid.best}.", path)


# --- rankings ----------------------------------------------------------------------------------------------------


def rankings(document: CallDocument) -> Advice:
    """Each file goes to the first ranking whose condition holds: none may be left out, none may stay empty."""
    rows = document.grid.rankings
    reached: set[str] = set()
    left: list[str] = []
    for words, facts in cases(document) if rows else ():
        verdicts = [holds(row.condition, facts) for row in rows]
        last = verdicts.index(True) if True in verdicts else len(rows)
        open_to = [row.code for row, verdict in zip(rows[: last + 1], verdicts, strict=False) if verdict is not False]
        reached.update(open_to)
        if not open_to:
            left.append(words)
    if left:
        others = f" (et {format_quantity(len(left) - 1, 'autre cas', 'autres cas')})" if len(left) > 1 else ""
        yield Problem(
            f"{_head(left[0])}cette candidature n’entre dans aucun classement{others} ; "
            "ajoutez-en un, ou élargissez une condition.",
            ("grid", "rankings"),
        )
    for rank, row in enumerate(rows):
        if row.code not in reached:
            yield Problem(
                "aucune candidature n’entre dans ce classement : revoyez sa condition, ou celles des classements "
                "qui le précèdent.",
                ("grid", "rankings", rank),
            )


# --- strata ------------------------------------------------------------------------------------------------------

_OPEN = 10**9  # more inhabitants than any commune has


def strata(document: CallDocument) -> Advice:
    """Populations that may apply and that no stratum takes; where a stratum is a list or a place, nothing is said."""
    rows = sorted((row for row in document.strata if row.kind == "population"), key=lambda row: row.lower)
    if not rows or any(row.kind in ("communes", "perimeter", "attribute") for row in document.strata):
        return
    reached, most = eligible_populations(document)
    for row in rows:
        if row.lower > reached:
            yield _gap(f"de {format_number(reached)} à {format_number(row.lower - 1)} habitants")
        reached = max(reached, _OPEN if row.upper is None else row.upper)
    if reached < most:
        words = "habitants et plus" if most == _OPEN else f"à {format_number(most - 1)} habitants"
        yield _gap(f"de {format_number(reached)} {words}")


def _gap(words: str) -> Problem:
    return Problem(f"aucune strate ne reçoit les communes {words} : élargissez-en une, ou ajoutez-en une.", ("strata",))


def eligible_populations(document: CallDocument) -> tuple[int, int]:
    """From how many inhabitants, and to how many (not included), a commune may apply."""
    least, most = 0, _OPEN
    for rule in document.eligibility:
        alone = isinstance(rule, PopulationRule) and rule.of == "commune" and rule.bears_on != "sum"
        if alone and rule.effect == "blocking":
            least = max(least, rule.at_least or 0, (rule.above or -1) + 1)
            most = min(most, rule.below or _OPEN, _OPEN if rule.at_most is None else rule.at_most + 1)
    return least, most
