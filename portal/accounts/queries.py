"""Questions about organisations and people; the person is the first argument where rights matter."""

from datetime import datetime

from django.contrib.sessions.models import Session
from django.db.models import Q, QuerySet
from django.utils import timezone

from portal.core.typography import place_of
from portal.territories.models import Commune

from .models import (
    Claim,
    ClaimLink,
    InstitutionProfile,
    Invitation,
    Membership,
    OpenSession,
    Organisation,
    User,
)

WRITING_RIGHTS = (Membership.Right.EDITOR, Membership.Right.SIGNATORY, Membership.Right.MANAGER)
LIVE_STATES = (Membership.State.PENDING, Membership.State.CONFIRMED)


def organisation_of(commune: Commune, create: bool = True) -> Organisation | None:
    """The organisation of a commune; made from the official data when `create` (never call it so from a GET)."""
    found = Organisation.objects.filter(commune=commune).first()
    if found or not create:
        return found
    values = {
        "kind": Organisation.Kind.COMMUNE,
        "name": f"Commune {place_of(commune.name, commune.article)}",
        "siren": commune.siren,
    }
    return Organisation.objects.get_or_create(commune=commune, defaults=values)[0]


def memberships_of(user: User) -> QuerySet[Membership]:
    """Where the person works, pending claims included, ended ones excluded."""
    if not user.is_authenticated:
        return Membership.objects.none()
    live = user.memberships.filter(state__in=LIVE_STATES)
    return live.select_related("organisation__commune__department").order_by("organisation__name")


def organisations_visible_to(user: User) -> QuerySet[Organisation]:
    """Organisations whose members' page this person may open: those where they are confirmed."""
    if not user.is_authenticated:
        return Organisation.objects.none()
    if user.is_platform_admin:
        return Organisation.objects.filter(Q(profile__isnull=False) | confirmed_in(user)).distinct()
    return Organisation.objects.filter(confirmed_in(user)).distinct()


def confirmed_in(user: User) -> Q:
    return Q(memberships__user=user, memberships__state=Membership.State.CONFIRMED)


def members_of(organisation: Organisation) -> QuerySet[Membership]:
    """Who works there, the pending ones first."""
    live = organisation.memberships.filter(state__in=LIVE_STATES)
    return live.select_related("user").order_by("-state", "user__full_name", "user__email")


def open_invitations(organisation: Organisation, at: datetime) -> QuerySet[Invitation]:
    """Invitations to join that can still be accepted."""
    waiting = Invitation.objects.filter(organisation=organisation, grant="membership", accepted_at=None)
    return waiting.filter(expires_at__gt=at).select_related("invited_by").order_by("email")


def confirmed_signatories(organisation: Organisation) -> QuerySet[User]:
    """The people who may sign for the organisation."""
    return people_with(organisation, [Membership.Right.SIGNATORY])


def people_in_charge(organisation: Organisation) -> QuerySet[User]:
    """Confirmed signatories and managers: they settle who may join."""
    return people_with(organisation, [Membership.Right.SIGNATORY, Membership.Right.MANAGER])


def has_people(organisation: Organisation) -> bool:
    """Whether someone is confirmed there."""
    return people_with(organisation, list(Membership.Right.values)).exists()


def people_with(organisation: Organisation, rights: list[str]) -> QuerySet[User]:
    confirmed = organisation.memberships.filter(state=Membership.State.CONFIRMED, right__in=rights)
    return User.objects.filter(is_active=True, memberships__in=confirmed).order_by("full_name", "email")


def may_edit(user: User, organisation: Organisation) -> bool:
    """May write the organisation's drafts: editor, signatory or manager, confirmed or still waiting to be."""
    return memberships_of(user).filter(organisation=organisation, right__in=WRITING_RIGHTS).exists()


def may_sign(user: User, organisation: Organisation) -> bool:
    """May deposit for the organisation: a confirmed signatory, no one else."""
    confirmed = memberships_of(user).filter(organisation=organisation, state=Membership.State.CONFIRMED)
    return confirmed.filter(right=Membership.Right.SIGNATORY).exists()


def open_claims() -> QuerySet[Claim]:
    """Claims that wait for an answer, the oldest first."""
    waiting = Claim.objects.filter(state=Claim.State.OPEN)
    return waiting.select_related(
        "membership__user", "membership__organisation__commune__department", "asked_by"
    ).order_by("created_at")


def last_link(claim: Claim) -> ClaimLink | None:
    """The link sent last for a claim; its links read already (`prefetch_related("links")`) are not read again."""
    return max(claim.links.all(), key=lambda link: link.n, default=None)


def claims_about(user: User) -> QuerySet[Claim]:
    """Open claims that this person waits for: their own, and those that they wrote for another."""
    if not user.is_authenticated:
        return Claim.objects.none()
    return open_claims().filter(Q(membership__user=user) | Q(asked_by=user))


def claims_of_colleagues(user: User) -> QuerySet[Claim]:
    """Open claims that a person in charge may answer; who signs for a commune is said by someone who signs for it.

    Nobody answers their own claim, nor the one that they wrote for another.
    """
    confirmed = user.memberships.filter(state=Membership.State.CONFIRMED)
    signs = confirmed.filter(right=Membership.Right.SIGNATORY).values("organisation")
    manages = confirmed.filter(right=Membership.Right.MANAGER).values("organisation")
    of_institution = Q(membership__organisation__profile__isnull=False)
    managed = Q(membership__organisation__in=manages) & (~Q(right=Membership.Right.SIGNATORY) | of_institution)
    claims = open_claims().filter(Q(membership__organisation__in=signs) | managed)
    return claims.exclude(membership__user=user).exclude(asked_by=user)


def signature_awaited(user: User, organisation: Organisation) -> Claim | None:
    """The open claim that would let this person sign for the organisation."""
    claims = open_claims().filter(right=Membership.Right.SIGNATORY, membership__organisation=organisation)
    return claims.filter(membership__user=user).first()


def signatories_to_be(organisation: Organisation) -> QuerySet[User]:
    """The people who sign for the organisation, and those named who still wait to be confirmed."""
    confirmed = Q(state=Membership.State.CONFIRMED, right=Membership.Right.SIGNATORY)
    awaited = Q(claims__state=Claim.State.OPEN, claims__right=Membership.Right.SIGNATORY)
    live = organisation.memberships.filter(confirmed | awaited, state__in=LIVE_STATES)
    people = User.objects.filter(is_active=True, pk__in=live.values("user_id"))
    return people.order_by("full_name", "email")


def only_institution() -> InstitutionProfile | None:
    """The institution of this portal when it has one only."""
    profiles = list(InstitutionProfile.objects.select_related("organisation")[:2])
    return profiles[0] if len(profiles) == 1 else None


def open_sessions(user: User) -> list[OpenSession]:
    """Where the person is signed in now, the latest entry first: at most twenty."""
    live = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
    return list(user.entries.filter(session_key__in=live)[:20])
