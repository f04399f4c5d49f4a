"""A file in which the antivirus found something: its commune is told."""

from datetime import datetime

from portal.accounts.queries import WRITING_RIGHTS, people_with
from portal.core.models import StoredFile
from portal.core.outbox import enqueue_email

from ..emails.files import isolated_mail
from ..models import Attachment


def tell_isolated(file: StoredFile, at: datetime) -> None:
    """Write to all who write for the commune, once for a file."""
    attached = Attachment.objects.filter(file=file, removed_at=None).select_related(
        "application__lead__commune", "application__call__owner__profile", "file"
    )
    for attachment in attached:
        for person in people_with(attachment.application.lead, list(WRITING_RIGHTS)):
            enqueue_email(isolated_mail(attachment, person), at=at)
