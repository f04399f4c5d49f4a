"""The year of a supported commune, through the services: actions, tables, meetings, messages, expertise."""

from datetime import date, time, timedelta
from decimal import Decimal

from calls.models import Call
from portal.accounts.models import Organisation
from portal.core.calendar import day_of, wall_clock
from portal.core.clock import at_instant, portal_now
from support.network.models import EngineeringBody, ExpertiseRequest
from support.network.services import ask, give_answer
from support.plan import states
from support.plan.models import (
    Ceiling,
    Consultation,
    DiagnosisNote,
    Initiative,
    Meeting,
    Milestone,
    Need,
    Parcel,
    PlanAction,
    Report,
    Scenario,
    SupportPlan,
    Task,
    TeamMember,
    Visit,
    Workshop,
)
from support.plan.services_actions import change_action, save_action
from support.plan.services_exchanges import add_task, answer, convene, issue_minutes, post_message, record
from support.plan.services_workshops import choose_scenario, count_people, give_opinion, issue_roadmap

from ..playing.judging import render
from .people import Team, town_hall

# Title, axis, priority, owner, cost, end in days from the start, states to go through.
ACTIONS: tuple[tuple[str, str, int, str, str, int, tuple[str, ...]], ...] = (
    ("Sentier école – salle polyvalente", "Marcher", 1, "Commune", "86400", 300, ("engage",)),
    ("Douze assises et deux haltes", "Se rencontrer", 2, "Commune", "14250.50", 280, ("engage",)),
    ("Haie et verger de rencontre", "Nature", 2, "Commune, école", "6180", 120, ("engage", "deliver")),
    ("Traversée de la route départementale", "Marcher", 1, "Département", "41000", 330, ("block",)),
    ("Éclairage du chemin", "Marcher", 3, "", "", 0, ()),
)
BODIES = (
    ("CAUE de la Seine-Maritime", ("Paysage", "Espaces publics"), ("76",)),
    ("Agence d’urbanisme", ("Mobilités", "Programmation"), ("200084952",)),
    ("Délégation régionale à la biodiversité", ("Biodiversité",), ()),
)


def direct(owner: Organisation, call: Call, people: Team) -> None:
    """The directory of the organiser, and what its adviser can give."""
    for name, themes, places in BODIES:
        EngineeringBody.objects.get_or_create(
            owner=owner,
            name=name,
            defaults={"themes": list(themes), "places": list(places), "email": f"{name.split()[0].lower()}@exemple.fr"},
        )
    Ceiling.objects.get_or_create(call=call, user=people.adviser, defaults={"days": 20, "set_by": people.manager})


def accompany(plan: SupportPlan, people: Team) -> None:
    """All that the rooms of a plan show, each act at its own day."""
    act(plan, people)
    fill_tables(plan, people)
    meet(plan, people)
    write(plan, people)
    consult(plan, people)
    walk(plan, people)


def at_day(plan: SupportPlan, days: int, hour: int = 15) -> at_instant:
    """The clock so many days after the start, never after now."""
    return at_instant(min(wall_clock(plan.starts_on + timedelta(days=days), time(hour)), portal_now()))


def act(plan: SupportPlan, people: Team) -> None:
    for n, (title, axis, priority, owner, cost, end, acts) in enumerate(ACTIONS):
        with at_day(plan, 40 + n):
            action = save_action(
                PlanAction(
                    title=title, axis=axis, priority=priority, project_owner=owner, position=n + 1,
                    cost=Decimal(cost) if cost else None, ends_on=day_after(plan, end) if end else None,
                ),
                plan=plan,
            )  # fmt: skip
        for m, name in enumerate(acts):
            with at_day(plan, 60 + 50 * m):
                advance(action, name, people)
    sentier, traversee = plan.actions.get(reference="A1"), plan.actions.get(reference="A4")
    sentier.depends_on.add(traversee)


def advance(action: PlanAction, name: str, people: Team) -> None:
    """One act on an action, with what it asks."""
    at = portal_now()
    told = {
        "block": {
            "reason": "La vitesse de 70 km/h n’est pas compatible avec la traversée.",
            "blocked_side": PlanAction.Side.OTHER,
            "blocked_by": "Département, agence routière",
            "blocked_until": day_of(at) + timedelta(days=90),
        },
        "deliver": {"delivered_on": day_of(at)},
    }.get(name, {})
    transition = states.ACTION_TRANSITIONS[name]
    change_action(action=action, transition=transition, by=people.adviser, at=at, **told)


def day_after(plan: SupportPlan, days: int) -> date:
    return plan.starts_on + timedelta(days=days)


def fill_tables(plan: SupportPlan, people: Team) -> None:
    """Two rows or three in each table."""
    told = {"plan": plan, "recorded_by": people.adviser}
    Milestone.objects.create(**told, title="Vote du budget en conseil municipal", due_on=day_after(plan, 270))
    Report.objects.create(**told, title="Rapport de mi-parcours", due_on=day_after(plan, 200))
    for role, title, body in (
        ("elected", "Adjointe à l’urbanisme", plan.application.lead.name),
        ("adviser", people.adviser.role_title, "Communauté urbaine"),
        ("partner", "Paysagiste conseil", "CAUE de la Seine-Maritime"),
    ):
        TeamMember.objects.create(**told, role=role, title=title, body=body)
    for reference, area, owner, control in (
        ("AB 112", 640, "La commune", "owned"),
        ("AB 113", 210, "Un particulier", "talks"),
    ):
        Parcel.objects.create(**told, reference=reference, area=area, owner=owner, control=control)
    Initiative.objects.create(**told, title="Pédibus du mardi", bearer="Parents d’élèves", theme="Marche", since="2023")
    for discipline, stakes in (
        ("Santé", "Un tiers des habitants a plus de 60 ans : haltes tous les 200 mètres."),
        ("Biodiversité", "La haie de la sente relie deux bosquets : la garder continue."),
    ):
        DiagnosisNote.objects.create(
            **told, discipline=discipline, stakes=stakes, author="Équipe santé", written_on=day_after(plan, 60)
        )
    Consultation.objects.create(
        **told, title="Maîtrise d’œuvre du sentier", action=plan.actions.get(reference="A1"), bids=3,
        published_on=day_after(plan, 95), bids_due_on=day_after(plan, 120), provider_name="Atelier de paysage",
        amount=Decimal("18600"), deliverable="Avant-projet", due_on=day_after(plan, 210),
    )  # fmt: skip


def meet(plan: SupportPlan, people: Team) -> None:
    """A steering committee held, its minutes sent; a technical one to come."""
    told = {"call": plan.application.call, "plan": plan, "place": "Salle polyvalente", "chair": "Le maire"}
    held_at = wall_clock(plan.starts_on + timedelta(days=75), time(14))
    agenda = "Lecture du diagnostic en marchant\nChoix du tracé\nCalendrier"
    meeting = Meeting(**told, kind="steering", held_at=held_at, agenda=agenda)
    with at_day(plan, 60):
        convene(meeting=meeting, by=people.adviser, at=portal_now())
        for place in meeting.attendees.filter(answer=""):
            answer(attendee=place, coming=True, at=portal_now())
    with at_instant(held_at + timedelta(hours=3)):
        record(
            meeting=meeting,
            presences=dict.fromkeys(meeting.attendees.values_list("pk", flat=True), "present"),
            summary="La synthèse du diagnostic est partagée. Les habitants demandent des haltes à l’ombre.",
            decisions="Le tracé par la sente est retenu.\nLe Département est consulté sur la traversée.",
            by=people.adviser,
            at=portal_now(),
        )
        todo = Task(text="Réunir le plan des réseaux", side=PlanAction.Side.COMMUNE, due_on=day_after(plan, 150))
        add_task(meeting=meeting, task=todo)
        issue_minutes(meeting=meeting, at=portal_now())
    meeting.refresh_from_db()
    render([meeting.minutes])
    today = day_of(portal_now())
    to_come = Meeting(
        **told, kind="technical", held_at=wall_clock(today + timedelta(days=12), time(14)),
        agenda="Avant-projet du sentier\nTraversée de la départementale",
    )  # fmt: skip
    convene(meeting=to_come, by=people.adviser, at=portal_now())
    Visit.objects.create(
        plan=plan, planned_on=today + timedelta(days=6), purpose="Repérage des haltes avec le CAUE",
        place="Départ de la mairie", planned_by=people.adviser,
    )  # fmt: skip


def write(plan: SupportPlan, people: Team) -> None:
    """The commune asks, the adviser answers."""
    lead = plan.application.lead
    hall = town_hall(lead.commune_id, portal_now())
    for days, by, mine, text in (
        (100, hall.secretary, True, "Faut-il l’avis du conseil avant de consulter les maîtres d’œuvre ?"),
        (101, people.adviser, False, "Une délibération n’est pas nécessaire sous le seuil ; informez-en le conseil."),
    ):
        with at_day(plan, days):
            post_message(plan=plan, text=text, by=by, from_commune=mine, at=portal_now())


def consult(plan: SupportPlan, people: Team) -> None:
    """One expertise handed, one that waits for its body."""
    told = {"plan": plan, "theme": "Paysage", "question": "Quelles essences, à quelle distance des réseaux ?"}
    with at_day(plan, 80):
        request = ExpertiseRequest(
            **told, subject="Essences de la haie", due_on=day_of(portal_now()) + timedelta(days=21)
        )
        ask(request=request, by=people.adviser, at=portal_now())
    with at_day(plan, 95):
        give_answer(
            request=request, answer="Charme, noisetier et aubépine, à deux mètres des réseaux.", days=Decimal("1.5"),
            bearer=ExpertiseRequest.Bearer.PARTNER, file=None, by=None, at=portal_now(),
        )  # fmt: skip
    waiting = ExpertiseRequest(
        plan=plan, theme="Mobilités", subject="Vitesse sur la traversée",
        due_on=day_of(portal_now()) + timedelta(days=9), urgent=True,
        question="Quels aménagements le Département accepte-t-il ?",
        urgent_reason="Le comité technique se tient dans douze jours.",
    )  # fmt: skip
    ask(request=waiting, by=people.adviser, at=portal_now())


def walk(plan: SupportPlan, people: Team) -> None:
    """The diagnostic walk, the workshop that follows it, two scenarios put to debate, the roadmap."""
    by = {"plan": plan, "recorded_by": people.adviser}
    first = Workshop.objects.create(
        **by, title="Diagnostic en marchant", held_on=day_after(plan, 34), place="Départ de la salle polyvalente",
        objective="Marcher avec les habitants, noter ce qui aide et ce qui gêne.", contractor="Atelier de paysage",
        facilitators="Paysagiste\nChargée de mission santé", experts="Écologue, biodiversité des haies",
        outputs="Une carte des obstacles\nDouze emplacements de haltes",
    )  # fmt: skip
    count_people(
        workshop=first,
        counts={"elected": (6, 4), "staff": (5, 3), "inhabitants": (400, 39), "actors": (8, 5)},
    )
    for text, college, reference in (
        ("Des assises à l’ombre tous les deux cents mètres", "inhabitants", "A2"),
        ("Traverser la départementale sans peur", "inhabitants", "A4"),
        ("Garder la haie de la sente", "actors", "A3"),
    ):
        Need.objects.create(workshop=first, text=text, college=college, action=plan.actions.get(reference=reference))
    Workshop.objects.create(
        **by, title="Atelier de co-construction", held_on=day_after(plan, 150), place="École communale",
        objective="Comparer deux tracés et choisir.", contractor="Atelier de paysage",
    )  # fmt: skip
    hall = town_hall(plan.application.lead.commune_id, portal_now())
    for code, title, description, strengths, limits, cost, position in (
        ("A", "Le long de la route", "Un trottoir élargi.", "Le plus court", "Bruit, vitesse", "132000", "against"),
        ("B", "Par la sente", "La sente rouverte, deux haltes.", "Ombre, calme", "Une traversée", "106650", "for"),
    ):
        made = Scenario.objects.create(
            **by,
            code=code,
            title=title,
            description=description,
            strengths=strengths,
            limits=limits,
            cost=Decimal(cost),
        )
        with at_day(plan, 120):
            give_opinion(scenario=made, position=position, comment="", by=hall.mayor, at=portal_now())
    with at_day(plan, 151):
        choose_scenario(
            scenario=made, chosen_on=day_of(portal_now()), reason="Plus calme et moins cher.", at=portal_now()
        )
        roadmap = issue_roadmap(plan=plan, by=people.adviser, at=portal_now())
    render([roadmap.document])
