"""The rooms of the back office write a call in preparation, or the correction of a published one, by the same forms."""

from datetime import datetime, timedelta

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Q

from portal.accounts.models import User
from portal.core.rules import Refused, require
from portal.core.uploads import store_upload

from .. import states
from ..definition.diff import diff
from ..definition.dump import dump
from ..definition.editing import BadEdit, Change, NoSuchPart, checked, path_of, put
from ..definition.freeze import Refusal, refusals
from ..definition.reading import canonical
from ..definition.schema import CallDocument
from ..definition.tree import Problem
from ..models import Call, StagedDocument
from ..rules_life import is_live
from . import writing
from .correction import caught_up
from .life import locked
from .publication import sha256_of

KEPT = timedelta(days=30)  # a document handed in and never applied
GONE = "Cette correction vient d’être publiée ou abandonnée : rien n’est enregistré. Copiez vos textes."


def edit(*, call: Call, change: Change, at: datetime, read: CallDocument | None = None) -> CallDocument:
    """One change, of the call in preparation or of the correction that is open. Raises what `edit_call` raises."""
    if call.state in states.LIVE:
        return edit_correction(call=call, change=change, at=at)
    return writing.edit_call(call=call, change=change, read=read)


def keep_download(*, call: Call, code: str, upload: UploadedFile, by: User, at: datetime) -> None:
    """Keep the bytes of a document to download: at once in preparation, with the correction once published."""
    if call.state not in states.LIVE:
        writing.keep_download(call=call, code=code, upload=upload, by=by, at=at)
        return
    with transaction.atomic():
        file = store_upload(upload, accepted=writing.DOWNLOAD_TYPES, max_bytes=writing.MAX_DOWNLOAD, by=by, at=at)
        edit_correction(call=call, change=put(f"documents/{code}", {("file",): file.name[-120:]}), at=at)
        values = {"file": file, "kept_at": at}
        staged = StagedDocument.objects.get(call=call, by_hand=True, applied_at=None)
        staged.files.update_or_create(code=code, defaults=values)


# --- a correction, from its opening to its end -------------------------------------------------------------------


@transaction.atomic
def open_correction(*, call: Call, by: User, at: datetime) -> StagedDocument:
    """The correction that the team writes in the rooms; the one already begun, when there is one."""
    current = locked(call)
    require(is_live(current))
    found = StagedDocument.objects.filter(call=current, by_hand=True, applied_at=None).first()
    if found:
        return found
    document = dump(current)
    return StagedDocument.objects.create(
        owner=current.owner,
        call=current,
        text=canonical(document),
        base_sha256=sha256_of(document),
        by_hand=True,
        made_by=by,
        made_at=at,
    )


@transaction.atomic
def edit_correction(*, call: Call, change: Change, at: datetime) -> CallDocument:
    """One change of the correction that is open; what the publication has settled is refused, in its place."""
    waiting = StagedDocument.objects.select_for_update(of=("self",)).select_related("call__programme", "call__owner")
    staged = waiting.filter(call=call, by_hand=True, applied_at=None).first()
    if staged is None or staged.call is None:
        raise Refused(GONE)
    require(is_live(staged.call))
    published = dump(staged.call)
    before = caught_up(staged, published)
    after = checked(change(before))
    closed = published.closes_at < at
    known = {refusal.change.path for refusal in refusals(diff(published, before), closed=closed)}
    news = [one for one in refusals(diff(published, after), closed=closed) if one.change.path not in known]
    if news:
        raise BadEdit(problem_of(one, before, after) for one in news)
    staged.text, staged.base_sha256, staged.edited_at = canonical(after), sha256_of(published), at
    staged.save(update_fields=["text", "base_sha256", "edited_at"])
    staged.files.exclude(code__in=[download.code for download in after.documents]).delete()
    return after


def problem_of(refusal: Refusal, before: CallDocument, after: CallDocument) -> Problem:
    """A refusal where the forms look for it: at its place, or at the part of the call where it stood."""
    address = refusal.change.path.replace(".", "/")
    for document in (after, before):
        try:
            return Problem(refusal.why, path_of(document, address))
        except NoSuchPart:
            continue
    return Problem(refusal.why, (address.partition("/")[0],))


def drop_correction(*, staged: StagedDocument) -> None:
    """The correction is given up, with what was written; nothing of it was ever public."""
    deleted, _ = StagedDocument.objects.filter(pk=staged.pk, applied_at=None).delete()
    if not deleted:
        raise Refused("Cette correction est déjà publiée.")


def purge_staged(at: datetime) -> int:
    """Forget what was handed in, or last written, thirty days ago and never applied; returns how many documents."""
    old = Q(edited_at=None, made_at__lt=at - KEPT) | Q(edited_at__lt=at - KEPT)
    rows = StagedDocument.objects.filter(old, applied_at=None)
    gone = list(rows.values_list("pk", flat=True))
    rows.filter(pk__in=gone).delete()
    return len(gone)
