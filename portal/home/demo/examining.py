"""Examination, jury, decision and letters of the demonstration: its people, its words."""

from datetime import datetime, timedelta

from applications.models import Application, Decision
from applications.queries.staff import OPENED, document_key, lines_of
from applications.services.examination import record_reading
from applications.services.notices import mark_notice_read, prepare_notices, send_notices
from calls.models import Call
from juries.models import SeatHolder
from juries.services.seats import compose_jury, take_seat
from portal.core.clock import at_instant, portal_now

from ..playing import judging
from .people import JURORS, JURORS_WITH_CARDS, MAYORS, Team, member, person, town_hall

# The commune whose file is declared inadmissible.
OFF_TOPIC = "76533"
PLACE = "Hôtel de la communauté urbaine, Le Havre, salle du conseil"
SECRETARY = "Le chef du service Santé, sans voix"
REASONS = (
    "Réponse précise au vieillissement, engagement de la commune sur les cheminements.",
    "Besoin d’ingénierie avéré, participation des habitants bien préparée.",
    "Projet juste et modeste, utile à toute la commune.",
    "Ambition réelle pour la nature et la fraîcheur, calendrier à préciser.",
)


def fault_of(application: Application) -> str:
    """Why a file is inadmissible, if it is."""
    if application.lead.commune_id != OFF_TOPIC:
        return ""
    return "Le terrain proposé vient d’être cédé : il n’est plus un espace public communal."


def seat_jury(call: Call, at: datetime) -> list[SeatHolder]:
    """The nine voting seats, taken."""
    with at_instant(at):
        seats = {seat.code: seat for seat in compose_jury(call=call)}
        holders = []
        for code, (key, title) in JURORS.items():
            user = person(key, title, card=code in JURORS_WITH_CARDS)
            organisation = None
            if code in MAYORS:
                organisation = town_hall(MAYORS[code], at - timedelta(days=1)).organisation
                member(user, organisation, "reader", portal_now())
            holders.append(take_seat(seat=seats[code], user=user, organisation=organisation, at=portal_now()))
    return holders


def decide(call: Call, team: Team, at: datetime) -> Decision:
    """The board decides; letters are made, read and sent."""
    decision = judging.decide(
        call,
        body="bureau communautaire",
        act_number=f"BU-{at.year}-118",
        asked_by=team.manager,
        approver=team.director,
        at=at,
    )
    with at_instant(at):
        prepare_notices(decision=decision, by=team.manager, at=portal_now())
        judging.render([line.notice.document for line in lines_of(decision)])
        for notice in [line.notice for line in lines_of(decision)]:
            record_reading(user=team.manager, what=OPENED, object_key=document_key(notice), at=portal_now())
            mark_notice_read(notice=notice, by=team.manager, at=portal_now())
        send_notices(decision=decision, by=team.manager, at=portal_now())
    return decision
