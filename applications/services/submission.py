"""The deposit: one instant, one row, one receipt, whatever is clicked twice.

`received_at` is `portal_now()` read first in the transaction, before any lock: waiting for a lock makes nobody late.
Every attempt is kept, refused ones included.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from calls.models import Call
from portal.accounts.models import User
from portal.accounts.queries import WRITING_RIGHTS, people_with
from portal.core.clock import portal_now
from portal.core.outbox import enqueue_emails
from portal.core.rules import Answer, Refused, first_refusal
from portal.core.workflow import fire

from .. import states
from ..documents.receipt import request_receipt
from ..emails.files import receipt_mail
from ..models import (
    AnswerFact,
    Application,
    CompletionRequest,
    Deposit,
    DepositAttempt,
    DepositedPiece,
    EligibilityVerdict,
    OutsideReceipt,
    SignatureRequest,
)
from ..parcel.current import Contents, Parcel, parcel_read
from ..queries.files import held_to_deposit
from ..queries.life import limit_of
from ..rules.eligibility import eligible_by, is_explained
from ..rules.files import can_submit_application, is_complete, undertakes_all
from ..words import yours
from .operations import write_operations, write_site

DEFAULT_QUALITY = "Signataire"


def submit_application(
    *, application: Application, by: User, idempotency_key: UUID, undertakings: Collection[str], web_clock_at: datetime
) -> Deposit:
    """Deposit the file as it stands, or its next version; return the deposit. Raises `Refused` with the reason.

    The same form sent twice, or the same content deposited again, gives the deposit that exists: one receipt, one mail.
    """
    with transaction.atomic():
        received_at = portal_now()
        # The row lock: deposits of one file come one after another. What hangs on the file is read only then.
        current = held_to_deposit(Application.objects).get(pk=application.pk)
        hold_call(current.call)
        earlier = Deposit.objects.filter(idempotency_key=idempotency_key).first()
        if earlier is not None:
            return _same_form(earlier, current)
        parcel = parcel_read(current, received_at)
        answer = _may_deposit(by, current, parcel, undertakings, received_at)
        last = current.deposits.order_by("-n").first()
        if answer and last is not None and parcel.same_as(last):
            return last
        DepositAttempt.objects.create(
            application=current, at=received_at, by=by, accepted=answer.allowed, reason=answer.reason[:400]
        )
        if answer:
            n = last.n + 1 if last else 1
            deposit = write_deposit(current, n, parcel, by, idempotency_key, received_at, web_clock_at)
    # The refused attempt is committed: it is raised only now.
    if not answer:
        raise Refused(answer.reason)
    for name in ("state", "number", "title", "stratum"):
        setattr(application, name, getattr(current, name))
    return deposit


def hold_call(call: Call) -> None:
    """Keep the state of the call until commit, and read it again: a suspension comes before or after this deposit.

    The lightest lock that a change of state waits for; deposits do not wait for one another.
    """
    with connection.cursor() as cursor:
        now = "SELECT state, suspended_at, state_reason FROM calls_call WHERE id = %s FOR KEY SHARE"
        cursor.execute(now, [call.pk])
        call.state, call.suspended_at, call.state_reason = cursor.fetchone()


def _same_form(earlier: Deposit, application: Application) -> Deposit:
    if earlier.application_id != application.pk:
        raise Refused("Ce formulaire a déjà servi pour une autre candidature. Rechargez la page, puis recommencez.")
    return earlier


def _may_deposit(
    by: User, application: Application, parcel: Parcel, undertakings: Collection[str], at: datetime
) -> Answer:
    return first_refusal(
        can_submit_application(by, application, at),
        is_complete(parcel.progress),
        undertakes_all(parcel.undertakings, undertakings),
        eligible_by(parcel.ruled, yours(application.lead), deposit=True),
        is_explained(parcel.ruled, parcel.justifications),
    )


def write_deposit(
    application: Application,
    n: int,
    parcel: Parcel,
    by: User,
    key: UUID,
    received_at: datetime,
    web_clock_at: datetime,
    *,
    quality: str = "",
    outside: OutsideReceipt | None = None,
) -> Deposit:
    """All the rows of the `n`-th deposit, in the transaction of the caller. `outside`: it was received elsewhere."""
    number = application.number or next_number(application.call)
    stamps = {"number": number, "title": parcel.title[:200], "last_activity_at": received_at}
    if n == 1:
        stamps["stratum"] = (parcel.facts["stratum"] or {}).get("code", "")
    reason = f"Reçue {outside.words}." if outside else ""
    fire(application, states.SUBMIT, by=by, at=received_at, reason=reason, on_behalf_of=application.lead, stamps=stamps)
    deposit = write_version(
        application,
        n,
        parcel,
        by,
        key,
        received_at,
        web_clock_at,
        closes_at=limit_of(application),
        quality=quality,
        outside=outside,
    )
    SignatureRequest.objects.filter(application=application, state=SignatureRequest.State.ASKED).update(
        state=SignatureRequest.State.DONE, settled_at=received_at
    )
    return deposit


def write_version(
    application: Application,
    n: int,
    parcel: Contents,
    by: User,
    key: UUID,
    received_at: datetime,
    web_clock_at: datetime,
    *,
    closes_at: datetime,
    quality: str = "",
    completion: CompletionRequest | None = None,
    outside: OutsideReceipt | None = None,
) -> Deposit:
    """The insert-only rows of the `n`-th version, its receipt and its mails; `completion`: the request it answers."""
    quality = quality or by.role_title or DEFAULT_QUALITY
    revision = application.call.revisions.defer("document").order_by("-n")[0]
    receipt = request_receipt(
        application=application,
        parcel=parcel,
        revision=revision,
        n=n,
        quality=quality,
        received_at=received_at,
        completion=completion,
        outside=outside,
    )
    deposit = Deposit.objects.create(
        application=application,
        n=n,
        idempotency_key=key,
        received_at=received_at,
        closes_at=closes_at,
        completion=completion,
        web_clock_at=web_clock_at,
        deposited_by=by,
        quality=quality,
        on_behalf_of=application.lead,
        revision=revision,
        receipt=receipt,
        outside=outside,
        **frozen(parcel, undertaken=outside is None),
    )
    _write_parts(deposit, parcel)
    _write_mails(deposit)
    return deposit


def frozen(parcel: Contents, *, undertaken: bool) -> dict[str, Any]:
    """What a deposit keeps of the file as it stood; `undertaken`: its undertakings were taken here, one by one."""
    taken = parcel.undertakings if undertaken else ()
    return {
        "answers": parcel.answers,
        "answers_sha256": parcel.sha256,
        "undertakings": [{"code": row.code, "label": row.label} for row in taken],
        "promises": list(parcel.promises),
        "facts": parcel.facts,
        "co_applicants": list(parcel.co_applicants),
    }


def _write_parts(deposit: Deposit, parcel: Contents) -> None:
    """Pieces with their fingerprints, typed facts, operations and sites, verdicts with their sentences."""
    DepositedPiece.objects.bulk_create(
        DepositedPiece(
            deposit=deposit, position=n, piece_code=p.code, label=p.label, file=p.file, sha256=p.file.sha256, act=p.act
        )
        for n, p in enumerate(parcel.pieces, start=1)
    )  # fmt: skip
    AnswerFact.objects.bulk_create(AnswerFact(deposit=deposit, **row) for row in parcel.fact_rows)
    answers = [answer for section in parcel.answers["sections"] for answer in section["answers"]]
    write_operations(deposit, answers)
    write_site(deposit, answers)
    EligibilityVerdict.objects.bulk_create(
        EligibilityVerdict(
            deposit=deposit,
            position=n,
            rule_code=verdict.code,
            outcome=verdict.outcome,
            effect=verdict.effect,
            sentence=verdict.sentence,
            justification=parcel.justifications.get(verdict.code, ""),
        )
        for n, verdict in enumerate(parcel.verdicts, start=1)
    )


def _write_mails(deposit: Deposit) -> None:
    """The receipt, attached, to who deposited and to all who write for the organisation: at least once.

    Of a file received elsewhere, to its people and its official address: nobody there pressed a button.
    """
    people = people_with(deposit.on_behalf_of, list(WRITING_RIGHTS)).values_list("email", flat=True)
    first = deposit.on_behalf_of.official_email if deposit.outside_id else deposit.deposited_by.email
    addresses = dict.fromkeys([*([first] if first else []), *people])
    enqueue_emails([receipt_mail(deposit, address) for address in addresses], at=deposit.received_at)


def next_number(call: Call) -> str:
    """« TPS-2027-0007 »: the next number of the call, without a gap; the lock lasts until commit."""
    Call.objects.select_for_update(no_key=True).only("pk").get(pk=call.pk)
    given = Application.objects.filter(call=call, number__isnull=False).count()
    return f"{call.code_prefix}-{call.edition}-{given + 1:04d}"
