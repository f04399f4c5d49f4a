"""What the form contradicts: choices without answers, conditions on later questions."""

from collections.abc import Iterable, Iterator
from typing import Any

from calls.definition.form import CHOICE_KINDS, MOST_OPERATIONS, NUMBER_KINDS, TEXT_KINDS, Question
from calls.definition.predicates import AnswerIs, AnswerTest, StratumIs, TrackIs, leaves
from calls.definition.schema import CallDocument
from calls.definition.tree import Path, Problem

Findings = Iterator[Problem]


def questions(document: CallDocument) -> Iterator[tuple[Path, Question]]:
    """Every question with its path."""
    for rank, section in enumerate(document.sections):
        for place, question in enumerate(section.questions):
            yield ("sections", rank, "questions", place), question


def question_findings(document: CallDocument) -> Findings:
    titles = 0
    for path, question in questions(document):
        for name, kinds in _PROPER.items():
            if getattr(question, name) not in (None, ()) and question.kind not in kinds:
                yield Problem(f"« {name} » n’a pas de sens pour « {question.kind} » : retirez-le.", (*path, name))
        yield from _kind_findings(document, path, question)
        if question.min is not None and question.max is not None and question.max < question.min:
            yield Problem("« max » est plus petit que « min ».", (*path, "max"))
        titles += question.project_title
        if question.project_title and titles > 1:
            yield Problem("une seule question donne son titre au projet.", (*path, "project_title"))


_PROPER = {"options": CHOICE_KINDS, "max_length": TEXT_KINDS, "min": NUMBER_KINDS, "max": NUMBER_KINDS,
           "unit": NUMBER_KINDS, "columns": {"table"}, "piece": {"file"}}  # fmt: skip


def _kind_findings(document: CallDocument, path: Path, question: Question) -> Findings:
    """What a question of its kind cannot do without."""
    if question.kind in CHOICE_KINDS and len(question.options) < 2:
        yield Problem("un choix a au moins deux réponses : ajoutez-les sous « options: ».", path)
    if question.kind == "table":
        yield from _table(path, question)
    if question.kind == "operations":
        yield from _operations(path, question)
    pieces = {piece.code for piece in document.pieces}
    if question.kind == "file" and question.piece not in pieces:
        yield unknown("aucune pièce", question.piece or "", pieces, (*path, "piece"))


def _operations(path: Path, question: Question) -> Findings:
    if question.max_rows < question.min_rows:
        yield Problem("« max_rows » est plus petit que « min_rows ».", (*path, "max_rows"))
    elif question.max_rows > MOST_OPERATIONS:
        yield Problem(
            f"une candidature a {MOST_OPERATIONS} opérations au plus : écrivez « max_rows: ».", (*path, "max_rows")
        )


def _table(path: Path, question: Question) -> Findings:
    if not question.columns:
        yield Problem("un tableau a des colonnes : ajoutez-les sous « columns: ».", path)
    if question.max_rows < question.min_rows:
        yield Problem("« max_rows » est plus petit que « min_rows ».", (*path, "max_rows"))
    for rank, column in enumerate(question.columns):
        if column.kind == "single" and len(column.options) < 2:
            yield Problem(
                "un choix a au moins deux réponses : ajoutez-les sous « options: ».", (*path, "columns", rank)
            )


def piece_findings(document: CallDocument) -> Findings:
    for rank, piece in enumerate(document.pieces):
        path: Path = ("pieces", rank)
        if piece.max_count < piece.min_count:
            yield Problem("« max_count » est plus petit que « min_count ».", (*path, "max_count"))
        if piece.need == "conditional" and piece.condition is None:
            yield Problem("une pièce « conditional » dit quand elle est demandée : ajoutez « condition: ».", path)
        if piece.need != "conditional" and piece.condition is not None:
            yield Problem("cette pièce a une condition : écrivez « need: conditional ».", (*path, "need"))
        if piece.promised_until and piece.promised_until < document.closes_at.date():
            yield Problem("la pièce promise serait due avant la clôture.", (*path, "promised_until"))


# --- conditions --------------------------------------------------------------------------------------------------


def condition_findings(document: CallDocument) -> Findings:
    """References of conditions; a question depends on earlier questions only, so that no circle can form."""
    everything = {question.code: question for question in document.questions}
    earlier: dict[str, Question] = {}
    for rank, section in enumerate(document.sections):
        path: Path = ("sections", rank)
        yield from _references(section.condition, (*path, "condition"), document, everything, earlier)
        for place, question in enumerate(section.questions):
            here = (*path, "questions", place, "condition")
            yield from _references(question.condition, here, document, everything, earlier)
            earlier[question.code] = question
    for path, condition in _other_conditions(document):
        yield from _references(condition, path, document, everything, everything)


def all_conditions(document: CallDocument) -> Iterator[tuple[Path, Any]]:
    """Every condition of the call (None where there is none), with its path."""
    for path, question in questions(document):
        yield (*path, "condition"), question.condition
    for rank, section in enumerate(document.sections):
        yield ("sections", rank, "condition"), section.condition
    yield from _other_conditions(document)


def _other_conditions(document: CallDocument) -> Iterator[tuple[Path, Any]]:
    groups: tuple[tuple[Path, Any], ...] = (
        (("eligibility",), document.eligibility),
        (("pieces",), document.pieces),
        (("undertakings",), document.undertakings),
        (("windows",), document.windows),
        (("grid", "criteria"), document.grid.criteria),
        (("grid", "bonuses"), document.grid.bonuses),
        (("grid", "rankings"), document.grid.rankings),
        (("money", "grants"), document.money.grants if document.money else ()),
        (("agreement", "articles"), document.agreement.articles if document.agreement else ()),
    )
    for path, items in groups:
        for rank, item in enumerate(items):
            yield (*path, rank, "condition"), item.condition


def _references(
    condition: Any, path: Path, document: CallDocument, known: dict[str, Question], usable: dict[str, Question]
) -> Findings:
    for place, leaf in leaves(condition, path):
        if isinstance(leaf, TrackIs):
            yield from _listed("aucun volet", leaf.codes, {track.code for track in document.tracks}, place)
        elif isinstance(leaf, StratumIs):
            yield from _listed("aucune strate", leaf.codes, {stratum.code for stratum in document.strata}, place)
        elif isinstance(leaf, AnswerIs) and leaf.question in known and leaf.question not in usable:
            yield Problem(
                f"« {leaf.question} » n’est demandé que plus loin : une condition porte sur une question précédente.",
                (*place, "question"),
            )
        elif isinstance(leaf, AnswerIs):
            yield from answer_findings(leaf, known, place)


def _listed(word: str, codes: Iterable[str], known: set[str], path: Path) -> Findings:
    for rank, code in enumerate(codes):
        if code not in known:
            yield unknown(word, code, known, (*path, "codes", rank))


def answer_findings(test: AnswerTest, known: dict[str, Question], path: Path) -> Findings:
    question = known.get(test.question)
    if question is None:
        yield Problem(f"aucune question n’a le code « {test.question} » : vérifiez-le.", (*path, "question"))
        return
    if question.kind in CHOICE_KINDS:
        codes = [option.code for option in question.options]
        for value in test.values:
            if value not in codes:
                yield Problem(
                    f"« {value} » n’est pas une réponse de « {question.code} » : ses codes sont {', '.join(codes)}.",
                    path,
                )


def unknown(none: str, code: str, known: Iterable[str], path: Path) -> Problem:
    """A code that names nothing; `none` is « aucun volet », « aucune section »…"""
    names = ", ".join(sorted(known)) or "il n’y en a pas"
    return Problem(f"« {code} » n’est le code d’{none} : {names}.", path)
