"""Questions about what the examination asks to complete: the request in course, what it asks, what was given."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from calls.models import PieceType, Question
from portal.accounts.models import User
from portal.core.calendar import day_of
from portal.core.models import StoredFile

from .. import states
from ..content.answers import Typed, tidy
from ..content.completing import Difference, differences
from ..content.progress import INFECTED, AnswerState, answer_state
from ..models import Application, CompletionFile, CompletionItem, CompletionRequest, Deposit
from .files import PortalNow, own_applications, staffed_applications

ITEM = CompletionItem.Kind


def awaited_completion(application: Application) -> CompletionRequest | None:
    """The request in course, late or not."""
    return application.completions.filter(state=states.AWAITED).first()


def waiting_for_answer() -> QuerySet[CompletionRequest]:
    """The requests whose limit has not passed: their files wait for the commune, not for the examination."""
    return CompletionRequest.objects.filter(state=states.AWAITED, due_at__gte=PortalNow())


def completions_for_staff(user: User) -> QuerySet[CompletionRequest]:
    return _with_file(CompletionRequest.objects.filter(application__in=staffed_applications(user).values("pk")))


def completions_of_owner(user: User) -> QuerySet[CompletionRequest]:
    """Those of the files of one's organisations."""
    return _with_file(CompletionRequest.objects.filter(application__in=own_applications(user).values("pk")))


def _with_file(requests: QuerySet[CompletionRequest]) -> QuerySet[CompletionRequest]:
    """Everything that the pages and the mails of a request read of its file."""
    return requests.select_related(
        "application__call__owner__profile",
        "application__window",
        "application__track",
        "application__lead__commune__department",
        "application__lead__commune__intercommunality",
        "asked_by",
        "saved_by",
    ).prefetch_related("items")


# --- what may be asked -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Askable:
    """One thing of a deposited file that may be asked again: kind, code, label, and the section where it stands."""

    kind: str
    code: str
    label: str
    group: str


def askable(deposit: Deposit) -> list[Askable]:
    """The questions answered in a deposit, in its order, then the pieces of the call."""
    call, stage = deposit.application.call, deposit.application.stage
    asked = set(Question.objects.filter(call=call).exclude(kind="file").values_list("code", flat=True))
    questions = [
        Askable(ITEM.QUESTION, answer["code"], answer["label"], section["title"])
        for section in deposit.answers["sections"]
        for answer in section["answers"]
        if answer["code"] in asked
    ]
    pieces = call.piece_types.filter(stage__in=("both", stage))
    return questions + [Askable(ITEM.PIECE, piece.code, piece.label, "Pièces") for piece in pieces]


# --- what was given ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Given:
    """One thing asked: an answer with its state, or a piece with its files (`isolated` by the antivirus apart)."""

    item: CompletionItem
    answer: AnswerState | None = None
    piece: PieceType | None = None
    files: tuple[CompletionFile, ...] = ()
    isolated: tuple[CompletionFile, ...] = ()

    @property
    def fault(self) -> str:
        return self.answer.fault if self.answer else ""

    @property
    def missing(self) -> bool:
        if self.answer is not None:
            return self.answer.missing
        return len(self.files) < max(1, self.piece.min_count if self.piece else 1)


def questions_of(request: CompletionRequest) -> dict[str, Question]:
    """The questions asked, by code, as the call writes them now."""
    codes = [item.code for item in request.items.all() if item.kind == ITEM.QUESTION]
    return {q.code: q for q in Question.objects.filter(call=request.application.call, code__in=codes)}


def given_so_far(request: CompletionRequest, at: datetime) -> list[Given]:
    """Every thing asked with what stands for it now; three queries."""
    questions = questions_of(request)
    typed = typed_so_far(request, questions)
    codes = [item.code for item in request.items.all() if item.kind == ITEM.PIECE]
    pieces = {row.code: row for row in PieceType.objects.filter(call=request.application.call, code__in=codes)}
    files = files_by_item(request)
    return [
        Given(item, answer=answer_state(questions[item.code], typed.get(item.code), day_of(at)))
        if item.kind == ITEM.QUESTION
        else piece_given(item, pieces.get(item.code), files[item.pk])
        for item in request.items.all()
        if item.kind == ITEM.PIECE or item.code in questions
    ]


def typed_so_far(request: CompletionRequest, questions: Mapping[str, Question]) -> dict[str, Typed]:
    """What is being written; before that, the answer as it was typed for the deposit."""
    before: dict[str, Typed] = {}
    for row in request.application.sections.all():
        before.update({code: typed for code, typed in row.values.items() if code in questions})
    kept = {code: tidy(raw, questions[code].kind) for code, raw in request.values.items() if code in questions}
    return {**before, **kept}


def files_by_item(request: CompletionRequest) -> dict[int, list[CompletionFile]]:
    rows = CompletionFile.objects.filter(item__request=request, removed_at=None).select_related("file")
    found: dict[int, list[CompletionFile]] = defaultdict(list)
    for row in rows:
        found[row.item_id].append(row)
    return found


def piece_given(item: CompletionItem, piece: PieceType | None, files: Iterable[CompletionFile]) -> Given:
    every = list(files)
    isolated = tuple(row for row in every if row.file.scan == INFECTED)
    return Given(item, piece=piece, files=tuple(row for row in every if row not in isolated), isolated=isolated)


def completion_file(application: Application, key: Any) -> StoredFile | None:
    """A file of an answer in course, for the organisations of the file only."""
    rows = CompletionFile.objects.filter(item__request__application=application, removed_at=None, file_id=key)
    return StoredFile.objects.filter(pk__in=rows.values("file_id")).first()


def changes_of(deposit: Deposit) -> list[Difference]:
    """What a version changed of the one before it; nothing for a first one."""
    before = Deposit.objects.filter(application=deposit.application_id, n=deposit.n - 1).first()
    if before is None:
        return []
    return differences(before.answers, deposit.answers, pieces_told(before), pieces_told(deposit))


def pieces_told(deposit: Deposit) -> list[tuple[str, str, str]]:
    return list(deposit.pieces.values_list("label", "file__name", "sha256"))
