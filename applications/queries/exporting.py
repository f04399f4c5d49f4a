"""Questions about exports: one's own, where each stands, what a file is made of."""

from collections.abc import Iterator

from django.db.models import Count, Q, QuerySet

from portal.accounts.models import User
from portal.core.models import StoredFile

from ..models import Deposit, Export, ExportPart
from .files import pieces_received_later
from .opinion import attached_to

STATE = ExportPart.State


def exports_of(user: User) -> QuerySet[Export]:
    """What a person asked, the latest first, with `total`, `done` and `failed` parts."""
    mine = Export.objects.filter(asked_by=user).select_related("call__owner__profile", "file")
    return mine.annotate(
        total=Count("parts"),
        done=Count("parts", filter=Q(parts__state=STATE.DONE)),
        failed=Count("parts", filter=Q(parts__state=STATE.FAILED)),
    ).order_by("-asked_at", "-pk")


def deposited_files(deposit: Deposit) -> Iterator[tuple[str, StoredFile]]:
    """(label, file) of every piece of a deposit, those handed in later for its promises included."""
    for piece in deposit.pieces.select_related("file"):
        yield piece.label, piece.file
    labels = {promise["code"]: promise["label"] for promise in deposit.promises}
    for row in pieces_received_later(deposit):
        yield labels[row.piece_code], row.file


def opinion_files(deposit: Deposit) -> Iterator[tuple[str, StoredFile]]:
    """(service, file) of the opinions that were given."""
    for opinion in deposit.application.opinions.filter(state="given"):
        for row in attached_to(opinion):
            yield opinion.service, row.file
