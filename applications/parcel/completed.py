"""What a completed version holds: the last deposit, with the answers and pieces asked again in their place."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import SimpleNamespace
from typing import Any

from calls.eligibility import Verdict
from calls.models import Question
from calls.queries import judged
from portal.core.models import StoredFile

from ..content.completing import completed_answers, values_of
from ..content.progress import AnswerState
from ..content.reading import canonical_json, fingerprint, freeze_answer
from ..models import Application, Deposit, EligibilityVerdict
from ..queries.conditions import co_applicants_of, facts_of_candidates, frozen_verdict, ruled
from ..queries.files import facts_of_file, pieces_received_later
from .current import ParcelPiece, fact_rows


@dataclass(frozen=True)
class CompletedParcel:
    """A `parcel.Contents`. What was not asked is what the last deposit froze, facts included."""

    last: Deposit
    given: Mapping[str, AnswerState]
    pieces: tuple[ParcelPiece, ...]
    promises: tuple[dict[str, str], ...]
    verdicts: tuple[Verdict, ...]
    ruled: tuple[Verdict, ...]

    @cached_property
    def answers(self) -> dict[str, Any]:
        shown = file_answers(self.last, self.pieces) | {
            code: freeze_answer(state) for code, state in self.given.items()
        }
        return completed_answers(self.last.answers, shown)

    @cached_property
    def text(self) -> str:
        return canonical_json(self.answers)

    @cached_property
    def sha256(self) -> str:
        return fingerprint(self.text)

    @property
    def title(self) -> str:
        titles = (state.text for state in self.given.values() if state.question.is_project_title)
        return next(titles, self.last.application.title)

    @property
    def section_count(self) -> int:
        return len(self.answers["sections"])

    @property
    def fact_rows(self) -> list[dict[str, Any]]:
        """Those of the last deposit, but for the questions answered again."""
        kept = self.last.answer_facts.exclude(question_code__in=self.given).order_by("pk")
        columns = ("question_code", "text", "number", "date", "yes")
        fresh = [row for state in self.given.values() for row in fact_rows(state.question, state.value)]
        return [*kept.values(*columns), *fresh]

    @property
    def facts(self) -> dict[str, Any]:
        return self.last.facts

    @property
    def justifications(self) -> dict[str, str]:
        return {row.rule_code: row.justification for row in self.last.verdicts.all() if row.justification}

    @property
    def undertakings(self) -> tuple[Any, ...]:
        return tuple(SimpleNamespace(**row) for row in self.last.undertakings)

    @property
    def co_applicants(self) -> tuple[dict[str, str], ...]:
        return tuple(self.last.co_applicants)


def completed_parcel(
    last: Deposit, given: Mapping[str, AnswerState], files: Mapping[str, list[StoredFile]]
) -> CompletedParcel:
    """The last deposit with `given` (answers by question code) and `files` (new files by piece code)."""
    verdicts = tuple(verdicts_again(last, given))
    later = {row.piece_code: row.file for row in pieces_received_later(last)}
    fresh = {**{code: [file] for code, file in later.items()}, **files}
    return CompletedParcel(
        last=last,
        given=given,
        pieces=tuple(completed_pieces(last, fresh)),
        promises=tuple(promise for promise in last.promises if promise["code"] not in fresh),
        verdicts=verdicts,
        ruled=tuple(ruled(last.application, verdicts)),
    )


def completed_pieces(last: Deposit, fresh: Mapping[str, list[StoredFile]]) -> Iterable[ParcelPiece]:
    """In the order of the call: the new files of a piece take the place of those deposited before."""
    rows = list(last.pieces.select_related("file"))
    labels, acts = {row.piece_code: row.label for row in rows}, {row.piece_code: row.act for row in rows}
    asked = {piece.code: piece.label for piece in last.application.call.piece_types.all()}
    for code in dict.fromkeys([*asked, *labels]):
        label = labels.get(code) or asked[code]
        files = fresh[code] if code in fresh else [row.file for row in rows if row.piece_code == code]
        yield from (ParcelPiece(code, label, file, acts.get(code, "")) for file in files)


def file_answers(last: Deposit, pieces: Iterable[ParcelPiece]) -> dict[str, dict[str, Any]]:
    """The frozen answers that show a piece, with the names of its files now."""
    names: dict[str, list[str]] = {}
    for piece in pieces:
        names.setdefault(piece.code, []).append(piece.file.name)
    shows = dict(Question.objects.filter(call=last.application.call, kind="file").values_list("code", "piece_code"))
    return {
        answer["code"]: {
            **answer,
            "text": "\n".join(names[shows[answer["code"]]]),
            "value": names[shows[answer["code"]]],
        }
        for section in last.answers["sections"]
        for answer in section["answers"]
        if shows.get(answer["code"]) in names
    }


def verdicts_again(last: Deposit, given: Mapping[str, AnswerState]) -> list[Verdict]:
    """The rules judged again when answers changed, on the day of the first deposit; else the verdicts as frozen."""
    if not given:
        return [frozen_verdict(row, None) for row in EligibilityVerdict.objects.filter(deposit=last)]
    application: Application = last.application
    values = values_of(last.answers)
    values.update({code: state.value for code, state in given.items() if state.value is not None})
    received = application.deposits.order_by("n").values_list("received_at", flat=True)[0]
    facts = facts_of_candidates(
        application, facts_of_file(application, values), received, others=list(co_applicants_of(application))
    )
    ((_facts, verdicts),) = judged(application.call, [facts])
    return list(verdicts)
