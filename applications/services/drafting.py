"""Writing a file: begin it, save a section, attach, remove or promise a piece. Nothing typed is ever lost."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction

from calls.models import Call, PieceType, Question, Track, Window
from calls.queries_applicants import first_stage, window_for, windows_for
from portal.accounts.models import Organisation, User
from portal.accounts.queries import confirmed_signatories, may_edit
from portal.core.calendar import day_of
from portal.core.rules import Refused, require
from portal.core.scanning import ask_scan
from portal.core.typography import format_date, format_quantity
from portal.core.uploads import store_upload

from .. import states
from ..content.answers import Typed, tidy
from ..content.places import settled
from ..content.prefill import prefilled
from ..content.progress import FileProgress, Plan
from ..models import Application, ApplicationMember, Attachment, PiecePromise, SectionAnswers
from ..queries.files import facts_about, facts_of_file, plan_read, progress_of, progress_with
from ..rules.drafts import no_file_yet
from ..rules.files import MEGABYTE, Ground, can_change_piece, can_edit, can_start, ground_of, has_room
from .mandates import note_writing

TICKED = Question.Kind.UNDERTAKING


class SectionConflict(Exception):
    """Someone saved the section since it was opened. `row` is what is stored, `codes` the questions that differ."""

    def __init__(self, row: SectionAnswers, codes: frozenset[str]) -> None:
        super().__init__(f"section {row.section_code} is at version {row.version}")
        self.row = row
        self.codes = codes


@dataclass(frozen=True)
class Saved:
    """The section as stored, and where the whole file stands after it."""

    row: SectionAnswers
    progress: FileProgress


def start_application(
    *, call: Call, organisation: Organisation, by: User, at: datetime, track: Track | None = None
) -> Application:
    """Begin the file of an organisation, its known facts already filled in. Raises `Refused`."""
    require(can_start(by, organisation, call, at, track))
    stage, facts = first_stage(call), facts_about(organisation, call=call, track=track)
    window = window_for(call, at, facts, stage=stage, track=track)
    assert window is not None, "can_start requires dates"
    try:
        with transaction.atomic():
            application = create_application(
                call=call, organisation=organisation, window=window, track=track, stage=stage, by=by, at=at
            )
            note_writing(application, "begin", by, at)
            return application
    except IntegrityError:
        # Two people of the commune began at the same moment: the database kept one file.
        require(no_file_yet(organisation, call, by))
        raise


def create_application(
    *,
    call: Call,
    organisation: Organisation,
    window: Window,
    track: Track | None,
    stage: str,
    by: User,
    at: datetime,
    previous: Application | None = None,
    prefill: bool = True,
) -> Application:
    """A new draft: rows of the file and of its lead, known facts, and the answers given at the stage before.

    `prefill` false: only what is copied from elsewhere will be in it.
    """
    application = Application.objects.create(
        call=call, window=window, track=track, stage=stage, lead=organisation, previous=previous,
        created_at=at, created_by=by, last_activity_at=at,
    )  # fmt: skip
    role = ApplicationMember.Role.LEAD
    ApplicationMember.objects.create(
        application=application, call=call, organisation=organisation, role=role, stage=stage, confirmed_at=at
    )
    values = known_answers(call, organisation, by) if prefill else {}
    for code, given in answers_before(previous).items() if previous else ():
        values[code] = {**values.get(code, {}), **given}
    SectionAnswers.objects.bulk_create(
        SectionAnswers(application=application, section_code=code, values=given, updated_at=at, updated_by=by)
        for code, given in values.items()
    )
    recount(application, progress_of(application, at))
    return application


def recount(application: Application, progress: FileProgress) -> None:
    """Keep the counts and the title that lists show, for the whole file."""
    for row in application.sections.all():
        if put_counts(row, progress):
            row.save(update_fields=["answered", "awaited"])
    Application.objects.filter(pk=application.pk).update(title=progress.title[:200])


def answers_before(previous: Application) -> dict[str, dict[str, Typed]]:
    """What the letter of intent says of the sections asked at both stages; no undertaking comes ticked."""
    sections = previous.call.sections.filter(stage="both")
    ticks = set(Question.objects.filter(section__in=sections, kind=TICKED).values_list("code", flat=True))
    rows = previous.sections.filter(section_code__in=sections.values("code"))
    return {row.section_code: {c: v for c, v in row.values.items() if c not in ticks} for row in rows}


def known_answers(call: Call, organisation: Organisation, by: User) -> dict[str, dict[str, Typed]]:
    """What the portal fills in, by section and question; of the person, only when they are of the organisation."""
    facts, signatory = facts_about(organisation), confirmed_signatories(organisation).first()
    user = by if may_edit(by, organisation) else None
    values: dict[str, dict[str, Typed]] = {}
    known = Question.objects.filter(call=call).exclude(prefill="").exclude(kind=TICKED)
    for question in known.select_related("section"):
        text = prefilled(question, organisation=organisation, facts=facts, user=user, signatory=signatory)
        if text:
            values.setdefault(question.section.code, {})[question.code] = settled(question.kind, text)
    return values


def save_section(
    *,
    application: Application,
    section_code: str,
    typed: Mapping[str, Any],
    version: int,
    by: User,
    at: datetime,
    plan: Plan | None = None,
) -> Saved:
    """Keep what was typed, right or wrong, for the questions of the section that `typed` names.

    `version` is the one that the person saw (0: never saved); `plan`, when the form of the call is already read. Raises
    `SectionConflict` when someone else has saved another text since, `Refused` when the file may not be written.
    """
    ground = ground_of(by, application)
    require(can_edit(by, application, at, ground))
    plan = plan or plan_read(application)
    kinds = {question.code: question.kind for question in plan.questions(section_code) or ()}
    values = {code: settled(kinds[code], tidy(raw, kinds[code])) for code, raw in typed.items() if code in kinds}
    write = partial(_save, application, plan, section_code, values, version, by, at, ground)
    try:
        return write()
    except IntegrityError:
        # Two people began the section at the same moment: the other's row is there now, and tells the conflict.
        return write()


@transaction.atomic
def _save(
    application: Application,
    plan: Plan,
    code: str,
    values: dict[str, Typed],
    version: int,
    by: User,
    at: datetime,
    ground: Ground,
) -> Saved:
    """The answers of the file are locked, so that two saves of one file come one after the other."""
    locked = SectionAnswers.objects.filter(application=application).select_for_update(of=("self",))
    rows = {row.section_code: row for row in locked.select_related("updated_by").order_by("pk")}
    row = rows.setdefault(code, SectionAnswers(application=application, section_code=code, version=0))
    changed = put_answers(row, values, version, by, at)
    progress = progress_with(application, plan, rows.values(), at)
    changed |= put_counts(row, progress)
    if changed:
        row.save(force_insert=row.pk is None)
        note_writing(application, f"section:{code}", by, at, ground)
    stamps: dict[str, Any] = {"last_activity_at": at}
    if any(question.is_project_title for question in plan.questions(code) or ()):
        stamps["title"] = progress.title[:200]
    Application.objects.filter(pk=application.pk).update(**stamps)
    if plan.moves:
        draft = Application.objects.filter(pk=application.pk, state=states.DRAFT)
        draft.update(window=window_of(application, progress, at))
    return Saved(row, progress)


def window_of(application: Application, progress: FileProgress, at: datetime) -> Window:
    """The window of a draft once its answers are known; its own while none holds, or while its own still does."""
    facts = facts_of_file(application, progress.values)
    found = windows_for(application.call, facts, stage=application.stage, track=application.track)
    if application.window in found or not found:
        return application.window
    return next((window for window in found if window.closes_at >= at), found[-1])


def write_section(
    application: Application, code: str, values: dict[str, Typed], version: int, by: User, at: datetime
) -> None:
    """Write one section under its lock, without counting. Raises `SectionConflict`."""
    locked = application.sections.select_for_update(of=("self",)).select_related("updated_by")
    unsaid = {"version": 0, "updated_at": at, "updated_by": by}
    row, _ = locked.get_or_create(application=application, section_code=code, defaults=unsaid)
    if put_answers(row, values, version, by, at):
        row.save()


def put_answers(row: SectionAnswers, values: dict[str, Typed], version: int, by: User, at: datetime) -> bool:
    """Put the answers on a locked row, or refuse what would overwrite; the same text twice changes nothing."""
    differing = frozenset(question for question, typed in values.items() if row.values.get(question) != typed)
    if row.pk and not differing:
        return False
    if row.pk and row.version != version:
        raise SectionConflict(row, differing)
    row.values, row.version = {**row.values, **values}, row.version + 1
    row.updated_at, row.updated_by = at, by
    return True


def put_counts(row: SectionAnswers, progress: FileProgress) -> bool:
    """Put the counts that lists show without opening the answers; False when they were so."""
    section = progress.section(row.section_code)
    counts = (section.answered, section.awaited) if section else (row.answered, row.awaited)
    if counts == (row.answered, row.awaited):
        return False
    row.answered, row.awaited = counts
    return True


# --- pieces ------------------------------------------------------------------------------------------------------


def accepted_extensions(piece: PieceType) -> list[str]:
    """Extensions that the call accepts; `jpg` also lets `.jpeg` through."""
    return [*piece.accepted, *(["jpeg"] if "jpg" in piece.accepted else [])]


def attach(*, application: Application, piece: PieceType, upload: UploadedFile, by: User, at: datetime) -> Attachment:
    """Check and keep one file; where one is asked, it replaces the former. Raises `Refused`, `UploadRefused`."""
    require(can_change_piece(by, application, piece, at))
    require(has_room(application, upload.size or 0))
    limit = piece.max_megabytes * MEGABYTE
    file = store_upload(upload, accepted=accepted_extensions(piece), max_bytes=limit, by=by, at=at)
    with transaction.atomic():
        ask_scan(file, at)
        Application.objects.select_for_update(no_key=True).get(pk=application.pk)
        here = application.attachments.filter(piece_code=piece.code, removed_at=None)
        if piece.max_count == 1:
            here.update(removed_at=at, removed_by=by)
        elif here.count() >= piece.max_count:
            most = format_quantity(piece.max_count, "fichier")
            raise Refused(f"{piece.label}\u00a0: {most} au plus. Retirez-en un avant d’en joindre un autre.")
        attachment = Attachment.objects.create(
            application=application, piece_code=piece.code, file=file, added_at=at, added_by=by
        )
        application.promises.filter(piece_code=piece.code, kept_at=None).update(kept_at=at)
        note_writing(application, f"piece:{piece.code}", by, at)
        Application.objects.filter(pk=application.pk).update(last_activity_at=at)
    return attachment


@transaction.atomic
def remove_attachment(*, attachment: Attachment, piece: PieceType, by: User, at: datetime) -> None:
    """Take a file out of the file; the row and the bytes stay, a deposit may point to them."""
    require(can_change_piece(by, attachment.application, piece, at))
    Attachment.objects.filter(pk=attachment.pk, removed_at=None).update(removed_at=at, removed_by=by)
    note_writing(attachment.application, f"piece:{piece.code}", by, at)
    Application.objects.filter(pk=attachment.application_id).update(last_activity_at=at)


@transaction.atomic
def promise(*, application: Application, piece: PieceType, due_on: date, by: User, at: datetime) -> PiecePromise:
    """Promise a piece for a day that the call allows. Raises `Refused`."""
    require(can_edit(by, application, at))
    if piece.promised_until is None:
        raise Refused("Cette pièce ne peut pas être promise : joignez-la avant de déposer.")
    if not day_of(at) <= due_on <= piece.promised_until:
        raise Refused(f"Choisissez une date au plus tard le {format_date(piece.promised_until)}.")
    kept, _ = PiecePromise.objects.update_or_create(
        application=application,
        piece_code=piece.code,
        defaults={"due_on": due_on, "promised_at": at, "promised_by": by, "kept_at": None},
    )
    note_writing(application, f"piece:{piece.code}", by, at)
    return kept
