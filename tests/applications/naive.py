"""The deposit as one would first write it, kept to see the race tests fail: no lock, no key, the web server's clock."""

from datetime import datetime

from applications import states
from applications.documents.receipt import request_receipt
from applications.emails.files import receipt_mail
from applications.models import Application, Deposit
from applications.parcel.current import parcel_of
from portal.accounts.models import User
from portal.core.outbox import enqueue_email
from portal.core.rules import Refused


def naive_deposit(
    *, application: Application, by: User, idempotency_key, undertakings, web_clock_at: datetime
) -> Deposit:
    """Reads the state, decides, then writes: what happens in between is not seen."""
    application = Application.objects.get(pk=application.pk)
    if web_clock_at > application.window.closes_at:
        raise Refused("L’appel est clos.")
    parcel = parcel_of(application)
    revision = application.call.revisions.get()
    if not application.number:
        given = Application.objects.filter(call=application.call, number__isnull=False).count()
        application.number = f"{application.call.code_prefix}-{application.call.edition}-{given + 1:04d}"
    application.state = states.SUBMITTED
    application.save()
    n = application.deposits.count() + 1
    receipt = request_receipt(
        application=application, parcel=parcel, revision=revision, n=n, quality="Maire", received_at=web_clock_at
    )
    deposit = Deposit.objects.create(
        application=application,
        n=n,
        idempotency_key=idempotency_key,
        received_at=web_clock_at,
        closes_at=application.window.closes_at,
        web_clock_at=web_clock_at,
        deposited_by=by,
        quality="Maire",
        on_behalf_of=application.lead,
        revision=revision,
        answers=parcel.answers,
        answers_sha256=parcel.sha256,
        facts=parcel.facts,
        receipt=receipt,
    )
    enqueue_email(receipt_mail(deposit, by), at=web_clock_at)
    return deposit
