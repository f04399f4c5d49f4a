"""What the support awaits: deliverables, obstacles to lift, reports to give."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from portal.accounts.models import User
from portal.core.calendar import day_of
from portal.core.typography import format_time, typeset
from portal.core.ui import Action

from . import states
from .models import Mandate, Phase, PlanAction, Report, SupportPlan, Visit
from .queries import SILENCE, of_communes, plans_visible_to, silent, with_progress
from .queries_exchanges import tasks_left, unanswered
from .schedule import holds_up

LIMIT = 40
SOON = timedelta(days=30)


def actions_for(user: User, at: datetime) -> list[Action]:
    """All that the supports of a person await from them; nothing from those that are paused or ended."""
    kinds = (deliverables, obstacles, reports, mandates, invitations, tasks, visits, silences)
    return [row for kind in kinds for row in kind(user, at)]


def awaited_of_commune(user: User, plan: SupportPlan, at: datetime) -> list[Action]:
    """What one project awaits of a person of its communes, beside its deliverables, the nearest date first."""
    kinds = (obstacles, reports, mandates, invitations, tasks)
    rows = [row for kind in kinds for row in kind(user, at, plan)]
    return sorted(rows, key=lambda row: day_of(row.due) if isinstance(row.due, datetime) else row.due or date.max)


def of_plan(rows: QuerySet[Any], plan: SupportPlan | None, path: str = "plan") -> QuerySet[Any]:
    """Those of one plan, or all of them."""
    return rows if plan is None else rows.filter(**{path: plan})


def running(plans: QuerySet[SupportPlan]) -> QuerySet[SupportPlan]:
    return plans.filter(state=states.ACTIVE).order_by().values("pk")


def deliverables(user: User, at: datetime) -> list[Action]:
    """The nearest deliverable of each plan that the person follows or whose commune is theirs."""
    begun = Phase.objects.filter(done_on=None, starts_on__lte=day_of(at), plan__in=running(plans_visible_to(user, at)))
    rows: dict[int, Phase] = {}
    phases = begun.select_related("plan__application__lead").prefetch_related("plan__phases")
    for phase in phases.order_by("ends_on", "pk")[:LIMIT]:
        rows.setdefault(phase.plan_id, phase)
    return [
        Action(
            title=phase.deliverable or phase.title,
            url=reverse("support_plan", args=[phase.plan.uuid]),
            verb="Ouvrir",
            due=phase.ends_on,
            consequence=typeset(f"{phase.plan.application.lead} : phase « {phase.title} »"),
            holds_up=typeset(f"{phase.plan.application.lead}. {holds_up(phase.plan.phases.all(), phase)}"),
        )
        for phase in rows.values()
    ]


def obstacles(user: User, at: datetime, plan: SupportPlan | None = None) -> list[Action]:
    """The blocked actions that the person can unblock: those of their commune, or of the plans that they follow."""
    theirs = Q(blocked_side=PlanAction.Side.COMMUNE, plan__in=running(of_communes(user)))
    followed = Q(plan__adviser=user, plan__state=states.ACTIVE) & ~Q(blocked_side=PlanAction.Side.COMMUNE)
    found = of_plan(PlanAction.objects.filter(theirs | followed, state=states.BLOCKED), plan)
    rows = found.select_related("plan__application__lead").order_by("blocked_until", "pk")[:LIMIT]
    return [
        Action(
            title=typeset(f"Lever le blocage : {row.title}"),
            url=reverse("action", args=[row.plan.uuid, row.pk]),
            verb="Ouvrir l’action",
            due=row.blocked_until,
            consequence=typeset(f"{row.plan.application.lead} : {row.blocked_by}"),
            holds_up=typeset(f"{row.plan.application.lead}. L’action n’avance plus ({row.blocked_by})."),
        )
        for row in rows
    ]


def reports(user: User, at: datetime, plan: SupportPlan | None = None) -> list[Action]:
    """The reports that the person's communes owe within thirty days, or already late."""
    due = Report.objects.filter(given_on=None, due_on__lte=day_of(at) + SOON, plan__in=running(of_communes(user)))
    return [
        Action(
            title=typeset(f"Remettre : {row.title}"),
            url=reverse("sheet_row", args=[row.plan.uuid, "rapports", row.pk]),
            verb="Écrire le rapport",
            due=row.due_on,
            consequence=typeset(row.plan.application.title),
            holds_up="L’équipe qui vous accompagne l’attend.",
        )
        for row in of_plan(due, plan).select_related("plan__application").order_by("due_on", "pk")[:LIMIT]
    ]


def mandates(user: User, at: datetime, plan: SupportPlan | None = None) -> list[Action]:
    """After an election, the person's communes say who represents them."""
    asked = Mandate.objects.filter(confirmed_on=None, plan__in=running(of_communes(user)))
    rows = of_plan(asked, plan).select_related("renewal", "plan__application").order_by("renewal__due_on", "pk")
    return [
        Action(
            title="Dire qui représente la commune",
            url=reverse("plan_mandate", args=[row.plan.uuid, row.pk]),
            verb="Répondre",
            due=row.renewal.due_on,
            consequence=typeset(f"{row.renewal.reason}, projet « {row.plan.application.title} »"),
            holds_up="Le projet ne sait plus à qui s’adresser.",
        )
        for row in rows[:LIMIT]
    ]


def invitations(user: User, at: datetime, plan: SupportPlan | None = None) -> list[Action]:
    """The meetings to which the person's organisations have not answered."""
    return [
        Action(
            title=str(row.meeting),
            url=reverse("meeting", args=[row.meeting.uuid]),
            verb="Répondre",
            due=row.meeting.held_at,
            consequence=typeset(f"{format_time(row.meeting.held_at)}, {row.meeting.place}"),
        )
        for row in of_plan(unanswered(user, at), plan, "meeting__plan")[:LIMIT]
    ]


def tasks(user: User, at: datetime, plan: SupportPlan | None = None) -> list[Action]:
    """What meetings asked of the person's communes, or of the projects that they follow."""
    mine = of_plan(tasks_left(of_communes(user)).filter(side=PlanAction.Side.COMMUNE), plan)
    theirs = tasks_left(SupportPlan.objects.filter(adviser=user)).exclude(side=PlanAction.Side.COMMUNE)
    followed = of_plan(theirs, plan)
    return [
        Action(
            title=typeset(row.text),
            url=reverse("meeting", args=[row.meeting.uuid]),
            verb="Ouvrir",
            due=row.due_on,
            consequence=typeset(f"Demandé en réunion, {row.plan.application.lead}"),
            holds_up=typeset(f"Demandé en réunion, {row.plan.application.lead}."),
        )
        for row in (*mine[:LIMIT], *followed[:LIMIT])
        if row.plan
    ]


def visits(user: User, at: datetime) -> list[Action]:
    """The visits that the person planned and has not reported."""
    planned = Visit.objects.filter(planned_by=user, entry=None, cancelled_on=None, plan__state=states.ACTIVE)
    return [
        Action(
            title=typeset(f"Visite : {row.purpose}"),
            url=reverse("visit_report", args=[row.plan.uuid, row.pk]),
            verb="Raconter",
            due=row.planned_on,
            consequence=typeset(f"{row.plan.application.lead}{f', {row.place}' if row.place else ''}"),
            holds_up="Le journal attend son récit.",
        )
        for row in planned.select_related("plan__application__lead").order_by("planned_on", "pk")[:LIMIT]
    ]


def silences(user: User, at: datetime) -> list[Action]:
    """The communes that the person follows and that nobody has heard of for four weeks."""
    today = day_of(at)
    plans = with_progress(SupportPlan.objects.filter(adviser=user), today).filter(silent(today))
    return [
        Action(
            title=typeset(f"Prendre des nouvelles : {plan.application.lead}"),
            url=reverse("log_new", args=[plan.uuid]),
            verb="Noter au journal",
            due=(plan.last_entry_on or plan.starts_on) + SILENCE,
            consequence=typeset(plan.application.title),
            holds_up=typeset(f"Rien au journal depuis quatre semaines : {plan.application.title}."),
        )
        for plan in plans.select_related("application__lead").order_by("last_entry_on", "pk")[:LIMIT]
    ]
