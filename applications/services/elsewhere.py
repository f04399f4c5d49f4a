"""A file received elsewhere enters through the same acts as a deposit, and says everywhere where it comes from."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from uuid import uuid4

from django.db import IntegrityError, transaction

from calls.models import Call, Question, Track, Window
from calls.queries import verdicts_for
from calls.queries_applicants import first_stage, windows_for
from portal.accounts.models import Organisation, User
from portal.core.calendar import day_of
from portal.core.models import StoredFile
from portal.core.rules import YES, Answer, Refused, first_refusal, no, require
from portal.core.scanning import ask_scan

from ..content.answers import AnswerFault, read, tidy
from ..content.places import settled
from ..models import Application, Attachment, Channel, Deposit, OutsideReceipt
from ..parcel.current import parcel_read
from ..queries.conditions import with_other_files
from ..queries.files import facts_about, file_held, held_to_deposit, progress_of
from ..rules.drafts import no_file_yet
from ..rules.eligibility import eligible_by
from ..rules.elsewhere import received_in_time, takes_outside_files
from ..rules.files import may_apply, track_chosen
from ..states import FILE
from ..words import this
from .drafting import create_application, recount, write_section
from .examination import admit
from .submission import hold_call, write_deposit

QUALITY = "Enregistrée par le service"
# What a table or a short form cannot say; the paper itself holds it.
NOT_COPIED = frozenset({"table", "file", "undertaking", "multiple"})


@dataclass(frozen=True)
class Told:
    """What is told of a file received elsewhere. `answers`: by question code, as typed; `pieces`: by piece code."""

    organisation: Organisation
    channel: str
    received_on: date
    received_time: time | None
    proof: StoredFile | None
    reference: str = ""
    track: Track | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    pieces: Mapping[str, Collection[StoredFile]] = field(default_factory=dict)


def stage_of(call: Call, channel: str) -> str:
    """A past edition left whole files; anything else enters where one begins."""
    return FILE if channel == Channel.PAST else first_stage(call)


def copied_questions(call: Call, channel: str) -> list[Question]:
    """The questions whose answer can be copied from paper, in the order of the form."""
    stages = ("both", stage_of(call, channel))
    sections = [section for section in call.sections.all() if section.stage in stages]
    return [q for section in sections for q in section.questions.all() if q.kind not in NOT_COPIED]


def window_of_receipt(call: Call, told: Told) -> Window | None:
    """The window whose days hold that of receipt; else the last one, which says why not."""
    facts = facts_about(told.organisation, call=call, track=told.track)
    windows = windows_for(call, facts, stage=stage_of(call, told.channel), track=told.track)
    holding = [w for w in windows if day_of(w.opens_at) <= told.received_on <= day_of(w.closes_at)]
    return holding[0] if holding else windows[-1] if windows else None


def may_enter(call: Call, told: Told, at: datetime) -> Answer:
    """Everything that refuses a file before it is written."""
    return first_refusal(
        takes_outside_files(call),
        track_chosen(call, told.track),
        may_apply(told.organisation, call),
        room_for(told.organisation, call),
        received_in_time(told.received_on, told.received_time, window_of_receipt(call, told), day_of(at)),
        well_copied(call, told),
    )


def room_for(organisation: Organisation, call: Call) -> Answer:
    """One file per organisation; a draft is the commune's, which deposits it or deletes it."""
    held = file_held(organisation, call)
    if held is not None and held.number is None:
        return no(
            f"{this(organisation).capitalize()} a un brouillon dans le portail : elle le dépose, ou le supprime, avant "
            "que le dossier reçu ailleurs soit enregistré."
        )
    return no_file_yet(organisation, call) if held is None else no(f"Une candidature est déjà là : {held.number}.")


def well_copied(call: Call, told: Told) -> Answer:
    """Each answer copied is one; the first fault is told with its question."""
    for question in copied_questions(call, told.channel):
        try:
            read(question, settled(question.kind, tidy(told.answers.get(question.code, ""), question.kind)))
        except AnswerFault as fault:
            return no(f"« {question.label} » : {fault}")
    return YES


def doubts(call: Call, told: Told) -> str:
    """A blocking rule that the applicant does not keep: entered all the same, then examined."""
    facts = facts_about(told.organisation, call=call, track=told.track)
    verdicts = verdicts_for(call, with_other_files(facts, told.organisation, call, None))
    return eligible_by(verdicts, this(told.organisation).capitalize()).reason


def record_outside(*, call: Call, told: Told, by: User, at: datetime) -> Deposit:
    """Write the file, its receipt elsewhere, its pieces and its frozen version. Raises `Refused` with the reason.

    Nothing is asked to be complete: whoever examines says what is missing. The instant of the deposit is that of the
    entry; the day of receipt is told beside it, with its proof.
    """
    require(may_enter(call, told, at))
    if told.proof is None:
        raise Refused("Joignez la preuve de la date de réception : enveloppe, registre du courrier, message.")
    try:
        with transaction.atomic():
            return _record(call, told, by, at)
    except IntegrityError:
        # Another person entered it, or the commune began, at the same moment: the database kept one.
        require(room_for(told.organisation, call))
        raise


def _record(call: Call, told: Told, by: User, at: datetime) -> Deposit:
    hold_call(call)
    require(takes_outside_files(call))
    window = window_of_receipt(call, told)
    assert window is not None, "may_enter requires dates"
    application = create_application(
        call=call, organisation=told.organisation, window=window, track=told.track, by=by, at=at,
        stage=stage_of(call, told.channel), prefill=False,
    )  # fmt: skip
    copy_answers(application, told, by, at)
    attach_pieces(application, told.pieces, by, at)
    outside = OutsideReceipt.objects.create(
        application=application, channel=told.channel, received_on=told.received_on,
        received_time=told.received_time, reference=told.reference, proof=told.proof, entered_at=at, entered_by=by,
    )  # fmt: skip
    ask_scan(outside.proof, at)
    recount(application, progress_of(application, at))
    current = held_to_deposit(Application.objects).get(pk=application.pk)
    deposit = write_deposit(current, 1, parcel_read(current, at), by, uuid4(), at, at, quality=QUALITY, outside=outside)
    if told.channel == Channel.PAST:
        admit(application=current, by=by, at=at, reason=f"Candidature reçue {outside.words}.")
    return deposit


def copy_answers(application: Application, told: Told, by: User, at: datetime) -> None:
    """Section by section, over what is prefilled."""
    versions = {row.section_code: row.version for row in application.sections.all()}
    by_section: dict[str, dict[str, Any]] = {}
    for question in copied_questions(application.call, told.channel):
        if told.answers.get(question.code, "").strip():
            typed = settled(question.kind, tidy(told.answers[question.code], question.kind))
            by_section.setdefault(question.section.code, {})[question.code] = typed
    for code, values in by_section.items():
        write_section(application, code, values, versions.get(code, 0), by, at)


def attach_pieces(
    application: Application, pieces: Mapping[str, Collection[StoredFile]], by: User, at: datetime
) -> None:
    """The files as the pieces that they are."""
    known = {piece.code: piece for piece in application.call.piece_types.all()}
    for code, files in pieces.items():
        if code not in known:
            raise Refused(f"Cet appel n’a pas de pièce « {code} ».")
        for file in files:
            Attachment.objects.create(application=application, piece_code=code, file=file, added_at=at, added_by=by)
            ask_scan(file, at)
