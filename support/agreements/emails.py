"""Mails about an agreement."""

from datetime import datetime

from django.urls import reverse

from applications.queries.staff import recipients_by_file
from calls.queries import sender_of
from portal.core.mailing import Action, compose
from portal.core.outbox import enqueue_email

from .models import Agreement


def write_to_communes(agreement: Agreement, template: str, kind: str, at: datetime) -> int:
    """One mail to each person of the beneficiary files, the agreement attached. Returns how many."""
    files = list(agreement.beneficiaries.values_list("application_id", flat=True))
    people = {address for addresses in recipients_by_file(files).values() for address in addresses}
    return sum(
        enqueue_email(
            compose(
                f"support/{template}",
                kind=kind,
                object_key=f"agreement:{agreement.uuid}",
                recipient=address,
                sender=sender_of(agreement.call),
                context={"agreement": agreement},
                action=Action("Lire la convention", reverse("agreement", args=[agreement.uuid])),
                attachment=agreement.document,
            ),
            at=at,
        )
        for address in sorted(people)
    )
