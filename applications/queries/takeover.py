"""What an organisation holds in the files, when another takes its place."""

from collections.abc import Iterator

from portal.accounts.models import Organisation
from portal.accounts.services.takeover import Holding

from ..models import Application, ApplicationMember, CouncilResolution

TAKEN = "le nouvel organisme est déjà dans une candidature à cet appel"
WRITERS = (ApplicationMember.Role.LEAD, ApplicationMember.Role.MEMBER)


def holdings(old: Organisation, heir: Organisation) -> Iterator[Holding]:
    """Its places in files, and the files that it leads; what was deposited keeps the name of its day."""
    for member in old.application_members.filter(left_at=None).select_related("application__call").order_by("pk"):
        stays = TAKEN if taken(member, heir) else ""
        file = file_words(member.application)
        yield Holding(member, "organisation", f"{file} ({member.get_role_display()})", stays)
        if member.role == ApplicationMember.Role.LEAD and member.application.lead_id == old.pk:
            yield Holding(member.application, "lead", f"{file}, organisme porteur", stays)
    for act in CouncilResolution.objects.filter(organisation=old).select_related("application__call").order_by("pk"):
        twice = CouncilResolution.objects.filter(application=act.application_id, organisation=heir).exists()
        stays = "le nouvel organisme a déjà une délibération dans ce dossier" if twice else ""
        yield Holding(act, "organisation", f"délibération {act.number}, {file_words(act.application)}", stays)


def taken(member: ApplicationMember, heir: Organisation) -> bool:
    """Whether the successor already has its place in this file, or a file of its own in this call."""
    there = heir.application_members.filter(left_at=None)
    if there.filter(application=member.application_id).exists():
        return True
    alone = there.filter(call=member.call_id, stage=member.stage, role__in=WRITERS, confirmed_at__isnull=False)
    return member.role in WRITERS and member.confirmed_at is not None and alone.exists()


def file_words(application: Application) -> str:
    return f"{application.number or 'brouillon'}, {application.call.title}"
