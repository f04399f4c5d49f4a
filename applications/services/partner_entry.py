"""An organisation invited to apply together that has nobody here: the holder of the link becomes its first member."""

from datetime import datetime

from django.urls import reverse

from portal.accounts.models import Invitation, User
from portal.accounts.services import enter_first
from portal.core.rules import Refused

from ..emails.files import of_applicant
from ..models import ApplicationMember

GRANT = "partner"


def grant_partner(invitation: Invitation, user: User, at: datetime) -> str:
    """Enter the organisation with the right to write, then answer for it. Raises `Refused`."""
    member, organisation = member_of(invitation), invitation.organisation
    if member is None or organisation is None:
        raise Refused("Cette proposition de candidature commune a été retirée.")
    how = f"invitation à candidater ensemble, par {invitation.invited_by} ({member.application.lead})"
    enter_first(organisation=organisation, user=user, by=invitation.invited_by, how=how, at=at)
    return reverse("partner_answer", args=[member.application.uuid, member.pk])


def partner_offer(invitation: Invitation) -> str:
    """« répondre, au nom de « … », à la commune d’Étretat, qui propose une candidature commune… »."""
    member = member_of(invitation)
    what = f"répondre au nom de « {invitation.organisation} »"
    if member is None:
        return what
    application = member.application
    return (
        f"{what} à la proposition de candidater ensemble, dans la candidature {of_applicant(application)} à l’appel "
        f"« {application.call.title} »"
    )


def member_of(invitation: Invitation) -> ApplicationMember | None:
    """The row of the invitation in the file, unless it was taken back."""
    rows = ApplicationMember.objects.filter(pk=int(invitation.grant_key), left_at=None)
    return rows.select_related("application__lead__commune", "application__call").first()
