"""Erase the content of one file: texts, answers, bytes. Who applied, what was decided and the numbers stay."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from portal.accounts.models import User
from portal.core.models import FrozenDocument, StoredFile
from portal.core.uploads import erase_bytes

from ..documents.copy import deposited_number, draft_number
from ..models import Application, Attachment, DepositedPiece, Erasure
from ..queries.retention import Due


@transaction.atomic
def erase(*, due: Due, by: User | None, at: datetime) -> Erasure:
    """Write what goes, then let it go: the database keeps the rows that prove, without their texts.

    The caller has judged (`may_erase`) and holds the lock of the file.
    """
    file, papers = due.application, papers_of(due.application)
    bytes_gone = [*files_of(file), *StoredFile.objects.filter(pk__in=papers.exclude(file=None).values("file"))]
    erasure = Erasure.objects.create(
        application=file, kind=due.kind, due_on=due.due_on, rule=due.rule.words[:300], visa=due.visa, at=at, by=by,
        counts=counts_of(file, bytes_gone),
    )  # fmt: skip
    forget_texts(file, deposited=due.deposited)
    papers.update(snapshot={})
    for stored in bytes_gone:
        erase_bytes(stored, at)
    return erasure


def counts_of(file: Application, gone: list[StoredFile]) -> dict[str, int]:
    """What statistics keep."""
    return {
        "sections": file.sections.count(),
        "answers": sum(len(row.values) for row in file.sections.all()),
        "versions": file.deposits.count(),
        "files": len(gone),
        "octets": sum(stored.size for stored in gone),
    }


def files_of(file: Application) -> QuerySet[StoredFile]:
    """The bytes that this file alone holds: another file of two stages may hold the same."""
    here, there = Q(application=file), ~Q(application=file) & Q(application__erasure=None)
    attached, deposited = Attachment.objects.filter(here), DepositedPiece.objects.filter(deposit__application=file)
    proofs = [file.outside.proof_id] if hasattr(file, "outside") else []
    shared = Attachment.objects.filter(there)
    mine = Q(pk__in=attached.values("file")) | Q(pk__in=deposited.values("file")) | Q(pk__in=proofs)
    return StoredFile.objects.filter(mine, erased_at=None).exclude(pk__in=shared.values("file"))


def papers_of(file: Application) -> QuerySet[FrozenDocument]:
    """The copies and receipts, which repeat the answers; letters, minutes and agreements are kept."""
    deposits = list(file.deposits.all())
    numbers = [draft_number(file), *(deposited_number(deposit) for deposit in deposits)]
    return FrozenDocument.objects.filter(Q(number__in=numbers) | Q(pk__in=[d.receipt_id for d in deposits]))


def forget_texts(file: Application, *, deposited: bool) -> None:
    """The answers, explanations and promises; of a draft, its title too."""
    file.sections.all().delete()
    file.justifications.all().delete()
    file.promises.all().delete()
    file.signature_requests.update(reason="")
    for deposit in file.deposits.all():
        deposit.answer_facts.exclude(text="").delete()
        deposit.verdicts.exclude(justification="").update(justification="")
    file.deposits.update(answers={"sections": []})
    if not deposited:
        Application.objects.filter(pk=file.pk).update(title="")
