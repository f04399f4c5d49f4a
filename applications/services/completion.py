"""Complete a deposited file: asked by the examination for named things and a day, answered by a new version.

The version that was deposited stays frozen; only what was asked is replaced in the one that follows it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from calls.examination import examination_of
from calls.models import Question
from portal.accounts.models import User
from portal.core.calendar import day_of, end_of_day
from portal.core.clock import portal_now
from portal.core.outbox import enqueue_emails
from portal.core.rules import Refused, require
from portal.core.scanning import ask_scan
from portal.core.typography import format_quantity, typeset
from portal.core.uploads import store_upload
from portal.core.workflow import fire

from .. import states
from ..content.answers import is_blank, tidy
from ..emails.completion import completion_mail, completion_received_mail
from ..models import (
    Application,
    Attachment,
    CompletionFile,
    CompletionItem,
    CompletionRequest,
    Deposit,
    SectionAnswers,
)
from ..parcel.completed import completed_parcel
from ..queries.completion import ITEM, Askable, Given, askable, awaited_completion, given_so_far, questions_of
from ..queries.staff import receivers
from ..rules.completion import ASKABLE, can_complete, is_late
from ..rules.staff import is_whole_file
from .drafting import MEGABYTE, accepted_extensions
from .submission import hold_call, write_version

LONGEST = 4000


@dataclass(frozen=True)
class Wanted:
    """One thing to ask: its kind, its code, and what is wrong with it."""

    kind: str
    code: str
    note: str = ""


class CompletionConflict(Exception):
    """Someone saved the answer since the page was shown. `codes`: the questions that differ."""

    def __init__(self, request: CompletionRequest, codes: frozenset[str]) -> None:
        super().__init__(f"completion {request.pk} is at version {request.version}")
        self.request = request
        self.codes = codes


# --- the examination ---------------------------------------------------------------------------------------------


@transaction.atomic
def ask_completion(
    *, application: Application, message: str, due_on: date, wanted: Sequence[Wanted], by: User, at: datetime
) -> CompletionRequest:
    """Ask a commune to complete named things until the end of a day. Its people are told. Raises `Refused`.

    A request whose limit has passed gives way to this one.
    """
    current = Application.objects.select_for_update(of=("self",)).select_related("call").get(pk=application.pk)
    require(is_whole_file(current))
    if current.state not in ASKABLE:
        raise Refused("On ne demande plus de compléments : la candidature n’est plus à l’examen.")
    lapse(current, by, at)
    due_at = later_day(due_on, at)
    request = CompletionRequest.objects.create(
        application=current,
        message=said(message),
        due_at=due_at,
        expiry=examination_of(current.call).completion_expiry,
        asked_at=at,
        asked_by=by,
    )
    CompletionItem.objects.bulk_create(items_of(request, wanted))
    tell(request, "asked", at)
    return request


def items_of(request: CompletionRequest, wanted: Sequence[Wanted]) -> list[CompletionItem]:
    """Their rows, in the order of the file. Raises `Refused` when nothing is asked, or what the file does not have."""
    deposit = Deposit.objects.filter(application=request.application).select_related("application__call").latest("n")
    notes = {(item.kind, item.code): item.note for item in wanted}
    known: list[Askable] = [row for row in askable(deposit) if (row.kind, row.code) in notes]
    if not known or len(known) < len(notes):
        raise Refused("Choisissez ce qui est à compléter : une réponse ou une pièce au moins.")
    return [
        CompletionItem(
            request=request,
            position=n,
            kind=row.kind,
            code=row.code,
            label=row.label[:250],
            note=notes[row.kind, row.code].strip()[:400],
        )
        for n, row in enumerate(known, start=1)
    ]


def said(message: str) -> str:
    text = message.replace("\r\n", "\n").strip()[:LONGEST]
    if not text:
        raise Refused("Dites à la commune ce qui est attendu d’elle.")
    return text


def later_day(due_on: date, at: datetime) -> datetime:
    """The end of a day to come. Raises `Refused`."""
    if due_on <= day_of(at):
        raise Refused("Choisissez un jour à venir : la commune doit avoir le temps de répondre.")
    return end_of_day(due_on)


@transaction.atomic
def extend_completion(*, request: CompletionRequest, due_on: date, reason: str, by: User, at: datetime) -> None:
    """Give more time, even once the limit has passed; a limit never comes forward. Raises `Refused`."""
    current = locked(request)
    due_at = later_day(due_on, at)
    if due_at <= current.due_at:
        raise Refused("La limite ne s’avance pas : choisissez un jour après celui qui est annoncé.")
    fire(current, states.EXTEND, by=by, at=at, reason=reason, stamps={"due_at": due_at})
    tell(current, "extended", at, reason=reason)


@transaction.atomic
def cancel_completion(*, request: CompletionRequest, reason: str, by: User, at: datetime) -> None:
    """Ask nothing more; what was being written is kept. Raises `Refused`."""
    current = locked(request)
    fire(current, states.CANCEL, by=by, at=at, reason=reason, stamps={"settled_at": at})
    tell(current, "cancelled", at, reason=reason)


def lapse(application: Application, by: User, at: datetime) -> None:
    """Close the request whose limit has passed, when one goes on without its answer; refuse while it is in time."""
    awaited = awaited_completion(application)
    if awaited is None:
        return
    if not is_late(awaited, at):
        raise Refused("Des compléments sont encore attendus : attendez-les, prolongez ou annulez la demande.")
    fire(awaited, states.LAPSE, by=by, at=at, stamps={"settled_at": at})


def locked(request: CompletionRequest) -> CompletionRequest:
    """The request under the lock of its file, then its own: everybody locks in that order."""
    Application.objects.select_for_update(no_key=True).only("pk").get(pk=request.application_id)
    rows = CompletionRequest.objects.select_for_update(of=("self",))
    return rows.select_related("application__call__owner", "application__lead__commune", "asked_by").get(pk=request.pk)


def tell(request: CompletionRequest, what: str, at: datetime, reason: str = "") -> None:
    """One mail to each person who writes for an organisation of the file."""
    members = request.application.members.filter(confirmed_at__isnull=False, left_at=None)
    held = receivers(organisation__in=members.values("organisation"))
    addresses = list(held.order_by("user__email").values_list("user__email", flat=True).distinct())
    official = request.application.lead.official_email
    if not addresses and official:
        addresses = [official]
    enqueue_emails([completion_mail(request, what, address, at, reason) for address in addresses], at=at)


# --- the commune -------------------------------------------------------------------------------------------------


@transaction.atomic
def save_completion(
    *, request: CompletionRequest, typed: Mapping[str, Any], reply: str, version: int, by: User, at: datetime
) -> CompletionRequest:
    """Keep what is being written, right or wrong, for the questions asked only, and the words to the service.

    Raises `Refused`, and `CompletionConflict` when someone has saved another text since `version` was shown.
    """
    current = locked(request)
    require(can_complete(by, current, at))
    kinds = {code: question.kind for code, question in questions_of(current).items()}
    values = {code: tidy(raw, kinds[code]) for code, raw in typed.items() if code in kinds}
    differing = frozenset(code for code, text in values.items() if current.values.get(code, text) != text)
    if differing and current.version != version:
        raise CompletionConflict(current, differing)
    kept, words = {**current.values, **values}, reply.replace("\r\n", "\n").strip()[:LONGEST]
    if (kept, words) != (current.values, current.reply):
        current.values, current.reply, current.version = kept, words, current.version + 1
        current.saved_at, current.saved_by = at, by
        current.save(update_fields=["values", "reply", "version", "saved_at", "saved_by"])
    return current


def attach_to_completion(*, item: CompletionItem, piece: Any, upload: UploadedFile, by: User, at: datetime) -> None:
    """Keep one file for a piece asked; a single one replaces the former. Raises `Refused`, `UploadRefused`."""
    require(can_complete(by, item.request, at))
    file = store_upload(
        upload, accepted=accepted_extensions(piece), max_bytes=piece.max_megabytes * MEGABYTE, by=by, at=at
    )
    with transaction.atomic():
        ask_scan(file, at)
        require(can_complete(by, locked(item.request), at))
        here = item.files.filter(removed_at=None)
        if piece.max_count == 1:
            here.update(removed_at=at, removed_by=by)
        elif here.count() >= piece.max_count:
            most = format_quantity(piece.max_count, "fichier")
            raise Refused(f"{piece.label}\u00a0: {most} au plus. Retirez-en un avant d’en joindre un autre.")
        CompletionFile.objects.create(item=item, file=file, added_at=at, added_by=by)


@transaction.atomic
def remove_from_completion(*, row: CompletionFile, by: User, at: datetime) -> None:
    """Take a file out of the answer; its row and its bytes stay."""
    require(can_complete(by, locked(row.item.request), at))
    CompletionFile.objects.filter(pk=row.pk, removed_at=None).update(removed_at=at, removed_by=by)


def send_completion(*, request: CompletionRequest, idempotency_key: UUID, by: User, web_clock_at: datetime) -> Deposit:
    """Send the answer as it is saved: a new deposited version, with its receipt. Raises `Refused`.

    Something asked may stay missing if the commune says why in its words to the service; a wrong answer is refused.
    The same form sent twice gives the version that exists.
    """
    with transaction.atomic():
        at = portal_now()
        current = locked(request)
        earlier = Deposit.objects.filter(idempotency_key=idempotency_key, completion=current).first()
        if earlier is not None:
            return earlier
        application = current.application
        hold_call(application.call)
        require(can_complete(by, current, at))
        given = given_so_far(current, at)
        refuse_what_is_wrong(current, given)
        deposit = write_completed(current, given, idempotency_key, by, at, web_clock_at)
        fire(current, states.ANSWER, by=by, at=at, on_behalf_of=application.lead, stamps={"settled_at": at})
        follow(application, given, by, at)
        enqueue_emails([completion_received_mail(current, deposit)], at=at)
    return deposit


def refuse_what_is_wrong(request: CompletionRequest, given: Sequence[Given]) -> None:
    wrong = [one.item.label for one in given if one.fault]
    if wrong:
        raise Refused(typeset(f"Corrigez d’abord : {' ; '.join(wrong)}."))
    missing = [one.item.label for one in given if one.missing]
    if not request.reply and not request.values and not any(one.files for one in given):
        raise Refused("Rien n’est encore répondu ni joint : il n’y a rien à transmettre.")
    if missing and not request.reply:
        raise Refused(
            typeset(f"Il manque : {' ; '.join(missing)}. Répondez, ou dites pourquoi dans le mot au service.")
        )


def write_completed(
    request: CompletionRequest, given: Sequence[Given], key: UUID, by: User, at: datetime, web_clock_at: datetime
) -> Deposit:
    """The new version, in the transaction of the caller."""
    application = request.application
    last = application.deposits.select_related("application__call").order_by("-n")[0]
    answers = {one.item.code: one.answer for one in given if one.answer is not None and not one.missing}
    files = {one.item.code: [row.file for row in one.files] for one in given if one.files}
    parcel = completed_parcel(last, answers, files)
    stamps = {"title": parcel.title[:200], "last_activity_at": at}
    act = ASKABLE[application.state]
    fire(application, act, by=by, at=at, on_behalf_of=application.lead, stamps=stamps)
    return write_version(
        application, last.n + 1, parcel, by, key, at, web_clock_at, closes_at=request.due_at, completion=request
    )


def follow(application: Application, given: Sequence[Given], by: User, at: datetime) -> None:
    """The working copy follows what was sent, so that a later version does not lose it."""
    answers = {one.item.code: one.answer.typed for one in given if one.answer and not is_blank(one.answer.typed)}
    questions = Question.objects.filter(call=application.call, code__in=answers).select_related("section")
    sections = {question.code: question.section.code for question in questions}
    for code in set(sections.values()):
        row, _ = SectionAnswers.objects.select_for_update().get_or_create(
            application=application, section_code=code, defaults={"updated_at": at, "updated_by": by}
        )
        row.values = {**row.values, **{q: typed for q, typed in answers.items() if sections.get(q) == code}}
        row.version, row.updated_at, row.updated_by = row.version + 1, at, by
        row.save(update_fields=["values", "version", "updated_at", "updated_by"])
    for one in given:
        if one.item.kind == ITEM.PIECE and one.files:
            replace_attachments(application, one, by, at)


def replace_attachments(application: Application, one: Given, by: User, at: datetime) -> None:
    application.attachments.filter(piece_code=one.item.code, removed_at=None).update(removed_at=at, removed_by=by)
    Attachment.objects.bulk_create(
        Attachment(application=application, piece_code=one.item.code, file=row.file, added_at=at, added_by=by)
        for row in one.files
    )
    application.promises.filter(piece_code=one.item.code, kept_at=None).update(kept_at=at)
