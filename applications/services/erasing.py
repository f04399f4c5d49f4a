"""Erase the content of one file: texts, answers, bytes. Who applied, what was decided and the numbers stay."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from portal.accounts.models import User
from portal.core.erasures import FILES, note
from portal.core.models import FrozenDocument, StoredFile
from portal.core.rules import Refused
from portal.core.uploads import erase_bytes

from ..documents.copy import deposited_number, draft_number
from ..models import Application, ArchiveVisa, Attachment, DepositedPiece, Erasure
from ..queries.retention import Due

KIND = "applications.file"
HAND = (
    "Le dossier {} avait été effacé, et la sauvegarde l’a ramené : la personne qui l’avait demandé n’y est pas. "
    "Effacez-le de nouveau depuis la page « Conservation » de son appel."
)


@transaction.atomic
def erase(*, due: Due, by: User | None, at: datetime) -> Erasure:
    """Write what goes, then let it go: the database keeps the rows that prove, without their texts.

    The caller has judged (`may_erase`) and holds the lock of the file.
    """
    file, gone = due.application, bytes_of(due.application)
    erasure = Erasure.objects.create(
        application=file, kind=due.kind, due_on=due.due_on, rule=due.rule.words[:300], visa=due.visa, at=at, by=by,
        counts=counts_of(file, gone),
    )  # fmt: skip
    note(KIND, file.uuid, facts_of(erasure, gone), at)
    forget(erasure, gone)
    return erasure


def bytes_of(file: Application) -> list[StoredFile]:
    """What it holds alone, and its papers."""
    papers = papers_of(file).exclude(file=None).values("file")
    return [*files_of(file), *StoredFile.objects.filter(pk__in=papers, erased_at=None)]


def forget(erasure: Erasure, gone: list[StoredFile]) -> None:
    file = erasure.application
    forget_texts(file, deposited=erasure.kind in (Erasure.Kind.SELECTED, Erasure.Kind.NOT_SELECTED))
    papers_of(file).update(snapshot={})
    for stored in gone:
        erase_bytes(stored, erasure.at)


# --- once more, after a restoration --------------------------------------------------------------------------------


def facts_of(erasure: Erasure, gone: list[StoredFile]) -> dict[str, Any]:
    """What the journal keeps: enough to write the same row on a backup that knows nothing of it."""
    visa = erasure.visa
    return {
        "kind": str(erasure.kind),
        "due_on": erasure.due_on.isoformat(),
        "rule": erasure.rule,
        "counts": erasure.counts,
        "by": erasure.by.uuid.hex if erasure.by else "",
        FILES: [stored.key.hex for stored in gone],
        "visa": visa and {
            "given_by": visa.given_by, "quality": visa.quality, "reference": visa.reference,
            "given_on": visa.given_on.isoformat(), "due_until": visa.due_until.isoformat(),
            "recorded_at": visa.recorded_at.isoformat(),
        },
    }  # fmt: skip


def erase_again(key: UUID, facts: dict[str, Any], at: datetime) -> bool:
    """A restored backup brought the file back: the same erasure, at its own instant. Raises `Refused`."""
    rows = Application.objects.select_for_update(no_key=True, of=("self",)).filter(uuid=key, erasure=None)
    file = rows.first()
    if file is None:
        return False
    by = User.objects.filter(uuid=UUID(facts["by"])).first() if facts["by"] else None
    if facts["visa"] and by is None:
        raise Refused(HAND.format(file.number))
    gone = bytes_of(file)
    erasure = Erasure.objects.create(
        application=file, kind=facts["kind"], due_on=date.fromisoformat(facts["due_on"]), rule=facts["rule"],
        visa=visa_again(file, facts["visa"], by) if facts["visa"] else None, at=at, by=by, counts=facts["counts"],
    )  # fmt: skip
    forget(erasure, gone)
    return True


def visa_again(file: Application, told: dict[str, str], by: User | None) -> ArchiveVisa:
    """The visa that covered it, written once more when the backup is older; its scanned copy is not."""
    days = {name: date.fromisoformat(told[name]) for name in ("given_on", "due_until")}
    facts = {
        "given_by": told["given_by"], "quality": told["quality"], **days,
        "recorded_at": datetime.fromisoformat(told["recorded_at"]), "recorded_by": by,
    }  # fmt: skip
    return ArchiveVisa.objects.get_or_create(call=file.call, reference=told["reference"], defaults=facts)[0]


# --- what goes -----------------------------------------------------------------------------------------------------


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
