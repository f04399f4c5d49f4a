"""Delete a draft, or take it back: its organisations leave it, free to begin another file or to join one."""

from datetime import datetime

from django.db import transaction

from portal.accounts.models import User
from portal.accounts.queries import WRITING_RIGHTS, people_with
from portal.core.outbox import enqueue_email
from portal.core.rules import require
from portal.core.workflow import fire

from .. import states
from ..emails.files import abandoned_mail
from ..models import Application, ApplicationMember, SignatureRequest
from ..queries.partners import partners_of
from ..rules.drafts import can_abandon, can_restore, leads_of
from .partners import addresses_of

DELETED = "Brouillon supprimé."


@transaction.atomic
def abandon_draft(*, application: Application, by: User, at: datetime) -> None:
    """Nothing is erased yet: the draft may be taken back for fourteen days. All who wrote it or were invited are told.

    Raises `Refused`; a deposit made at the same moment wins or is refused, never both.
    """
    require(can_abandon(by, application))
    fire(application, states.ABANDON, by=by, at=at, on_behalf_of=application.lead)
    others = [address for member in partners_of(application) for address in addresses_of(member.organisation)]
    writers = people_with(application.lead, list(WRITING_RIGHTS)).values_list("email", flat=True)
    application.members.filter(left_at=None).update(left_at=at)
    SignatureRequest.objects.filter(application=application, state=SignatureRequest.State.ASKED).update(
        state=SignatureRequest.State.DECLINED, settled_at=at, reason=DELETED
    )
    for address in dict.fromkeys([*writers, *others]):
        if address != by.email:
            enqueue_email(abandoned_mail(application, by, address, at), at=at)


@transaction.atomic
def restore_draft(*, application: Application, by: User, at: datetime) -> None:
    """The draft is as it was; those who applied with it left it, and are invited again. Raises `Refused`."""
    current = Application.objects.select_for_update(no_key=True, of=("self",)).select_related("lead", "call")
    locked = current.get(pk=application.pk)
    require(can_restore(by, locked, at))
    fire(locked, states.RESTORE, by=by, at=at, on_behalf_of=locked.lead, stamps={"last_activity_at": at})
    place = leads_of(locked).order_by("-left_at", "-pk")[0]
    ApplicationMember.objects.filter(pk=place.pk).update(left_at=None)
