"""Agreements and support of the demonstration, through the services."""

from datetime import date, time, timedelta
from decimal import Decimal

from applications.models import Decision
from applications.queries.laureates import laureates
from calls.models import Call
from portal.core.calendar import day_of, wall_clock
from portal.core.clock import at_instant, portal_now
from support.agreements.models import Agreement, Party
from support.agreements.services import draw_up, record_signature, send
from support.agreements.services_parties import record_act
from support.impact.models import Measure
from support.money.models import FundingRequest
from support.network.models import ClubEvent
from support.plan.models import SupportPlan
from support.plan.services import finish_phase, write_log

from ..playing.judging import render
from .accompanying import accompany, direct
from .funding import fund
from .people import Team

TOLD = "76508"  # the commune whose support is told whole: one may enter as its people


def support(call: Call, decision: Decision, people: Team, starts_on: date) -> None:
    """All laureates but the last have signed; their support runs since the kick-off."""
    lines = list(laureates(call, notified=True))
    for n, line in enumerate(lines):
        with at_instant(wall_clock(starts_on - timedelta(days=6), time(10, n))):
            agreement = draw_up(call=call, lines=[line], starts_on=starts_on, by=people.manager, at=portal_now())
            complete(agreement, people, decision.act_on)
            if n == len(lines) - 1 and len(lines) > 1:
                continue
            send(agreement=agreement, by=people.manager, at=portal_now())
            render([agreement.document])
        sign(agreement, people, starts_on)
    direct(call.owner, call, people)
    for plan in SupportPlan.objects.filter(application__call=call).order_by("pk"):
        told = plan.application.lead.commune_id == TOLD
        live(plan, people, ahead=told)
        if told:
            accompany(plan, people)
            fund(plan, people)
    ClubEvent.objects.create(
        owner=call.owner,
        title="Marcher pour comprendre : visite croisée de deux projets",
        held_at=portal_now() + timedelta(days=24),
        place="Salle polyvalente, La Poterie-Cap-d’Antifer",
        created_by=people.manager,
    )


def complete(agreement: Agreement, people: Team, after: date) -> None:
    """Each council has authorised its mayor."""
    for n, party in enumerate(agreement.parties.filter(side=Party.Side.BENEFICIARY), 1):
        record_act(
            party=party,
            act_body="du conseil municipal",
            act_number=f"{after.year}-{party.pk + 10}",
            act_on=after - timedelta(days=20 + n),
            representative_title="Le Maire",
            by=people.manager,
        )


def sign(agreement: Agreement, people: Team, starts_on: date) -> None:
    for n, party in enumerate(agreement.parties.all()):
        day = starts_on - timedelta(days=4 - n)
        with at_instant(wall_clock(day, time(15, n))):
            record_signature(party=party, signed_on=day, by=people.manager, at=portal_now())


def live(plan: SupportPlan, people: Team, *, ahead: bool) -> None:
    """What happened since: deliverables on time, visits, money sought, first measures."""
    today = day_of(portal_now())
    for phase in plan.phases.filter(ends_on__lt=today):
        if not ahead and phase.ends_on > today - timedelta(days=45):
            continue
        with at_instant(wall_clock(phase.ends_on, time(17))):
            finish_phase(phase=phase, done_on=phase.ends_on, by=people.adviser, at=portal_now())
    for days, kind, title in ENTRIES:
        happened_on = plan.starts_on + timedelta(days=days)
        if happened_on > today:
            continue
        with at_instant(wall_clock(happened_on, time(18))):
            write_log(
                plan=plan,
                kind=kind,
                happened_on=happened_on,
                title=title,
                text="",
                visibility="internal" if kind == "alert" else "shared",
                days=Decimal("0.5"),
                by=people.adviser,
                at=portal_now(),
            )
    FundingRequest.objects.create(
        plan=plan,
        funder="État",
        scheme="Fonds vert",
        base=Decimal("86400"),
        amount=Decimal("25920"),
        status="asked",
        status_on=today - timedelta(days=12),
        recorded_by=people.adviser,
    )
    indicator = plan.application.call.indicators.first()
    if indicator:
        Measure.objects.create(
            plan=plan,
            indicator=indicator,
            value=Decimal(46),
            measured_on=today - timedelta(days=30),
            source="Feuilles de présence du diagnostic en marchant",
            recorded_by=people.adviser,
        )


ENTRIES = (
    (5, "visit", "Première visite du site avec l’élue référente"),
    (34, "meeting", "Diagnostic en marchant, 46 habitants"),
    (70, "deliverable", "Synthèse du diagnostic remise à la commune"),
    (96, "call", "Point sur le calendrier du conseil municipal"),
    (130, "visit", "Repérage de la traversée avec le Département"),
    (139, "alert", "Le secrétariat change de titulaire en fin d’année"),
)
