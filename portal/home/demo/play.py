"""The programme of Le Havre Seine Métropole played through the services: three calls side by side; and a Région's.

The clock of the database session is set at each instant of the story; nothing is inserted by hand but the people.
"""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from calls.definition.reading import canonical, read
from calls.definition.shifting import with_calendar
from calls.models import Call, CallRole
from calls.queries import milestone_day
from calls.services import publication
from juries.models import JurySession, SeatHolder
from portal.accounts.dev_login import DOMAIN
from portal.accounts.models import InstitutionProfile, Membership, Organisation, User
from portal.accounts.queries import organisation_of
from portal.accounts.services.institution import store_logo
from portal.core import approvals
from portal.core.calendar import wall_clock
from portal.core.clock import at_instant, portal_now
from portal.territories.models import Commune, Intercommunality

from ..playing import judging
from ..playing.filing import deposit, send_to_mayor
from . import asking, examining, filing, helping, joining, publishing, quarters, supporting
from .people import TOWN_HALLS, Team, member, team
from .projects import PROJECTS

LOGO = Path(__file__).with_name("logo.svg")
SOURCE = settings.ROOT / "calls" / "catalogue" / "territoire-promoteur-de-sante.yaml"
LHSM = "200084952"
BY_INSEE = {project.insee: project for project in PROJECTS}

# Who writes to which call, by INSEE code.
OPEN_DEPOSITED = ("76660", "76522", "76238", "76716", "76314")
OPEN_DRAFTS = (("76254", 6), ("76404", 3), ("76275", 8), ("76169", 1), ("76341", 4))
MANDATED, ON_PAPER = "76501", "76305"
JURY_FILES = ("76196", "76595", "76250", "76404", "76275", "76341", "76169", "76533")
SUPPORT_FILES = ("76508", "76314", "76079", "76305", "76501", "76533")


class ForeignData(Exception):
    """The database holds what the demonstration did not make."""


def refuse_foreign_data() -> None:
    """Nothing but the demonstration's own people and calls may be here."""
    strangers = User.objects.exclude(email__endswith=DOMAIN).exclude(email__endswith=TOWN_HALLS)
    if strangers.exists() or Call.objects.exists() or Organisation.objects.exists():
        raise ForeignData(
            "Cette base contient déjà des données : la démonstration ne s’installe que dans une base neuve."
        )


def play(say: Callable[[str], None]) -> None:
    """Play everything up to now."""
    refuse_foreign_data()
    today = portal_now().astimezone().date()
    people = team(portal_now())
    owner = institution(people)
    say("Appel en accompagnement…")
    play_support(owner, people, today)
    say("Appel au jury…")
    play_jury(owner, people, today)
    say("Appel ouvert…")
    play_open(owner, people, today)
    say("Second organisateur…")
    play_quarters(today)


def institution(people: Team) -> Organisation:
    """Le Havre Seine Métropole, its look, its letterhead, its people and the addresses of its town halls."""
    territory = Intercommunality.objects.get(siren=LHSM)
    owner = Organisation.objects.create(
        kind=Organisation.Kind.INTERCOMMUNALITY, name=territory.name, siren=LHSM, intercommunality=territory
    )
    InstitutionProfile.objects.create(
        organisation=owner,
        slug="le-havre-seine-metropole",
        short_name="Le Havre Seine Métropole",
        kind_label="Communauté urbaine",
        designation="la communauté urbaine",
        service_lines="Direction Résilience des territoires\nService Santé\n02 35 00 00 00\nami-sante@exemple.fr",
        address_line="Hôtel de la communauté urbaine, 19, rue Georges-Braque, 76085 Le Havre Cedex",
        city="Le Havre",
        signatory_title="Le Président",
        signatory_block="Pour le Président et par délégation,\nla Vice-Présidente chargée de la santé",
        contact_service="Service Santé, direction Résilience des territoires",
        contact_phone="02 35 00 00 00",
        contact_hours="du lundi au vendredi, 9 h à 17 h",
        contact_email="ami-sante@exemple.fr",
        dpo_email="dpo@exemple.fr",
        court="tribunal administratif de Rouen",
        court_address="53, avenue Gustave-Flaubert, 76000 Rouen",
        logo=store_logo(SimpleUploadedFile(LOGO.name, LOGO.read_bytes()), by=people.manager, at=portal_now()),
    )
    long_ago = portal_now() - timedelta(days=500)
    for user, right in ((people.director, Membership.Right.MANAGER), (people.manager, Membership.Right.MANAGER)):
        member(user, owner, right, long_ago)
    for commune in Commune.objects.filter(intercommunality=territory, inhabited=True):
        town = organisation_of(commune)
        town.official_email = f"mairie-{commune.insee}{TOWN_HALLS}"
        town.postal_address = f"Mairie, {commune.postal_codes[0]} {commune.name}"
        town.save(update_fields=["official_email", "postal_address"])
    return owner


def publish(
    owner: Organisation, people: Team, *, closes_on: date, edition: str, source: Path = SOURCE, invites: bool = True
) -> Call:
    """One edition of a call, published by two persons at its date, its town halls invited."""
    closes_at = wall_clock(closes_on, time(23, 59, 59))
    document = with_calendar(
        read(source.read_text()), closes_at=closes_at, slug=f"{source.stem}-{edition}", edition=edition
    )
    with at_instant(document.opens_at - timedelta(days=1)):
        call = publication.import_call(canonical(document), owner=owner, by=people.manager, at=portal_now())
        give_roles(call, people)
        approval = approvals.ask(
            act=publication.PUBLISH_ACT,
            object_key=f"call:{call.slug}",
            title=f"Publier l’appel « {call} »",
            arguments=publication.publication_arguments(call),
            asked_by=people.manager,
            approver=people.director,
            reason="",
            at=portal_now(),
        )
        approvals.answer(approval=approval, by=people.director, approved=True, at=portal_now())
    if invites:
        with at_instant(document.opens_at):
            publication.invite_communes(call=call, at=portal_now())
    call.refresh_from_db()
    return call


def give_roles(call: Call, people: Team) -> None:
    for user, role in ((people.officer, CallRole.Role.OFFICER), (people.adviser, CallRole.Role.ADVISER)):
        CallRole.objects.get_or_create(
            user=user, call=call, role=role, defaults={"starts_at": portal_now(), "given_by": people.manager}
        )


def moment(day: date, hour: int, minute: int = 0) -> datetime:
    return wall_clock(day, time(hour, minute))


def deposit_all(call: Call, codes: tuple[str, ...], closes_on: date) -> None:
    """Each commune writes three weeks before the limit and deposits a few days before."""
    for n, insee in enumerate(codes):
        begun = moment(closes_on - timedelta(days=25 - n), 9, 10 + n)
        application, hall = filing.write(call, BY_INSEE[insee], begun)
        deposit(application, hall, moment(closes_on - timedelta(days=9 - n % 8), 16, 4 + 5 * n))


def plan_session(call: Call, held_on: date, at: datetime) -> JurySession:
    """The session, in the usual room."""
    return judging.plan_session(call, held_on, at, place=examining.PLACE, secretary_title=examining.SECRETARY)


def vote(session: JurySession, holders: list[SeatHolder], at: datetime, *, files: int | None = None) -> None:
    """The first `files` items (all by default), one every twenty-five minutes; the last member is away."""
    for n, item in enumerate(session.items.order_by("position")[:files]):
        with at_instant(at + timedelta(minutes=25 * n)):
            judging.vote([item], holders[:-1], by=holders[0].user, reasons=examining.REASONS)


def play_open(owner: Organisation, people: Team, today: date) -> None:
    """Nineteen days before the limit: five deposited, one received on paper, six drafts, a joint file for its mayor.

    In Étretat, a deputy named to sign waits to be confirmed; a State service writes the file of Pierrefiques.
    """
    closes_on = today + timedelta(days=19)
    call = publish(owner, people, closes_on=closes_on, edition=str(closes_on.year + 1))
    asking.ask_and_answer(call, people)
    deposit_all(call, OPEN_DEPOSITED, today)
    for n, (insee, sections) in enumerate(OPEN_DRAFTS):
        filing.write(
            call, BY_INSEE[insee], moment(today - timedelta(days=1 + n), 14, 32), sections=sections, pieces=n == 0
        )
    helping.write_under_mandate(call, BY_INSEE[MANDATED], moment(today - timedelta(days=9), 9))
    helping.receive_on_paper(
        call, BY_INSEE[ON_PAPER], today - timedelta(days=3), people.manager, moment(today - timedelta(days=1), 15)
    )
    joining.name_a_deputy("76254", moment(today - timedelta(days=1), 9))
    waiting, hall = filing.write(call, BY_INSEE["76693"], moment(today - timedelta(days=4), 10), shared=joining.ROLES)
    joining.apply_together(waiting, hall, "76508", moment(today - timedelta(days=3), 11))
    send_to_mayor(waiting, hall, moment(today - timedelta(days=1), 17))


def play_quarters(today: date) -> None:
    """Another institution, with an open call that gives money: sites and financing plans."""
    owner, people = quarters.region(portal_now() - timedelta(days=300))
    closes_on = today + timedelta(days=24)
    call = publish(
        owner, people, closes_on=closes_on, edition=str(closes_on.year + 1), source=quarters.SOURCE, invites=False
    )
    quarters.play(call, moment(today - timedelta(days=3), 15, 20))


def play_jury(owner: Organisation, people: Team, today: date) -> None:
    """The jury sits today: three files are voted, the others wait."""
    closes_on = today - timedelta(days=35)
    call = publish(owner, people, closes_on=closes_on, edition=str(today.year))
    deposit_all(call, JURY_FILES, closes_on)
    judging.examine(call, people.officer, moment(closes_on + timedelta(days=12), 10), fault_of=examining.fault_of)
    holders = examining.seat_jury(call, moment(closes_on + timedelta(days=14), 9))
    session = plan_session(call, today, moment(closes_on + timedelta(days=15), 9))
    judging.score_all(call, holders, moment(today - timedelta(days=5), 18), late=holders[-1])
    judging.give_slots(session, moment(today - timedelta(days=4), 9), first=time(9, 10), pause=10)
    opening = portal_now() - timedelta(hours=2)
    judging.sit(session, holders[:-1], opening, by=holders[0].user, excused=holders[-1:])
    vote(session, holders, opening + timedelta(minutes=5), files=3)


def play_support(owner: Organisation, people: Team, today: date) -> None:
    """Last year's edition: decided, notified, agreements signed, support running."""
    closes_on = today - timedelta(days=230)
    call = publish(owner, people, closes_on=closes_on, edition=str(closes_on.year - 1))
    deposit_all(call, SUPPORT_FILES, closes_on)
    judging.examine(call, people.officer, moment(closes_on + timedelta(days=12), 10), fault_of=examining.fault_of)
    holders = examining.seat_jury(call, moment(closes_on + timedelta(days=14), 9))
    held_on = milestone_day(call, "jury")
    session = plan_session(call, held_on, moment(closes_on + timedelta(days=15), 9))
    judging.score_all(call, holders, moment(held_on - timedelta(days=5), 18))
    judging.sit(session, holders[:-1], moment(held_on, 9), by=holders[0].user, excused=holders[-1:])
    vote(session, holders, moment(held_on, 9, 20))
    judging.end_session(session, moment(held_on, 16), by=holders[0].user)
    decision = examining.decide(call, people, moment(milestone_day(call, "decision"), 18, 30))
    supporting.support(call, decision, people, milestone_day(call, "kickoff"))
    publishing.publish(call, people)
