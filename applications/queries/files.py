"""Questions about applications. The person comes first: own organisations, then deposited files of one's calls."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import cache, lru_cache
from json import dumps, loads
from pathlib import PurePath
from typing import Any, cast

from django.db.models import DateTimeField, Exists, Func, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.urls import reverse

from calls.conditions import Facts, asks_figures, holds
from calls.definition.predicates import read_condition
from calls.models import Call, CallRole, PieceType, Question, Section, Track, Undertaking, Window
from calls.queries import within_scope
from calls.queries_applicants import facts_of_organisation, placed
from portal.accounts.models import Membership, Organisation, User
from portal.core.calendar import day_of
from portal.core.clock import portal_now
from portal.core.models import StoredFile
from portal.core.scanning import scan_words

from .. import states
from ..content.answers import YES
from ..content.progress import Applies, FileProgress, Framing, Plan, Stored, look
from ..content.reading import FileReading, PieceReading, SectionReading, thaw
from ..funding.frames import frame_for
from ..funding.verdicts import Frame
from ..models import (
    Application,
    ApplicationMember,
    Attachment,
    DecisionLine,
    Deposit,
    DepositedPiece,
    PiecePromise,
    SectionAnswers,
)
from .mandates import mandated_files
from .resolutions import acts_of


class PortalNow(Func):
    """The portal's clock inside a query, where an instant is expected."""

    function = "portal_now"
    output_field = DateTimeField()


# What every page of a file reads of it: the institution, the limit, the commune and where it lies.
LOOK = ("call__owner__profile", "window", "track", "lead__commune__department", "lead__commune__intercommunality")


# Who applies: the lead, and beside it the co-applicants; a helper writes with them.
LIVE_ROLES = (ApplicationMember.Role.LEAD, ApplicationMember.Role.MEMBER)


# --- who sees what -----------------------------------------------------------------------------------------------


def own_applications(user: User) -> QuerySet[Application]:
    """The files of a person's organisations, and those that a mandate opens to them."""
    if not user.is_authenticated:
        return Application.objects.none()
    own, mandated = files_of_organisations(user), mandated_files(user)
    return _with_look(Application.objects.filter(Q(pk__in=own.values("pk")) | Q(pk__in=mandated.values("pk"))))


def files_of_organisations(user: User) -> QuerySet[Application]:
    """The files of a person's organisations. Until confirmed, one sees only the file that one began oneself."""
    confirmed = Q(organisation__memberships__state=Membership.State.CONFIRMED)
    begun = Q(organisation__memberships__state=Membership.State.PENDING, application__created_by=user)
    members = ApplicationMember.objects.filter(confirmed_at__isnull=False, left_at=None)
    mine = members.filter(confirmed | begun, organisation__memberships__user=user)
    return Application.objects.filter(pk__in=mine.values("application_id"), erasure=None)


def staffed_applications(user: User) -> QuerySet[Application]:
    """The deposited files of the calls where a person holds a staff role, within its territorial scope.

    A role limited to some communes reads the files where one of them applies, in the lead or beside it.
    """
    if not user.is_authenticated:
        return Application.objects.none()
    at = cast(datetime, PortalNow())
    told = DecisionLine.objects.filter(
        application=OuterRef("pk"), outcome="selected", decision__notified_at__isnull=False
    )
    others = [role for role in CallRole.Role.values if role != CallRole.Role.ADVISER]
    advised = within_scope(user, at, CallRole.Role.ADVISER, call="call_id", commune="lead__commune_id")
    covered = within_scope(user, at, *others, call="call_id", commune=applying) | advised & Q(Exists(told))
    return _with_look(Application.objects.filter(covered, number__isnull=False, erasure=None))


def applying(communes: list[str]) -> Q:
    """The files where one of these communes (INSEE codes) applies: its lead, or a co-applicant that has confirmed."""
    members = ApplicationMember.objects.filter(
        role__in=LIVE_ROLES, confirmed_at__isnull=False, left_at=None, organisation__commune__in=communes
    )
    return Q(pk__in=members.values("application_id"))


def applications_visible_to(user: User) -> QuerySet[Application]:
    """Own organisations' files, and deposited files of one's calls. Jurors do not come through here."""
    own, staffed = own_applications(user), staffed_applications(user)
    return _with_look(Application.objects.filter(Q(pk__in=own.values("pk")) | Q(pk__in=staffed.values("pk"))))


def read_now(files: QuerySet[Application]) -> QuerySet[Application]:
    """The files with the instant of their reading, `read_at`."""
    return files.annotate(read_at=PortalNow())


def _with_look(files: QuerySet[Application]) -> QuerySet[Application]:
    return files.select_related(*LOOK)


def file_held(organisation: Organisation, call: Call) -> Application | None:
    """The file of an organisation in a call, in the lead or beside it; of two stages, the latest."""
    members = organisation.application_members.filter(call=call, role__in=LIVE_ROLES, left_at=None)
    held = members.filter(confirmed_at__isnull=False).values("application_id")
    return _with_look(Application.objects.filter(pk__in=held)).order_by("-pk").first()


def latest_deposit(application: Application) -> Deposit | None:
    """The version that counts."""
    read = ("receipt", "deposited_by", "revision", "outside__proof", "outside__entered_by")
    return application.deposits.select_related(*read).order_by("-n").first()


# --- where a file stands -----------------------------------------------------------------------------------------


KEPT = Prefetch("attachments", Attachment.objects.filter(removed_at=None).select_related("file"), to_attr="kept")
AWAITED = Prefetch("promises", PiecePromise.objects.filter(kept_at=None), to_attr="awaited")
# Beside `LOOK`, everything that `look` reads.
READ = (
    "reopenings",
    "call__sections__questions",
    "call__piece_types",
    "call__strata",
    "sections__updated_by",
    "lead__commune__populations",
    "lead__commune__intercommunality__populations",
    KEPT,
    AWAITED,
)


def with_progress(files: QuerySet[Application]) -> QuerySet[Application]:
    """Everything that `look` reads, for one file or for many, in a constant number of queries."""
    return files.select_related(*LOOK).prefetch_related(*READ)


# Beside the answers and the pieces, what a deposit freezes: the applicant's figures, its stratum; its own limit.
FROZEN = (
    "reopenings",
    "call__strata",
    "lead__commune__populations",
    "lead__commune__intercommunality__populations",
)


def to_deposit(files: QuerySet[Application]) -> QuerySet[Application]:
    """With what `parcel_read` reads of the applicant."""
    return files.select_related(*LOOK).prefetch_related(*FROZEN)


def held_to_deposit(files: QuerySet[Application]) -> QuerySet[Application]:
    """The same, each file locked until commit; who applies and the limit are those of the moment of the question."""
    return to_deposit(files).select_for_update(of=("self",), no_key=True)


def progress_of(application: Application, at: datetime | None = None) -> FileProgress:
    """Where one file stands now, all that it holds read again."""
    plan = plan_read(application)
    rows = application.sections.select_related("updated_by").all()
    return progress_with(application, plan, rows, at or portal_now())


def progress_read(application: Application, at: datetime | None = None) -> FileProgress:
    """Where a file of `with_progress` stands, at an instant (now by default)."""
    applies, framing = applies_to(application), framing_of(application)
    return look(plan_of(application), stored_of(application), applies, day_of(at or portal_now()), framing)


def plan_read(application: Application) -> Plan:
    """What the call asks for at the stage of one file: two queries. Each piece has the day of its promise, `due_on`."""
    call, stages = application.call_id, ("both", application.stage)
    asked = Question.objects.filter(section__call=call, section__stage__in=stages).select_related("section")
    moves = Exists(Window.objects.filter(call=call, condition__isnull=False))
    questions = list(asked.annotate(moves=moves).order_by("section__position", "position"))
    sections: dict[int, tuple[Section, list[Question]]] = {}
    for question in questions:
        sections.setdefault(question.section_id, (question.section, []))[1].append(question)
    promised = PiecePromise.objects.filter(application=application, piece_code=OuterRef("code"), kept_at=None)
    pieces = PieceType.objects.filter(call=call, stage__in=stages)
    return Plan(
        sections=list(sections.values()),
        pieces=list(pieces.annotate(due_on=Subquery(promised.values("due_on")))),
        moves=any(question.moves for question in questions[:1]),
    )


def progress_with(application: Application, plan: Plan, rows: Iterable[SectionAnswers], at: datetime) -> FileProgress:
    """Where one file stands with these answers: its pieces are read, its facts too when a condition asks for them."""
    files: dict[str, list[Attachment]] = defaultdict(list)
    for attachment in application.attachments.filter(removed_at=None).select_related("file"):
        files[attachment.piece_code].append(attachment)
    promises = {piece.code: piece.due_on for piece in plan.pieces if piece.due_on}
    stored = Stored({row.section_code: row for row in rows}, files, promises)
    return look(plan, stored, applies_to(application), day_of(at), framing_of(application))


def plan_of(application: Application) -> Plan:
    """What the call asks for at the stage of the file."""
    call, stages = application.call, ("both", application.stage)
    return Plan(
        [(section, list(section.questions.all())) for section in call.sections.all() if section.stage in stages],
        [piece for piece in call.piece_types.all() if piece.stage in stages],
    )


def stored_of(application: Application) -> Stored:
    """What a file of `with_progress` holds."""
    files: dict[str, list[Attachment]] = defaultdict(list)
    for attachment in application.kept:  # type: ignore[attr-defined]  # see KEPT
        files[attachment.piece_code].append(attachment)
    promises = {p.piece_code: p.due_on for p in application.awaited}  # type: ignore[attr-defined]  # see AWAITED
    return Stored({row.section_code: row for row in application.sections.all()}, files, promises)


def facts_about(
    organisation: Organisation,
    values: Mapping[str, Any] | None = None,
    *,
    call: Call | None = None,
    track: Track | None = None,
    stratum: str = "",
) -> Facts:
    """What is known of an applicant, with the answers given; in a call, its track and its stratum."""
    facts = facts_of_organisation(organisation, track=track.code if track else None)
    facts = replace(facts, stratum=stratum) if stratum else placed(facts, call) if call else facts
    return with_answers(facts, values or {})


def facts_of_file(application: Application, values: Mapping[str, Any] | None = None) -> Facts:
    """The facts on which every condition of a file is judged: applicant, track, stratum (frozen once deposited)."""
    return facts_about(
        application.lead,
        values,
        call=application.call,
        track=application.track,
        stratum=application.stratum if application.state != states.DRAFT else "",
    )


def undertakings_asked(application: Application, facts: Facts) -> list[Undertaking]:
    """The undertakings of the call that bear on this file."""
    rows = application.call.undertakings.all()
    return [row for row in rows if holds(read_condition(row.condition), facts) is True]


def applies_to(application: Application) -> Applies:
    """Whether a question or a piece is asked of this applicant; one that hangs on an unknown fact is not asked yet.

    The figures of the applicant are read when a condition bears on them, and then once.
    """
    known = cache(lambda: facts_of_file(application))
    plain = plain_facts(application)

    def applies(condition: Any, values: Mapping[str, Any]) -> bool:
        if not condition:
            return True
        read = _condition(dumps(condition, sort_keys=True))
        return holds(read, with_answers(known() if asks_figures(read) else plain, values)) is True

    return applies


def plain_facts(application: Application) -> Facts:
    """What is known of the applicant without reading any figure."""
    track, lead = application.track, application.lead
    return Facts(applicant_kind="commune" if lead.commune_id else lead.kind, track=track.code if track else None)


def framing_of(application: Application) -> Framing:
    """What bears on the financing plans of a file; the figures of the applicant are read when an aid hangs on them."""

    def framing(values: Mapping[str, Any]) -> Frame:
        money, commune = application.call.extras.get("money") or {}, application.lead.commune
        asked = [read_condition(grant.get("condition")) for grant in money.get("grants", ())]
        facts = facts_of_file if any(asks_figures(condition) for condition in asked) else plain_facts
        department = commune.department_id if commune else ""
        return frame_for(money, with_answers(facts(application), values), department)

    return framing


@lru_cache(maxsize=512)
def _condition(text: str) -> Any:
    return read_condition(loads(text))


def with_answers(facts: Facts, values: Mapping[str, Any]) -> Facts:
    """The facts with the answers given; « oui » and « non » become True and False."""
    told = {code: (value == YES) if value in (YES, "non") else value for code, value in values.items()}
    return replace(facts, answers=told)


# --- reading -----------------------------------------------------------------------------------------------------


def answers_for_reading(deposit: Deposit, *, for_jury: bool) -> list[SectionReading]:
    """The frozen answers, with the labels of that day."""
    return thaw(deposit.answers, for_jury=for_jury)


def pieces_for_reading(deposit: Deposit, *, for_jury: bool) -> list[PieceReading]:
    """The pieces received and those promised."""
    application, hidden = deposit.application, hidden_piece_codes(deposit.application.call) if for_jury else frozenset()
    files: dict[tuple[str, str, str], list[FileReading]] = defaultdict(list)
    for piece in DepositedPiece.objects.filter(deposit=deposit).select_related("file"):
        if piece.piece_code not in hidden:
            files[piece.piece_code, piece.label, piece.act].append(file_reading(application, piece.file))
    received = [PieceReading(code, label, tuple(items), act=act) for (code, label, act), items in files.items()]
    later = {attachment.piece_code: attachment for attachment in pieces_received_later(deposit)}
    acts = acts_of(application, application.call.piece_types.all()) if later else {}
    for promise in deposit.promises:
        if promise["code"] not in hidden:
            told = _promised(application, promise, later.get(promise["code"]))
            received.append(replace(told, act=acts.get(told.code, "")))
    return received


def _promised(application: Application, promise: Mapping[str, str], attachment: Attachment | None) -> PieceReading:
    """A piece promised at deposit: the file handed in since, marked with its day, or the day it is due."""
    due_on = date.fromisoformat(promise["due_on"])
    if attachment is None:
        return PieceReading(promise["code"], promise["label"], promised_for=due_on)
    file = file_reading(application, attachment.file)
    return PieceReading(promise["code"], promise["label"], (file,), received_at=attachment.added_at)


def pieces_received_later(deposit: Deposit) -> QuerySet[Attachment]:
    """Files handed in after the deposit for pieces that it promised."""
    codes = [promise["code"] for promise in deposit.promises]
    since = deposit.application.attachments.filter(removed_at=None, added_at__gt=deposit.received_at)
    return since.filter(piece_code__in=codes).select_related("file")


def draft_pieces_for_reading(application: Application, progress: FileProgress) -> list[PieceReading]:
    """The pieces of the draft as they stand."""
    acts = acts_of(application, [item.piece for item in progress.pieces])
    return [
        PieceReading(
            code=item.piece.code,
            label=item.piece.label,
            files=tuple(file_reading(application, attachment.file) for attachment in item.files),
            promised_for=item.promised_for,
            needed=item.needed,
            act=acts.get(item.piece.code, ""),
        )
        for item in progress.pieces
    ]


def file_reading(application: Application, file: StoredFile) -> FileReading:
    url = reverse("piece_download", args=[application.uuid, file.pk])
    return FileReading(file.name, format_of(file.name), file.size, file.sha256, url, scan_words(file))


def format_of(name: str) -> str:
    """« PDF », « GeoJSON »."""
    extension = PurePath(name).suffix.lstrip(".")
    return {"geojson": "GeoJSON"}.get(extension.lower(), extension.upper())


def hidden_piece_codes(call: Call) -> frozenset[str]:
    """Pieces that the jury does not see."""
    return frozenset(call.piece_types.filter(visible_to_jury=False).values_list("code", flat=True))


def file_for_commune(application: Application, key: Any) -> StoredFile | None:
    """A file that the commune may read: attached now, or deposited once."""
    attached = application.attachments.filter(removed_at=None, file_id=key)
    deposited = DepositedPiece.objects.filter(deposit__application=application, file_id=key)
    return StoredFile.objects.filter(
        Q(pk__in=attached.values("file_id")) | Q(pk__in=deposited.values("file_id"))
    ).first()


def deposited_file(application: Application, key: Any) -> tuple[StoredFile, str] | None:
    """A file that others may read, with the code of its piece: deposited, or handed in for a promise of the deposit."""
    piece = DepositedPiece.objects.filter(deposit__application=application, file_id=key).select_related("file").first()
    if piece:
        return piece.file, piece.piece_code
    deposit = latest_deposit(application)
    later = pieces_received_later(deposit).filter(file_id=key).first() if deposit else None
    return (later.file, later.piece_code) if later else None
