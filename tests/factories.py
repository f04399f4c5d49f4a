"""Plain functions that make what a test needs, with sensible values; every one may be overridden by keyword."""

import itertools
from datetime import date, datetime, timedelta
from typing import Any

from applications.models import Application, ApplicationMember
from calls.models import (
    Bonus,
    Call,
    CallRevision,
    CallRole,
    Criterion,
    EligibilityRule,
    Grid,
    JuryRules,
    Milestone,
    PieceType,
    Programme,
    Question,
    Section,
    SupportPhase,
    Undertaking,
    Window,
)
from portal.accounts.models import InstitutionProfile, Membership, Organisation, User
from portal.core.calendar import PARIS
from portal.core.clock import portal_now
from portal.territories.models import Commune, Department, Intercommunality, PopulationFigure, Region

_serial = itertools.count(1)

# (INSEE, SIREN, name, article, municipal population 2023) of real communes of Le Havre Seine Métropole.
ETRETAT = ("76254", "217602549", "Étretat", 1, 1102)
HARFLEUR = ("76341", "217603414", "Harfleur", 0, 8289)
TILLEUL = ("76693", "217606938", "Le Tilleul", 2, 656)
BENOUVILLE = ("76079", "217600790", "Bénouville", 0, 168)
LHSM = ("200084952", "Le Havre Seine Métropole")


def paris(year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0) -> datetime:
    """An aware instant, Paris wall clock."""
    return datetime(year, month, day, hour, minute, second, tzinfo=PARIS)


def make_user(email: str = "", **fields: Any) -> User:
    from allauth.account.models import EmailAddress

    email = email or f"personne{next(_serial)}@exemple.fr"
    user = User.objects.create_user(email, **fields)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def make_intercommunality(siren: str = LHSM[0], name: str = LHSM[1], kind: str = "CU") -> Intercommunality:
    return Intercommunality.objects.get_or_create(siren=siren, defaults={"name": name, "kind": kind})[0]


def make_commune(
    spec: tuple[str, str, str, int, int] = ETRETAT, intercommunality: Intercommunality | None = None
) -> Commune:
    """A commune with its municipal population of 2023."""
    insee, siren, name, article, population = spec
    region = Region.objects.get_or_create(code="28", defaults={"name": "Normandie"})[0]
    department = Department.objects.get_or_create(code="76", defaults={"name": "Seine-Maritime", "region": region})[0]
    commune, created = Commune.objects.get_or_create(
        insee=insee,
        defaults={
            "siren": siren,
            "name": name,
            "article": article,
            "department": department,
            "intercommunality": intercommunality or make_intercommunality(),
            "postal_codes": ["76790"],
            "search_name": name.lower().replace("é", "e").replace("-", " ").replace("’", " ").replace("'", " "),
        },
    )
    if created:
        PopulationFigure.objects.create(commune=commune, kind="municipale", year=2023, source="Insee", value=population)
    return commune


def make_town_hall(spec: tuple[str, str, str, int, int] = ETRETAT) -> Organisation:
    """The organisation of a commune."""
    commune = make_commune(spec)
    organisation, _ = Organisation.objects.get_or_create(
        commune=commune,
        defaults={
            "kind": Organisation.Kind.COMMUNE,
            "name": f"Commune de {commune.name}",
            "siren": commune.siren,
            "official_email": f"mairie.{commune.insee}@exemple.fr",
        },
    )
    return organisation


def make_member(
    organisation: Organisation,
    right: str = "editor",
    user: User | None = None,
    state: str = "confirmed",
    **user_fields: Any,
) -> User:
    """A person with a confirmed right in an organisation."""
    user = user or make_user(**user_fields)
    now = portal_now()
    Membership.objects.create(
        user=user,
        organisation=organisation,
        right=right,
        state=state,
        created_at=now,
        confirmed_at=now if state == "confirmed" else None,
    )
    return user


def make_institution(
    siren: str = LHSM[0], name: str = LHSM[1], slug: str = "le-havre-seine-metropole", **fields: Any
) -> Organisation:
    """An organiser with its profile."""
    intercommunality = make_intercommunality(siren, name)
    organisation, created = Organisation.objects.get_or_create(
        siren=siren, defaults={"kind": "intercommunality", "name": name, "intercommunality": intercommunality}
    )
    if created:
        values: dict[str, Any] = {
            "slug": slug,
            "short_name": name,
            "kind_label": "Communauté urbaine",
            "designation": "la communauté urbaine",
            "address_line": "19, rue Georges-Braque, 76085 Le Havre Cedex",
            "city": "Le Havre",
            "signatory_title": "Le Président",
            "contact_service": "Service Santé",
            "contact_phone": "02 35 00 00 00",
            "contact_hours": "du lundi au vendredi, 9 h à 17 h",
            "contact_email": f"contact@{slug}.exemple.fr",
            "dpo_email": f"dpo@{slug}.exemple.fr",
            "court": "tribunal administratif de Rouen",
        }
        InstitutionProfile.objects.create(organisation=organisation, **{**values, **fields})
    return organisation


def make_call(
    owner: Organisation | None = None,
    *,
    opens_at: datetime | None = None,
    closes_at: datetime | None = None,
    state: str = "published",
    prefix: str = "",
    **fields: Any,
) -> Call:
    """A small but complete call: 2 sections, 4 questions, 2 pieces, 1 undertaking, 2 criteria, a bonus, jury rules, 2 phases.

    Open from yesterday for thirty days unless dates are given.
    """
    owner = owner or make_institution()
    now = portal_now()
    n = next(_serial)
    programme = Programme.objects.create(owner=owner, code=f"programme-{n}", title="Territoire promoteur de santé")
    values: dict[str, Any] = {
        "slug": f"appel-{n}",
        "code_prefix": prefix or f"T{n}",
        "edition": "2027",
        "title": "Territoire promoteur de santé",
        "summary": "Des espaces publics qui font du bien.",
        "perimeter_kind": "intercommunality",
        "perimeter_codes": [owner.siren],
        "extras": {"perimeter_label": f"l’une des communes de {owner.name}"},
        "contact_service": "Service Santé",
        "contact_phone": "02 35 00 00 00",
        "contact_email": "ami-sante@exemple.fr",
        "state": state,
        "published_at": now - timedelta(days=2) if state != "draft" else None,
        "created_at": now - timedelta(days=3),
    }
    call = Call.objects.create(owner=owner, programme=programme, **{**values, **fields})
    Window.objects.create(
        call=call,
        code="W1",
        position=1,
        opens_at=opens_at or now - timedelta(days=1),
        closes_at=closes_at or now + timedelta(days=30),
    )
    fill_call(call)
    if state != "draft":
        CallRevision.objects.create(
            call=call, n=1, document="titre: essai\n", sha256="0" * 64, made_at=now, made_by=make_user()
        )
    return call


def fill_call(call: Call) -> None:
    """The rows of the small call of `make_call`."""
    site = Section.objects.create(call=call, code="S1", position=1, title="Le site")
    why = Section.objects.create(call=call, code="S2", position=2, title="Pourquoi ce projet", lead="Avec vos mots.")
    question = Question.objects.create
    question(
        call=call,
        section=site,
        code="Q1",
        position=1,
        kind="text",
        label="Intitulé du projet",
        max_length=150,
        is_project_title=True,
    )
    question(
        call=call,
        section=site,
        code="Q2",
        position=2,
        kind="number",
        label="Surface",
        unit="m²",
        minimum=1,
        maximum=1000000,
        is_fact=True,
    )
    question(call=call, section=why, code="Q3", position=1, kind="long_text", label="Quels besoins ?", max_length=1500)
    question(
        call=call,
        section=why,
        code="Q4",
        position=2,
        kind="multiple",
        label="Quels risques ?",
        required=False,
        options=[{"code": "isolement", "label": "Isolement"}, {"code": "chaleur", "label": "Forte chaleur"}],
    )
    piece = PieceType.objects.create
    piece(
        call=call,
        code="DELIB",
        position=1,
        label="Délibération",
        need="required",
        accepted=["pdf"],
        promised_until=date(2027, 5, 15),
    )
    piece(
        call=call,
        code="PLAN_SIT",
        position=2,
        label="Plan de situation",
        need="required",
        accepted=["pdf", "jpg", "png"],
    )
    Undertaking.objects.create(call=call, code="U1", position=1, label="Participer à cinq réunions dans l’année")
    EligibilityRule.objects.create(
        call=call,
        code="R1",
        position=1,
        kind="perimeter",
        label="Commune de Le Havre Seine Métropole",
        parameters={"sentence": "La commune est membre de Le Havre Seine Métropole."},
        effect="blocking",
    )
    Grid.objects.create(
        call=call, scale_max=5, total=100, threshold=50, max_selected=1, reserve_size=1, tie_break=["C1"]
    )
    Criterion.objects.create(
        call=call, code="C1", position=1, label="Santé", points=60, knockout=20, section_codes=["S2"]
    )
    Criterion.objects.create(call=call, code="C2", position=2, label="Nature", points=40, section_codes=["S1"])
    Bonus.objects.create(
        call=call,
        code="B1",
        position=1,
        label="Moins de 5 000 habitants",
        points=10,
        condition={"kind": "population", "population_kind": "municipale", "year": 2023, "below": 5000},
    )
    JuryRules.objects.create(call=call, quorum=2)
    Milestone.objects.create(call=call, code="jury", position=1, label="Jury", on=date(2027, 5, 5))
    SupportPhase.objects.create(
        call=call, code="P1", position=1, title="Cadrage", first_month=1, last_month=1, deliverable="Note de cadrage"
    )
    SupportPhase.objects.create(
        call=call, code="P2", position=2, title="Diagnostic", first_month=2, last_month=4, deliverable="Synthèse"
    )


def make_role(call: Call, role: str = "manager", user: User | None = None, **user_fields: Any) -> User:
    """A person with a staff role in a call."""
    user = user or make_user(**user_fields)
    CallRole.objects.create(user=user, call=call, role=role, starts_at=portal_now() - timedelta(days=3))
    return user


def make_application(
    call: Call | None = None, lead: Organisation | None = None, by: User | None = None, **fields: Any
) -> Application:
    """A draft of a town hall."""
    call = call or make_call()
    lead = lead or make_town_hall()
    now = portal_now()
    application = Application.objects.create(
        call=call,
        window=call.windows.get(),
        lead=lead,
        created_at=now,
        last_activity_at=now,
        created_by=by or make_user(),
        **fields,
    )
    ApplicationMember.objects.create(
        application=application, call=call, organisation=lead, role="lead", confirmed_at=now
    )
    return application
