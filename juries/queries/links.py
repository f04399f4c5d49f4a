"""The links that the portal finds by itself between a member and the applicants of a file.

Each finder gives organisations: a link is found when one of them applies. Upper apps add theirs to `FINDERS`.
"""

from collections.abc import Callable
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import Case, CharField, Exists, F, Func, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from applications.models import ApplicationMember
from calls.models import Call, CallRole
from calls.queries import active_roles
from portal.accounts.models import Membership, Organisation
from portal.core.clock import portal_now

from ..models import InterestDeclaration, Recusal, SeatHolder

Finder = Callable[[SeatHolder], QuerySet[Organisation]]
# Addresses that tell nothing of an employer.
SHARED_DOMAINS = frozenset({
    "gmail.com", "googlemail.com", "orange.fr", "wanadoo.fr", "free.fr", "sfr.fr", "neuf.fr",
    "laposte.net", "hotmail.com", "hotmail.fr", "outlook.com", "outlook.fr", "live.fr", "yahoo.fr", "yahoo.com",
    "icloud.com", "me.com", "bbox.fr", "aol.com", "protonmail.com", "proton.me",
})  # fmt: skip

# The addresses of the demonstration and of the guides: nobody works there.
INVENTED = ".exemple.fr"


def of_intercommunality(holder: SeatHolder) -> QuerySet[Organisation]:
    """The communes of the intercommunality that a member represents or works for, but the one that owns the call: to
    sit for it is no conflict by itself (handbook, domain §3.6)."""
    works = Membership.objects.filter(user=holder.user_id, state=Membership.State.CONFIRMED).values("organisation")
    mine = Organisation.objects.filter(Q(pk=holder.organisation_id) | Q(pk__in=works), intercommunality__isnull=False)
    groups = mine.exclude(pk=holder.seat.call.owner_id).values("intercommunality")
    return Organisation.objects.filter(Q(commune__intercommunality__in=groups) | Q(intercommunality__in=groups))


def of_employer(holder: SeatHolder) -> QuerySet[Organisation]:
    """Those whose official address has the domain of the member's own: neither a provider's, nor that of the call's
    owner, who may hold the mail of its communes."""
    domain, owner = (mail.rpartition("@")[2].lower() for mail in (holder.user.email, holder.seat.call.contact_email))
    if not domain or domain == owner or domain in SHARED_DOMAINS or f".{domain}".endswith(INVENTED):
        return Organisation.objects.none()
    return Organisation.objects.filter(official_email__iendswith=f"@{domain}")


def of_former_office(holder: SeatHolder) -> QuerySet[Organisation]:
    """Those that the member has left."""
    left = Membership.objects.filter(user=holder.user_id, state=Membership.State.ENDED)
    return Organisation.objects.filter(pk__in=left.values("organisation"))


def of_advice(holder: SeatHolder) -> QuerySet[Organisation]:
    """The communes that the member accompanies in other calls."""
    roles = CallRole.objects.filter(active_roles(portal_now()), user=holder.user_id, role=CallRole.Role.ADVISER)
    scopes = roles.exclude(call=holder.seat.call_id).annotate(code=Func(F("scope"), function="unnest")).values("code")
    return Organisation.objects.filter(commune__in=scopes)


FINDERS: dict[str, list[Finder]] = {
    "intercommunality": [of_intercommunality],
    "employer": [of_employer],
    "former": [of_former_office],
    "adviser": [of_advice],
    "provider": [],
}


def recusals_of(call: Call) -> QuerySet[Any]:
    """Every recusal of a call, with the `kind` of the link declared, by file then by seat."""
    said = InterestDeclaration.objects.filter(
        linked=True, holder__seat=OuterRef("seat"), application=OuterRef("application")
    )
    rows = Recusal.objects.filter(seat__call=call).annotate(kind=Coalesce(Subquery(said.values("kind")[:1]), Value("")))
    return rows.select_related("seat", "application__lead__commune").order_by("application__number", "seat__position")


def dismissed_links(call: Call) -> QuerySet[InterestDeclaration]:
    """The links found by the portal that members said to be none."""
    rows = InterestDeclaration.objects.filter(holder__seat__call=call, linked=False).exclude(found=[])
    return rows.select_related("holder__seat", "holder__user", "application__lead__commune").order_by(
        "application__number", "holder__seat__position", "pk"
    )


def found_links(holder: SeatHolder) -> Func:
    """The codes of the links found between a member and an application (outer query), an array."""
    applicants = ApplicationMember.objects.filter(application=OuterRef("pk"), confirmed_at__isnull=False, left_at=None)
    cases: list[Any] = [
        Case(When(Exists(applicants.filter(organisation__in=find(holder))), then=Value(code)))
        for code, finders in FINDERS.items()
        for find in finders
    ]
    return Func(
        *cases,
        template="array_remove(ARRAY[%(expressions)s]::varchar[], NULL)",
        output_field=ArrayField(CharField(max_length=20)),
    )
