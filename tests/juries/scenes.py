"""A jury and its files, at each moment of its life: what the tests of this folder start from."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from applications.models import Application, ApplicationMember, Deposit
from calls.models import Call, Criterion, SeatTemplate
from juries.links import OTHER, Said
from juries.models import AgendaItem, Assessment, InterestDeclaration, JurySession, Score, Seat, SeatHolder
from juries.services.assessments import sheet_result
from juries.services.attendance import record_attendance
from juries.services.ballots import cast_vote, close_ballot, open_ballot, record_reason
from juries.services.interests import declare_interests
from juries.services.scores import refresh_score
from juries.services.seats import compose_jury, take_seat
from juries.services.sessions import create_session, open_session
from portal.accounts.models import Organisation, User
from portal.core.calendar import day_of
from portal.core.clock import portal_now
from portal.core.models import FrozenDocument
from tests.factories import (
    BENOUVILLE,
    ETRETAT,
    TILLEUL,
    make_application,
    make_call,
    make_role,
    make_town_hall,
    make_user,
)

TURRETOT = ("76716", "217607167", "Turretot", 0, 1619)
SANDOUVILLE = ("76660", "217606607", "Sandouville", 0, 799)
EPOUVILLE = ("76238", "217602382", "Épouville", 1, 2601)
COMMUNES = (ETRETAT, TILLEUL, BENOUVILLE, TURRETOT, SANDOUVILLE, EPOUVILLE)
LABELS = (
    "Vice-présidence Santé",
    "Vice-présidence Environnement",
    "Vice-présidence Aménagement",
    "Maire d’Épretot",
    "Agence régionale de santé",
    "Département de la Seine-Maritime",
    "Agence d’urbanisme",
    "ANBDD, agence normande",
    "CAUE de la Seine-Maritime",
    "Cerema",
)


@dataclass
class Scene:
    """One call, its files, its jury: `holders[0]` presides, the last one is advisory."""

    call: Call
    files: list[Application]
    holders: list[SeatHolder]
    manager: User
    at: datetime
    session: JurySession | None = None
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def president(self) -> User:
        return self.holders[0].user

    @property
    def voters(self) -> list[SeatHolder]:
        return [holder for holder in self.holders if holder.seat.voting]

    @property
    def items(self) -> list[AgendaItem]:
        assert self.session is not None
        return list(self.session.items.select_related("session__call", "application"))


def make_files(call: Call, count: int) -> list[Application]:
    """Admissible files of real communes, numbered in order."""
    return [make_file(call, spec, i) for i, spec in enumerate(COMMUNES[:count], start=1)]


def make_file(call: Call, spec: tuple[str, str, str, int, int], n: int, state: str = "admissible") -> Application:
    number = f"{call.code_prefix}-{call.edition}-{n:04}"
    application = make_application(
        call, make_town_hall(spec), title=f"La place ombragée, projet {n}", state=state, number=number
    )
    make_deposit(application)
    return application


def make_deposit(application: Application, **answers: str) -> Deposit:
    """A deposited version whose answers are recognisable."""
    now = portal_now()
    receipt = FrozenDocument.objects.create(
        kind="receipt", number=f"AD-{application.number}-1", title="Accusé", template="x", snapshot={}, issued_at=now
    )
    text = f"Besoins observés {application.number}"
    frozen = {
        "sections": [
            {
                "code": "S2",
                "number": 2,
                "title": "Pourquoi ce projet",
                "answers": [
                    {
                        "code": "Q3",
                        "label": "Quels besoins ?",
                        "kind": "long_text",
                        "text": text,
                        "value": text,
                        "visible_to_jury": True,
                    }
                ],
            }
        ]
    }
    return Deposit.objects.create(
        application=application,
        n=1,
        idempotency_key=uuid.uuid4(),
        received_at=now,
        closes_at=application.window.closes_at,
        web_clock_at=now,
        deposited_by=application.created_by,
        quality="maire",
        on_behalf_of=application.lead,
        revision=application.call.revisions.get(),
        answers=frozen,
        answers_sha256="0" * 64,
        facts={},
        receipt=receipt,
    )


def make_seats(call: Call, voting: int = 7, advisory: int = 1) -> list[Seat]:
    for i in range(voting + advisory):
        SeatTemplate.objects.create(
            call=call, code=f"J{i + 1}", position=i + 1, label=LABELS[i], voting=i < voting, president=i == 0
        )
    return compose_jury(call=call)


def make_scene(files: int = 3, voting: int = 7, advisory: int = 1, quorum: int = 4, **grid: Any) -> Scene:
    """Files admissible, every seat taken, nothing declared yet."""
    call = make_call(prefix="TPS")
    call.jury_rules.quorum = quorum
    call.jury_rules.save()
    for name, value in grid.items():
        setattr(call.grid, name, value)
    call.grid.save()
    applications = make_files(call, files)
    at = portal_now()
    holders = [
        take_seat(seat=seat, user=make_user(role_title=seat.label), at=at)
        for seat in make_seats(call, voting, advisory)
    ]
    return Scene(call, applications, holders, make_role(call, "manager"), at)


def declare_all(scene: Scene, links: dict[int, dict[int, str]] | None = None) -> Scene:
    """Every member has declared; `links`: {member: {file: nature}} by index, through the service."""
    for i, holder in enumerate(scene.holders):
        linked = {scene.files[n]: Said(kind=OTHER, nature=nature) for n, nature in (links or {}).get(i, {}).items()}
        InterestDeclaration.objects.bulk_create(
            InterestDeclaration(holder=holder, application=file, linked=False, declared_at=scene.at)
            for file in scene.files
            if file not in linked
        )
        if linked:
            declare_interests(holder=holder, links=linked, at=scene.at)
    SeatHolder.objects.filter(pk__in=[holder.pk for holder in scene.holders]).update(declared_at=scene.at)
    return scene


def note_all(scene: Scene, *pairs: tuple[str | int, str | int], members: int = 3) -> Scene:
    """The first voting members who are not recused gave these notes (C1, C2) to the files, in order."""
    criteria = list(scene.call.criteria.order_by("position"))
    for file, pair in zip(scene.files, pairs, strict=True):
        recused = set(file.recusals.values_list("seat_id", flat=True))
        for holder in scene.voters[:members]:
            if holder.seat_id not in recused:
                write_sheet(file, holder, dict(zip(criteria, pair, strict=True)), scene.at)
        refresh_score(application=file, at=scene.at)
    return scene


def write_sheet(file: Application, holder: SeatHolder, notes: dict[Criterion, str | int], at: datetime) -> Assessment:
    """A submitted sheet, without walking the screens."""
    sheet = Assessment.objects.create(
        application=file,
        kind="jury",
        seat=holder.seat,
        author=holder.user,
        state="submitted",
        started_at=at,
        updated_at=at,
        submitted_at=at,
        total=0,
    )
    Score.objects.bulk_create(Score(assessment=sheet, criterion=c, note=Decimal(str(n))) for c, n in notes.items())
    sheet.total = sheet_result(sheet).total
    sheet.save(update_fields=["total"])
    return sheet


def plan_session(scene: Scene) -> Scene:
    day = day_of(scene.at) + timedelta(days=10)
    scene.session = create_session(
        call=scene.call, held_on=day, place="salle du conseil, Le Havre", secretary_title="Service Santé", at=scene.at
    )
    return scene


def open_the_session(scene: Scene, present: int | None = None) -> Scene:
    """Everyone (or the first `present` members) arrives, the president opens."""
    assert scene.session is not None
    for holder in scene.holders[:present]:
        record_attendance(session=scene.session, seat=holder.seat, presence="present", at=scene.at)
    open_session(session=scene.session, by=scene.president, at=scene.at)
    return scene


def make_open_session(
    files: int = 3, voting: int = 7, links: dict[int, dict[int, str]] | None = None, **more: Any
) -> Scene:
    """The session is open, files noted 4 and 3 by three members (72 points, 82 with the bonus)."""
    scene = declare_all(make_scene(files, voting, **more), links)
    note_all(scene, *[(4, 3)] * files)
    return open_the_session(plan_session(scene))


def vote_all(scene: Scene, item: AgendaItem, choices: str) -> None:
    """`choices`: one letter a voting member, p(our) c(ontre) a(bstention), - for no ballot."""
    words = {"p": "for", "c": "against", "a": "abstain"}
    for holder, letter in zip(scene.voters, choices, strict=True):
        if letter != "-":
            cast_vote(item=item, holder=holder, choice=words[letter])


def hold_ballot(
    scene: Scene, item: AgendaItem, choices: str, reason: str = "Réponse précise aux besoins."
) -> AgendaItem:
    open_ballot(item=item, by=scene.president)
    vote_all(scene, item, choices)
    close_ballot(item=item, by=scene.president)
    record_reason(item=item, reason=reason)
    item.refresh_from_db()
    return item


def join(application: Application, organisation: Organisation) -> None:
    """A co-applicant of the file."""
    ApplicationMember.objects.create(
        application=application,
        call=application.call,
        organisation=organisation,
        role="member",
        confirmed_at=portal_now(),
    )
