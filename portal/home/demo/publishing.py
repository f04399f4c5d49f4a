"""What the laureates of the demonstration tell the others, through the services."""

from datetime import timedelta
from decimal import Decimal

from calls.models import Call
from portal.accounts.queries import people_in_charge
from portal.core.calendar import day_of
from portal.core.clock import at_instant, portal_now
from support.impact import services
from support.impact.models import Publication
from support.impact.queries import texts_of
from support.impact.services import Written
from support.plan.models import SupportPlan

from .people import Team


def publish(call: Call, people: Team) -> None:
    """One report is public, the next one waits for its commune; the organiser shares a tool."""
    plans = list(SupportPlan.objects.filter(application__call=call).order_by("pk")[:2])
    for n, plan in enumerate(plans):
        with at_instant(portal_now() - timedelta(days=9 - n)):
            report = services.begin_report(plan=plan, by=people.adviser, at=portal_now())
            write(report, people)
            services.submit(publication=report, by=people.adviser, at=portal_now())
        writer = people_in_charge(plan.application.lead).first()
        if n == 0 and writer:
            with at_instant(portal_now() - timedelta(days=6)):
                services.agree(publication=report, by=writer, at=portal_now())
                services.publish(publication=report, by=people.manager, at=portal_now())
    with at_instant(portal_now() - timedelta(days=20)):
        share_a_tool(call, people)


def write(report: Publication, people: Team) -> None:
    """The team writes what the portal could not know."""
    contact = {"role": "Mairie", "phone": "02 35 00 00 00", "agreed_on": day_of(report.created_at)}
    report.contacts.create(name="Secrétariat de mairie", **contact)
    written = Written(
        title=report.title,
        lead=f"{report.plan.application.lead} est passée, avec ses habitants, d’une idée à un programme chiffré.",
        themes=report.themes,
        cost=Decimal(86_400),
        texts={**texts_of(report), **TEXTS},
    )
    services.save(publication=report, version=report.version, written=written, by=people.adviser, at=portal_now())


def share_a_tool(call: Call, people: Team) -> None:
    title = "Préparer un diagnostic en marchant"
    tool = services.begin_own(kind="tool", owner=call.owner, title=title, by=people.manager, at=portal_now())
    lead = "Une trame de deux heures pour parcourir un espace public avec ses usagers, et n’oublier personne."
    written = Written(title, lead, ["santé", "participation"], None, {"text": TOOL})
    services.save(publication=tool, version=tool.version, written=written, by=people.manager, at=portal_now())
    services.publish(publication=tool, by=people.manager, at=portal_now())


TEXTS = {
    "origin": "Le lieu servait surtout à stationner. Les aînés ne s’y arrêtaient plus, faute de banc et d’ombre ; "
    "l’école, à deux rues, n’y venait jamais.",
    "aims": "Pouvoir s’y asseoir tous les trente mètres, y venir à pied depuis l’école, y trouver de l’ombre en été.",
    "obstacles": "La rue appartient au Département : il a fallu l’associer dès la première visite. L’horaire des "
    "ateliers, d’abord l’après-midi, laissait de côté les parents ; le samedi matin a tout changé.",
    "advice": "Marchez avec les habitants avant de dessiner quoi que ce soit. Comptez les places de stationnement un "
    "mardi et un dimanche : le chiffre apaise les débats.",
}
TOOL = (
    "Réunissez huit à douze personnes d’âges différents, dont une en fauteuil ou avec une poussette.\n\n"
    "Prévoyez six arrêts de dix minutes : chacun dit ce qu’il voit, ce qu’il entend, ce qui le gêne.\n\n"
    "Notez les mots tels qu’ils sont dits, puis relisez-les ensemble au dernier arrêt."
)
