"""The questions of the open call: some answered for all, one that waits."""

from datetime import date, datetime, time, timedelta

from calls.models import Call
from calls.queries_enquiries import questions_end
from calls.services.enquiries import ask_question, publish_answer
from portal.core.calendar import day_of, wall_clock
from portal.core.clock import at_instant, portal_now

from .people import TOWN_HALLS, Team

ANSWERED = (
    (
        "Notre place est traversée par une route départementale. Pouvons-nous candidater ?",
        "Oui. Dites-le dans la section « Le site » : le Département est associé à l’instruction et donne son avis.",
    ),
    (
        "Le conseil municipal se réunit après la clôture. Que faire de la délibération ?",
        "Promettez-la dans les pièces, avec sa date. Vous la joindrez ensuite, avant le jour indiqué au formulaire.",
    ),
    (
        "Deux communes voisines peuvent-elles présenter un même chemin ?",
        "Oui, dans une seule candidature, avec une commune chef de file. Chacune délibère.",
    ),
)
WAITING = "Un terrain de l’établissement public foncier compte-t-il comme un terrain communal ?"


def ask_and_answer(call: Call, people: Team) -> None:
    """Asked in the last weeks of the questions, each answered two days later; the last one the day they close."""
    last = day_of(questions_end(call))
    for n, (question, answer) in enumerate(ANSWERED):
        asked_on = last - timedelta(days=12 - 3 * n)
        with at_instant(moment(asked_on, 10)):
            enquiry = ask_question(call=call, email=f"mairie-{n}{TOWN_HALLS}", text=question, at=portal_now())
        with at_instant(moment(asked_on + timedelta(days=2), 15)):
            publish_answer(enquiry=enquiry, question=question, answer=answer, by=people.manager, at=portal_now())
    with at_instant(moment(last, 11)):
        ask_question(call=call, email=f"mairie-9{TOWN_HALLS}", text=WAITING, at=portal_now())


def moment(day: date, hour: int) -> datetime:
    return wall_clock(day, time(hour))
