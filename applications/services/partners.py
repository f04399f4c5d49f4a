"""A file at several: the lead invites, each organisation confirms for itself, anyone may leave until the limit."""

from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import Sum

from calls.queries import verdicts_for
from portal.accounts.models import Membership, Organisation, User
from portal.accounts.queries import WRITING_RIGHTS, has_people, people_with
from portal.accounts.services import invite
from portal.core.outbox import enqueue_email
from portal.core.rules import YES, Answer, Refused, first_refusal, no, require
from portal.core.typography import format_quantity

from .. import states
from ..emails.files import partner_answered_mail, partner_invited_mail, partner_left_mail
from ..models import Application, ApplicationMember
from ..queries.files import facts_about, file_held
from ..rules.drafts import no_file_yet
from ..rules.eligibility import eligible_by
from ..rules.files import (
    can_answer_invitation,
    can_choose_partners,
    largest_group,
    leaving,
)
from ..words import this
from .partner_entry import GRANT

Role = ApplicationMember.Role


class ContactMissing(Refused):
    """Nobody to write to: the form asks for an address."""


@transaction.atomic
def invite_partner(
    *,
    application: Application,
    organisation: Organisation,
    role: str,
    share: Decimal | None,
    by: User,
    at: datetime,
    contact: str = "",
) -> ApplicationMember:
    """Invite an organisation to apply together; it counts once it has confirmed. Raises `Refused`.

    `contact`: the address of someone there, needed when the portal knows neither its official address nor its people.
    """
    Application.objects.select_for_update(no_key=True).get(pk=application.pk)
    application.refresh_from_db(fields=["state"])
    require(can_choose_partners(by, application, at))
    here = application.members.filter(left_at=None)
    if here.filter(organisation=organisation).exists():
        raise Refused("Cet organisme est déjà dans la candidature.")
    if role == Role.MEMBER:
        require(fits(application, organisation))
    total = here.aggregate(total=Sum("share"))["total"] or Decimal(0)
    if total + (share or 0) > 100:
        raise Refused("Le total des parts dépasserait 100\u00a0%. Corrigez cette part, ou retirez un organisme.")
    member = ApplicationMember.objects.create(
        application=application,
        call=application.call,
        organisation=organisation,
        stage=application.stage,
        role=role,
        share=share,
        invited_at=at,
        invited_by=by,
    )
    tell_invited(member, contact.strip().lower(), by, at)
    return member


def tell_invited(member: ApplicationMember, contact: str, by: User, at: datetime) -> None:
    """Its people and its official address. Where nobody is, a personal link: whoever opens it enters and answers.

    A commune has its own door (`/rejoindre/`), where its town hall confirms who works there; an institution, too.
    """
    organisation = member.organisation
    if organisation.commune_id or hasattr(organisation, "profile") or has_people(organisation):
        told = [*addresses_of(organisation), *([contact] if contact and organisation.commune_id else [])]
        for address in dict.fromkeys(told):
            enqueue_email(partner_invited_mail(member, address), at=at)
        return
    address = organisation.official_email or contact
    if not address:
        raise ContactMissing(
            "Le portail ne connaît personne dans cet organisme : indiquez l’adresse d’une personne qui y travaille."
        )
    right = Membership.Right.EDITOR
    invite(email=address, organisation=organisation, right=right, by=by, at=at, grant=GRANT, grant_key=str(member.pk))


def fits(application: Application, organisation: Organisation) -> Answer:
    """An applicant more: of a kind that the call takes, without a deposited file, within the size of a group.

    Whoever has a draft of its own is invited all the same: it alone knows of it, and may delete it to join.
    """
    call, here = application.call, application.members.filter(left_at=None, role__in=[Role.LEAD, Role.MEMBER])
    kinds, most = call.extras["applicants"].get("kinds") or ["commune"], largest_group(call)
    if organisation.kind not in kinds:
        return no("Cet appel n’accepte pas ce type d’organisme comme co-candidat. Il peut aider à la rédaction.")
    if here.count() >= most:
        return no(f"Cet appel réunit {format_quantity(most, 'candidat')} au plus par candidature.")
    facts = facts_about(organisation, call=call, track=application.track)
    held, who = file_held(organisation, call), this(organisation).capitalize()
    free = no(f"{who} a déjà une candidature à cet appel.") if held and held.state != states.DRAFT else YES
    return first_refusal(free, eligible_by(verdicts_for(call, facts), who))


def addresses_of(organisation: Organisation) -> list[str]:
    """The official address and the people who write for the organisation."""
    official = [organisation.official_email] if organisation.official_email else []
    people = people_with(organisation, list(WRITING_RIGHTS)).values_list("email", flat=True)
    return list(dict.fromkeys([*official, *people]))


@transaction.atomic
def confirm_partner(*, member: ApplicationMember, by: User, at: datetime) -> ApplicationMember:
    """The organisation confirms for itself that it applies: its people write from now on. Raises `Refused`."""
    current = locked(member)
    require(can_answer_invitation(by, current, at))
    if current.role == Role.MEMBER:
        require(no_file_yet(current.organisation, current.call, by))
    try:
        with transaction.atomic():
            rows = ApplicationMember.objects.filter(pk=current.pk)
            rows.update(confirmed_at=at, confirmed_by=by)
    except IntegrityError:
        # The organisation began its own file at the same moment: the database kept one.
        require(no_file_yet(current.organisation, current.call, by))
        raise
    Application.objects.filter(pk=current.application_id).update(last_activity_at=at)
    return answered(current, at, accepted=True)


@transaction.atomic
def decline_partner(*, member: ApplicationMember, by: User, at: datetime) -> ApplicationMember:
    """The organisation does not apply with the lead."""
    current = locked(member)
    require(can_answer_invitation(by, current, at))
    ApplicationMember.objects.filter(pk=current.pk).update(left_at=at)
    return answered(current, at, accepted=False)


def answered(member: ApplicationMember, at: datetime, *, accepted: bool) -> ApplicationMember:
    """Tell the person who invited."""
    if member.invited_by:
        enqueue_email(partner_answered_mail(member, accepted=accepted), at=at)
    return member


@transaction.atomic
def remove_partner(*, member: ApplicationMember, by: User, at: datetime) -> None:
    """The organisation leaves the file, or the lead takes it out; both sides are told. Raises `Refused`."""
    current = locked(member)
    require(leaving(by, current.application, at).allows(current))
    ApplicationMember.objects.filter(pk=current.pk).update(left_at=at)
    Application.objects.filter(pk=current.application_id).update(last_activity_at=at)
    lead = current.application.lead
    people = people_with(lead, list(WRITING_RIGHTS)).values_list("email", flat=True)
    for address in dict.fromkeys([*addresses_of(current.organisation), *people]):
        enqueue_email(partner_left_mail(current, address), at=at)


def locked(member: ApplicationMember) -> ApplicationMember:
    """The row as it is now, its acts one after another until commit."""
    rows = ApplicationMember.objects.select_for_update(of=("self",))
    return rows.select_related(
        "application__call__owner__profile", "application__window", "application__lead", "organisation", "invited_by"
    ).get(pk=member.pk)
