"""The organisations of a joint file: who is in it, who is invited, whom one may look for."""

from collections.abc import Collection
from datetime import datetime
from typing import cast

from django.db.models import CharField, QuerySet
from django.db.models.functions import Cast

from calls.models import CallRole
from calls.queries import calls_staffed_by
from portal.accounts.models import Invitation, Organisation, User
from portal.accounts.queries import organisation_of
from portal.territories.models import Commune, Intercommunality
from portal.territories.queries import place_line, search_communes
from portal.territories.words import intercommunality_name

from ..models import Application, ApplicationMember
from ..rules.files import OPEN_STATES, confirmed_writer
from .files import PortalNow

MOST = 10


def partners_of(application: Application) -> QuerySet[ApplicationMember]:
    """The others of a file, those invited included, in the order of their invitation."""
    members = application.members.filter(left_at=None).exclude(role=ApplicationMember.Role.LEAD)
    return members.select_related("organisation", "confirmed_by", "invited_by").order_by("pk")


def entries_for_staff(user: User) -> QuerySet[Invitation]:
    """Who entered an organisation to apply together, in the calls that a person manages or examines as a whole."""
    at, roles = cast(datetime, PortalNow()), (CallRole.Role.MANAGER, CallRole.Role.OFFICER)
    rows = ApplicationMember.objects.filter(call__in=calls_staffed_by(user, at, *roles, whole=True).values("pk"))
    keys = rows.annotate(key=Cast("pk", CharField())).values("key")
    return Invitation.objects.filter(grant="partner", grant_key__in=keys)


def invitations_for(user: User) -> QuerySet[ApplicationMember]:
    """What the person's confirmed organisations are invited to join, the nearest limit first."""
    if not user.is_authenticated:
        return ApplicationMember.objects.none()
    mine = user.memberships.filter(state="confirmed").values("organisation")
    waiting = ApplicationMember.objects.filter(organisation__in=mine, left_at=None, invited_at__isnull=False)
    return waiting.select_related(
        "application__call__owner__profile", "application__window", "application__lead__commune", "organisation"
    ).order_by("application__window__closes_at", "pk")


def invitations_to_answer(user: User) -> QuerySet[ApplicationMember]:
    """Those that wait for an answer which this person may give."""
    waiting = invitations_for(user).filter(confirmed_at=None, application__state__in=OPEN_STATES)
    return waiting.filter(organisation__in=confirmed_writer(user).values("organisation"))


def found_organisations(application: Application, text: str) -> list[tuple[str, str]]:
    """(key, label) of the organisations that a text may mean; first, the lead's own intercommunality."""
    commune = application.lead.commune
    own = [commune.intercommunality] if commune and commune.intercommunality else []
    if not text.strip():
        return [group_choice(group) for group in own]
    mine = f"insee:{commune.insee}" if commune else ""
    return [choice for choice in found_applicants(text) if choice[0] != mine]


def found_applicants(text: str) -> list[tuple[str, str]]:
    """(key, label) of the communes, then of the other bodies that a text may mean."""
    choices = [(f"insee:{c.insee}", f"{c.name}, {place_line(c)}") for c in search_communes(text, limit=MOST)]
    return [*choices, *found_bodies(text)] if text.strip() else []


def found_bodies(text: str, kinds: Collection[str] = ()) -> list[tuple[str, str]]:
    """(key, label) of the intercommunalities, then of the other bodies (of some kinds) whose name holds a text."""
    groups = Intercommunality.objects.filter(name__icontains=text.strip()).order_by("name", "siren")[:MOST]
    others = Organisation.objects.filter(
        commune=None, intercommunality=None, merged_into=None, name__icontains=text.strip()
    )
    others = others.filter(kind__in=kinds) if kinds else others
    known = [(f"uuid:{o.uuid}", f"{o.name} ({o.get_kind_display()})") for o in others.order_by("name", "pk")[:MOST]]
    return [*map(group_choice, groups), *known]


def group_choice(group: Intercommunality) -> tuple[str, str]:
    return f"siren:{group.siren}", f"{intercommunality_name(group.kind, group.name)} (SIREN {group.siren})"


def organisation_chosen(key: str) -> Organisation:
    """The organisation of a choice of `found_organisations`, made from the official data if need be."""
    kind, _, code = key.partition(":")
    if kind == "insee":
        organisation = organisation_of(Commune.objects.get(insee=code))
        assert organisation is not None
        return organisation
    if kind == "uuid":
        return Organisation.objects.get(uuid=code)
    group = Intercommunality.objects.get(siren=code)
    values = {"kind": Organisation.Kind.INTERCOMMUNALITY, "intercommunality": group}
    name = intercommunality_name(group.kind, group.name)
    return Organisation.objects.get_or_create(siren=group.siren, defaults={**values, "name": name})[0]
