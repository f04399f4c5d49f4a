"""Two tenants that look alike, with a call at each moment of the procedure, seen by the same roles.

Every text that a tenant writes bears its word: `private` for what belongs to it alone, `people` for who works there,
`public` for what it publishes.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.test import Client

from applications.models import Application
from calls.models import Call
from portal.accounts.models import Organisation, User
from tests.applications.staff.makers import client_of
from tests.factories import (
    ETRETAT,
    HARFLEUR,
    LHSM,
    TILLEUL,
    make_commune,
    make_institution,
    make_intercommunality,
    make_member,
    make_town_hall,
    make_user,
)

Spec = tuple[str, str, str, int, int]
# Communes of another intercommunality, for the second tenant.
FECAMP = ("76259", "217602598", "Fécamp", 0, 18161)
YPORT = ("76754", "217607548", "Yport", 1, 821)
GANZEVILLE = ("76298", "217602986", "Ganzeville", 0, 408)
FECAMP_GROUP = ("200069821", "Fécamp Caux Littoral Agglomération")

# The columns of docs/droits.md; AN has no account, GX is the manager of the other tenant.
STAFF = {"GE": "manager", "OF": "officer", "LA": "reader", "SE": "secretary", "RA": "adviser"}
JURORS = ("PJ", "JU", "JR")


@dataclass(frozen=True)
class Names:
    """What tells one tenant from the other."""

    private: str
    public: str
    people: str
    slug: str
    prefix: str
    group: tuple[str, str]
    lead: Spec
    rival: Spec
    partner: Spec

    @property
    def domain(self) -> str:
        return f"{self.private.lower()}.exemple.fr"


A = Names("Kanaria", "Publika", "Personia", "territoire-a", "PUBA", LHSM, ETRETAT, HARFLEUR, TILLEUL)
B = Names("Zephira", "Agorabe", "Humanibe", "territoire-b", "PUBB", FECAMP_GROUP, FECAMP, YPORT, GANZEVILLE)


@dataclass
class Stage:
    """One call at one moment: the file that the table speaks of, and another one."""

    moment: str
    call: Call
    file: Application | None = None
    rival: Application | None = None
    more: dict[str, Any] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Any:
        try:
            return self.more[name]
        except KeyError as error:
            raise AttributeError(f"{self.moment}: {name}") from error


@dataclass
class Tenant:
    names: Names
    owner: Organisation
    town: Organisation
    rival_town: Organisation
    partner_town: Organisation
    people: dict[str, User]
    stages: dict[str, Stage] = field(default_factory=dict)
    more: dict[str, Any] = field(default_factory=dict)


def make_tenant(names: Names) -> Tenant:
    """The organiser, three town halls, one person for each column of the table."""
    group = make_intercommunality(*names.group)
    look = {
        name: f"{text} {names.public}"
        for name, text in {
            "address_line": "1, rue de l’Essai",
            "service_lines": "Service",
            "signatory_block": "Le Président",
            "contact_service": "Service des places",
        }.items()
    }
    owner = make_institution(
        *names.group, slug=names.slug, short_name=f"Organisateur {names.public}", court_address="76000 Rouen", **look
    )
    towns = []
    for spec in (names.lead, names.rival, names.partner):
        make_commune(spec, group)
        town = make_town_hall(spec)
        town.official_email = f"mairie.{spec[0]}@{names.domain}"
        town.save(update_fields=["official_email"])
        towns.append(town)
    people = {role: person(names, role) for role in (*STAFF, *JURORS, "V4")}
    for role, town, right in (
        ("PR", 0, "editor"), ("SI", 0, "signatory"), ("LC", 0, "reader"), ("AC", 1, "editor"), ("SAC", 1, "signatory"),
        ("CO", 2, "editor"),
    ):  # fmt: skip
        people[role] = make_member(towns[town], right, user=person(names, role))
    for role in ("GE", "DI"):
        people[role] = make_member(owner, "manager", user=people.get(role) or person(names, role))
    return Tenant(names, owner, *towns, people)


def person(names: Names, role: str) -> User:
    return make_user(
        f"{role.lower()}@{names.domain}", full_name=f"Camille {names.people}", role_title=f"Fonction {names.people}"
    )


@dataclass
class World:
    a: Tenant
    b: Tenant
    admin: User
    sessions: dict[tuple[int, bool], str] = field(default_factory=dict)

    def sign_in_everybody(self) -> None:
        """One session a person, and one more whose mailed code was given a moment ago."""
        for user in (*self.a.people.values(), *self.b.people.values(), self.admin):
            for stepped_up in (False, True):
                client = client_of(user, stepped_up=stepped_up)
                self.sessions[user.pk, stepped_up] = client.cookies["sessionid"].value

    def browser(self, user: User | None, *, stepped_up: bool = False, **options: Any) -> Client:
        """A fresh browser that holds nothing but the session of this person."""
        client = Client(raise_request_exception=False, **options)
        if user is not None:
            client.cookies["sessionid"] = self.sessions[user.pk, stepped_up]
        return client

    def user(self, role: str, tenant: Tenant | None = None) -> User:
        """The person of a column, for tenant A unless said otherwise."""
        tenant = tenant or self.a
        if role == "AD":
            return self.admin
        if role == "GX":
            return (self.b if tenant is self.a else self.a).people["GE"]
        return tenant.people[role]


@contextmanager
def standing_world(django_db_blocker: Any) -> Iterator[World]:
    """Tenant A at every moment, tenant B at a few of them, in one transaction undone at the end."""
    from tests.access.canaries import poison
    from tests.access.stages import FEW_MOMENTS, MOMENTS, build_stages

    with django_db_blocker.unblock(), transaction.atomic():
        tenants = []
        for names, moments in ((A, MOMENTS), (B, FEW_MOMENTS)):
            tenant = make_tenant(names)
            build_stages(tenant, moments)
            poison(names.private, others=[t.names.private for t in tenants])
            tenants.append(tenant)
        admin = make_user("plateforme@exemple.fr", is_platform_admin=True, role_title="Administration")
        world = World(*tenants, admin)
        world.sign_in_everybody()
        yield world
        transaction.set_rollback(True)
