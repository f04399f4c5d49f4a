"""What a call asks of its files: whom to tell, which communes have begun, whom a change of the form touches."""

from collections.abc import Collection, Iterable

from django.db.models import Q
from django.urls import reverse

from calls.holders import Concern, Holder
from calls.models import Call
from portal.accounts.models import Membership, User

from . import states
from .emails.files import of_applicant
from .models import Application, ApplicationMember, Decision
from .queries.life import live_files

WRITERS = (Membership.Right.EDITOR, Membership.Right.SIGNATORY, Membership.Right.MANAGER)


def holders(call: Call) -> Iterable[Holder]:
    """Who writes or signs for a commune of a file: two queries, whatever their number."""
    files = {file.pk: file for file in live_files(call)}
    members = ApplicationMember.objects.filter(application__in=files, left_at=None)
    organisations: dict[int, list[int]] = {}
    for organisation, application in members.values_list("organisation_id", "application_id"):
        organisations.setdefault(organisation, []).append(application)
    held = Membership.objects.filter(
        organisation__in=organisations, right__in=WRITERS, state=Membership.State.CONFIRMED, user__is_active=True
    )
    told = [(email, key) for key, email in held.values_list("organisation_id", "user__email")]
    for email, key in sorted(told):
        yield from (holder_of(files[pk], email) for pk in organisations[key])


def holder_of(application: Application, email: str) -> Holder:
    return Holder(
        email=email,
        path=reverse("application", args=[application.uuid]),
        of=of_applicant(application),
        deposited=application.state in states.DEPOSITED,
    )


def begun(call: Call) -> Collection[str]:
    """The communes that have a file, withdrawn ones excepted."""
    members = ApplicationMember.objects.filter(call=call, left_at=None, organisation__commune__isnull=False)
    members = members.exclude(application__state=states.WITHDRAWN)
    return frozenset(members.values_list("organisation__commune_id", flat=True))


def decided(call: Call) -> bool:
    return Decision.objects.filter(call=call).exists()


def every_file(call: Call) -> Concern:
    """All the files that the form is asked of."""
    return concern(list(live_files(call)))


def touched_by(call: Call, questions: Collection[str], pieces: Collection[str]) -> Concern:
    """The files that answered one of these questions, or hold or promise one of these pieces."""
    answered = Q()
    for code in questions:
        answered |= Q(sections__values__has_key=code)
    held = Q(attachments__piece_code__in=pieces, attachments__removed_at=None) | Q(promises__piece_code__in=pieces)
    return concern(list(live_files(call).filter((answered if questions else Q(pk__in=[])) | held).distinct()))


def concern(files: list[Application]) -> Concern:
    return Concern(
        drafts=[title_of(file) for file in files if file.state == states.DRAFT],
        deposited=[f"{file.number}, {title_of(file)}" for file in files if file.state in states.DEPOSITED],
    )


def title_of(application: Application) -> str:
    return application.lead.commune.name if application.lead.commune else application.lead.name


def owners_of(application: Application) -> list[User]:
    """Who writes or signs for the organisation that leads a file."""
    held = application.lead.memberships.filter(right__in=WRITERS, state=Membership.State.CONFIRMED)
    return list(User.objects.filter(pk__in=held.values("user_id"), is_active=True).order_by("email"))
