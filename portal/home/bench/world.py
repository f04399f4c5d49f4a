"""What is measured: the real call, published, its jury in session, and one real file: the model of all the others."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

from django.conf import settings

from applications.models import Application
from applications.services.drafting import attach, promise, save_section, start_application
from applications.services.submission import submit_application
from calls.definition.reading import canonical, read
from calls.definition.shifting import with_calendar
from calls.models import Call, CallRole
from calls.services import publication
from juries.models import AgendaItem, Assessment, Attendance, FileScore, JurySession, Seat, SeatHolder
from juries.services.seats import compose_jury
from portal.accounts.models import InstitutionProfile, Membership, Organisation, User
from portal.core.calendar import day_of
from portal.core.clock import portal_now
from portal.core.models import OutboundEmail
from portal.territories.models import Commune, Department, Intercommunality, PopulationFigure, Region

from ..demo.filing import PIECES
from ..demo.projects import PROJECTS, answers
from .large import make_large

LHSM = "200084952"
SOURCE = settings.ROOT / "calls" / "catalogue" / "territoire-promoteur-de-sante.yaml"
MAILS = "@mesure.exemple.fr"


class NotEmpty(Exception):
    """The database already holds people: measures are made in an empty one."""


@dataclass(frozen=True)
class World:
    """The call, the file from which all others are copied, and who looks."""

    call: Call
    template: Application
    session: JurySession
    officer: User
    president: User
    large: Call


def make_world() -> World:
    """The call with its jury in session and one deposited file."""
    if User.objects.exists() or Call.objects.exists():
        raise NotEmpty
    owner = make_owner()
    officer, second = make_user("instruction"), make_user("direction")
    call = make_call(owner, officer, second)
    template = make_template(call, 0)
    session, president = make_session(call, template)
    OutboundEmail.objects.create(
        kind="call.invitation", object_key=f"call:{call.slug}", recipient=town_hall_address(0),
        guarantee="at_least_once", subject="Un appel est ouvert", body="Un appel est ouvert.", from_name="Service",
        created_at=call.created_at, not_before=call.created_at, state="sent", sent_at=call.created_at,
    )  # fmt: skip
    large = make_large(owner, officer, SOURCE.read_text())
    return World(call, template, session, officer, president, large)


def make_user(name: str, **fields: str) -> User:
    return User.objects.create_user(f"{name}{MAILS}", **fields)


def make_owner() -> Organisation:
    region = Region.objects.create(code="28", name="Normandie")
    Department.objects.create(code="76", name="Seine-Maritime", region=region)
    territory = Intercommunality.objects.create(siren=LHSM, name="Le Havre Seine Métropole", kind="CU")
    owner = Organisation.objects.create(
        kind=Organisation.Kind.INTERCOMMUNALITY, name=territory.name, siren=LHSM, intercommunality=territory
    )
    InstitutionProfile.objects.create(
        organisation=owner, slug="mesure", short_name=territory.name, kind_label="Communauté urbaine",
        designation="la communauté urbaine", address_line="1, place de la Mairie", city="Le Havre",
        signatory_title="Le Président", contact_service="Service Santé", contact_phone="02 35 00 00 00",
        contact_hours="du lundi au vendredi", contact_email="service@exemple.fr", dpo_email="dpo@exemple.fr",
        court="tribunal administratif de Rouen",
    )  # fmt: skip
    return owner


def make_call(owner: Organisation, officer: User, second: User) -> Call:
    """The catalogue's call, closing in a month."""
    at = portal_now()
    document = with_calendar(read(SOURCE.read_text()), closes_at=at + timedelta(days=30), slug="mesure")
    call = publication.import_call(canonical(document), owner=owner, by=second, at=at)
    CallRole.objects.create(user=officer, call=call, role=CallRole.Role.OFFICER, starts_at=at)
    publication.publish_call(call=call, asked_by=officer, by=second, at=at)
    return call


# --- one real file ------------------------------------------------------------------------------------------------


def insee_of(place: int) -> str:
    return f"{place:05d}"


def town_hall_address(place: int) -> str:
    return f"mairie-{insee_of(place)}{MAILS}"


def make_place(place: int) -> Organisation:
    """A commune of the territory and its town hall."""
    insee = insee_of(place)
    commune = Commune.objects.create(
        insee=insee, siren=str(900_000_000 + place), name=f"Commune {insee}", search_name=f"commune {insee}",
        department_id="76", intercommunality_id=LHSM, postal_codes=["76000"],
    )  # fmt: skip
    PopulationFigure.objects.create(commune=commune, kind="municipale", year=2023, source="Insee", value=1102)
    return Organisation.objects.create(
        kind=Organisation.Kind.COMMUNE, name=f"Commune de {commune.name}", siren=commune.siren, commune=commune,
        official_email=town_hall_address(place),
    )  # fmt: skip


def make_member(name: str, organisation: Organisation, right: str, title: str) -> User:
    at = portal_now()
    user = make_user(name, role_title=title)
    Membership.objects.create(
        user=user, organisation=organisation, right=right, state="confirmed", created_at=at, confirmed_at=at
    )
    return user


def make_template(call: Call, place: int) -> Application:
    """One file written and deposited by the services, then admissible."""
    organisation = make_place(place)
    secretary = make_member("secretariat", organisation, Membership.Right.EDITOR, "Secrétaire de mairie")
    mayor = make_member("maire", organisation, Membership.Right.SIGNATORY, "Maire")
    application = start_application(call=call, organisation=organisation, by=secretary, at=portal_now())
    values = answers(PROJECTS[0], commune=str(organisation.commune), year=application.window.closes_at.year)
    for section in call.sections.all():
        row = application.sections.filter(section_code=section.code).first()
        save_section(
            application=application, section_code=section.code, typed=values[section.code],
            version=row.version if row else 0, by=secretary, at=portal_now(),
        )  # fmt: skip
    join_pieces(application, secretary)
    submit_application(
        application=application, by=mayor, idempotency_key=uuid4(), web_clock_at=portal_now(),
        undertakings=[undertaking.code for undertaking in call.undertakings.all()],
    )  # fmt: skip
    Application.objects.filter(pk=application.pk).update(state="admissible")
    application.refresh_from_db()
    return application


def join_pieces(application: Application, by: User) -> None:
    kinds = {piece.code: piece for piece in application.call.piece_types.all()}
    for code, make in PIECES.items():
        for upload in make():
            attach(application=application, piece=kinds[code], upload=upload, by=by, at=portal_now())
    resolution = kinds["DELIB"]
    assert resolution.promised_until is not None
    promise(application=application, piece=resolution, due_on=resolution.promised_until, by=by, at=portal_now())


# --- the jury -----------------------------------------------------------------------------------------------------


def make_session(call: Call, template: Application) -> tuple[JurySession, User]:
    """The jury sits: every seat taken and present, the first file voted."""
    at = portal_now()
    session = JurySession.objects.create(
        call=call, held_on=day_of(at), place="Hôtel de la communauté urbaine", state="open", opened_at=at
    )
    for seat in compose_jury(call=call):
        user = make_user(f"jury-{seat.code.lower()}", role_title=seat.label)
        holder = SeatHolder.objects.create(seat=seat, user=user, starts_at=at, declared_at=at)
        Attendance.objects.create(session=session, seat=seat, holder=holder, state="present", arrived_at=at)
    AgendaItem.objects.create(
        session=session, application=template, position=1, state="closed", opened_at=at, closed_at=at, votes_for=7,
        votes_against=1, abstentions=1, present_count=9, recused_count=0, quorum_required=5, result="favourable",
        reason="Un projet clair, porté par la commune, et utile à la santé de ses habitants.",
    )  # fmt: skip
    president = SeatHolder.objects.get(seat__call=call, seat__president=True)
    seat = Seat.objects.filter(call=call, voting=True).order_by("position")[0]
    Assessment.objects.create(
        application=template, kind="jury", seat=seat, author=seat.holders.get().user, state="submitted",
        total=Decimal("60.00"), started_at=at, updated_at=at, submitted_at=at,
    )  # fmt: skip
    FileScore.objects.create(application=template, members=1, base=60, total=60, tie_break=[20], computed_at=at)
    return session, president.user
