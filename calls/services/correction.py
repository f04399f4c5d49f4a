"""A document handed in is staged, its differences are shown, then it is applied whole: an import, or a correction."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from django.db import transaction
from pydantic import ValidationError

from portal.accounts.models import Organisation, User
from portal.core.rules import Refused, require
from portal.core.typography import typeset

from .. import states
from ..definition.consistency import inconsistencies
from ..definition.diff import Change, diff
from ..definition.dump import dump
from ..definition.freeze import FORM, Refusal, form_changes, refusals
from ..definition.inheritance import patched
from ..definition.load import amend
from ..definition.reading import canonical, read
from ..definition.schema import CallDocument
from ..holders import Concern, concern_of
from ..models import Call, CallRevision, DownloadFile, StagedDocument
from ..rules_life import is_live
from .life import locked, revise, tell_holders
from .publication import document_sha256, import_call, sha256_of
from .templates import check_instance, record_overrides

MOST_WORDS = 40


@dataclass(frozen=True)
class Proposal:
    """What a staged document would change, and what prevents it."""

    document: CallDocument
    changes: tuple[Change, ...]
    refused: list[Refusal]
    concern: Concern
    files: list[str] = field(default_factory=list)

    @property
    def ready(self) -> bool:
        """Whether it may be published."""
        return bool(self.changes or self.files) and not self.refused

    @property
    def form(self) -> list[Change]:
        return form_changes(self.changes)


# --- handing in --------------------------------------------------------------------------------------------------


@transaction.atomic
def stage_document(
    text: str, *, owner: Organisation, by: User, at: datetime, call: Call | None = None
) -> StagedDocument:
    """Keep a document until its differences have been read; nothing is written yet. Raises `BadDocument`, `Refused`."""
    document = read(text)
    if document.owner.siren != owner.siren:
        raise Refused(f"Cet appel est celui d’un autre organisme (SIREN {document.owner.siren}).")
    existing = Call.objects.filter(slug=document.slug).first()
    if existing and existing.owner_id != owner.pk:
        raise Refused("Un autre organisme a déjà un appel à cette adresse : changez « slug ».")
    if call and existing != call:
        raise Refused(f"Ce fichier n’est pas celui de cet appel : son « slug » est {document.slug}.")
    return StagedDocument.objects.create(
        owner=owner,
        call=existing,
        text=canonical(document),
        base_sha256=document_sha256(existing) if existing else "",
        made_by=by,
        made_at=at,
    )


# --- reading what it would do ------------------------------------------------------------------------------------


def proposal_of(staged: StagedDocument, at: datetime) -> Proposal:
    """The differences with the call as it is now; what a published call refuses; whom a change of the form touches."""
    call = staged.call
    if call is None:
        return Proposal(document_in(staged.text), (), [], Concern())
    before = dump(call)
    document = caught_up(staged, before) if staged.by_hand else document_in(staged.text)
    changes = diff(before, document)
    live = call.state not in states.PREPARATION
    refused = refusals(changes, closed=before.closes_at < at) if live else []
    concern = concern_of_changes(call, changes) if live else Concern()
    kept = set(staged.files.values_list("code", flat=True)) if staged.by_hand else set()
    files = [download.label for download in document.documents if download.code in kept]
    return Proposal(document, changes, refused, concern, files)


@lru_cache(maxsize=32)
def document_in(text: str) -> CallDocument:
    """A staged document, read once while it is being written and reread."""
    return read(text)


def caught_up(staged: StagedDocument, published: CallDocument) -> CallDocument:
    """A correction by hand on the call as it is now: what was published meanwhile is kept, an extension first of all.

    Raises `Refused` when both cannot stand together.
    """
    document = document_in(staged.text)
    if sha256_of(published) == staged.base_sha256:
        return document
    assert staged.call is not None
    base = staged.call.revisions.filter(sha256=staged.base_sha256).order_by("-n").first()
    try:
        merged = patched(published, diff(document_in(base.document), document)) if base else None
    except ValidationError:
        merged = None
    if merged is None or inconsistencies(merged):
        raise Refused("L’appel a trop changé depuis le début de cette correction : abandonnez-la, puis recommencez.")
    return merged


def concern_of_changes(call: Call, changes: Iterable[Change]) -> Concern:
    """Drafts and deposited files that a change of the form touches."""
    form = form_changes(changes)
    if not form:
        return Concern()
    everyone = any(change.kind == "added" for change in form)
    questions = {code for change in form for code in codes_of(change, "questions")}
    pieces = {code for change in form for code in codes_of(change, "pieces")}
    return concern_of(call, questions, pieces, everyone=everyone)


def codes_of(change: Change, part: str) -> list[str]:
    """The codes of questions (or pieces) that a change bears on: named by its path, or inside a section taken away."""
    steps = change.path.split(".")
    if part in steps and steps.index(part) + 1 < len(steps):
        return [steps[steps.index(part) + 1]]
    if part == "questions" and steps[0] == FORM[0] and isinstance(change.before, dict):
        return [question["code"] for question in change.before.get("questions", ())]
    return []


# --- applying ----------------------------------------------------------------------------------------------------


@transaction.atomic
def apply_import(*, staged: StagedDocument, by: User, at: datetime, reason: str = "") -> Call:
    """The call in preparation takes the staged document, whole. Raises `Refused`."""
    row = still_fresh(staged)
    call = import_call(row.text, owner=row.owner, by=by, at=at, reason=reason)
    StagedDocument.objects.filter(pk=row.pk).update(applied_at=at)
    return call


@transaction.atomic
def apply_correction(*, staged: StagedDocument, reason: str, by: User, at: datetime) -> CallRevision:
    """Correct a published call: a new revision, a public line of its changelog, a mail to each holder of a file."""
    row = still_fresh(staged)
    call = locked(row.call)
    require(is_live(call))
    proposal = proposal_of(row, at)
    if not (proposal.changes or proposal.files):
        raise Refused("Cette correction ne change rien à l’appel.")
    if proposal.refused:
        raise Refused(proposal.refused[0].sentence)
    if not reason.strip():
        raise Refused("Dites pourquoi l’appel est corrigé : tous ceux qui candidatent le liront.")
    check_instance(proposal.document, call)
    publish_files(call, row)
    words = [*(change.sentence for change in proposal.changes), *(file_words(label) for label in proposal.files)]
    revision = publish_changes(call, proposal.document, words, reason=reason.strip(), by=by, at=at)
    record_overrides(call, proposal.document, reason=reason, by=by, at=at)
    StagedDocument.objects.filter(pk=row.pk).update(applied_at=at)
    return revision


def publish_changes(
    call: Call, document: CallDocument, words: Sequence[str], *, reason: str, by: User, at: datetime
) -> CallRevision:
    """Write the changes of a published call, under its lock: rows, revision, changelog, mails. Raises `Refused`."""
    amend(call, dump(call), document)
    call.downloads.exclude(code__in=[download.code for download in document.documents]).delete()
    if canonical(dump(call)) != canonical(document):
        raise Refused("Une partie de ce fichier ne peut pas être corrigée après publication. Rien n’est changé.")
    words = list(words[:MOST_WORDS])
    revision = revise(call, by=by, at=at, reason=reason, changes=words)
    period = f"revision:{revision.n}"
    tell_holders(call, about="corrected", period=period, at=at, changes=words, reason=reason)
    return revision


def publish_files(call: Call, staged: StagedDocument) -> None:
    """The bytes that waited with a correction take the place of those that are public."""
    for kept in staged.files.select_related("file"):
        values = {"file": kept.file, "kept_at": kept.kept_at}
        DownloadFile.objects.update_or_create(call=call, code=kept.code, defaults=values)


def file_words(label: str) -> str:
    """« Fichier déposé : Modèle de délibération. »"""
    return typeset(f"Fichier déposé : {label}.")


def still_fresh(staged: StagedDocument) -> StagedDocument:
    """The row under its lock, if it was not applied and its call has not changed since it was compared."""
    row = StagedDocument.objects.select_for_update(of=("self",)).select_related("call", "owner").get(pk=staged.pk)
    if row.applied_at:
        raise Refused("Ce fichier, ou cette correction, a déjà été enregistré.")
    if row.call is None and Call.objects.filter(slug=read(row.text).slug).exists():
        raise Refused("Un appel de même adresse a été créé entre-temps : déposez de nouveau le fichier.")
    if row.call and not row.by_hand and document_sha256(row.call) != row.base_sha256:
        raise Refused("L’appel a changé depuis que ces différences ont été affichées : déposez de nouveau le fichier.")
    return row
