"""Reminders of the support: a deliverable, a milestone or a report falls due; none while it is paused or ended."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from applications.models import Application
from applications.queries.staff import recipients_by_file
from calls.reminders import Offset, offsets_of
from portal.core.calendar import day_of, wall_clock
from portal.core.due import DueFact
from portal.core.typography import format_date

from . import states
from .models import Mandate, Milestone, Phase, Report, SupportPlan

RULE, REPORT_RULE, END_RULE, MANDATE_RULE = "milestone_due", "report_due", "support_end", "mandate_due"
RULES = (RULE, REPORT_RULE, END_RULE, MANDATE_RULE)
LONGEST = timedelta(days=365)  # the furthest offset that a call may write
SOON = {"done_on": None, "plan__state": states.ACTIVE}
PLAN = ("plan__application__call", "plan__application__lead", "plan__adviser")

People = dict[int, list[str]]


def due_facts(at: datetime) -> Iterator[DueFact]:
    """What is not done, to the adviser and the people of the communes; reports, to the communes only."""
    since = day_of(at) - LONGEST
    phases = list(Phase.objects.filter(ends_on__gte=since, **SOON).select_related(*PLAN).order_by("pk"))
    dates = list(Milestone.objects.filter(due_on__gte=since, **SOON).select_related(*PLAN).order_by("pk"))
    awaited = Report.objects.filter(given_on=None, due_on__gte=since, plan__state=states.ACTIVE)
    reports = list(awaited.select_related(*PLAN).order_by("pk"))
    unanswered = Mandate.objects.filter(confirmed_on=None, renewal__due_on__gte=since, plan__state=states.ACTIVE)
    mandates = list(unanswered.select_related("renewal", *PLAN).order_by("pk"))
    ending = SupportPlan.objects.filter(state=states.ACTIVE, ends_on__gte=since)
    plans = list(ending.select_related("application__call", "application__lead", "adviser").order_by("pk"))
    files = {row.plan.application_id for row in (*phases, *dates, *reports, *mandates)}
    people = recipients_by_file(files | {plan.application_id for plan in plans})
    for phase in phases:
        yield from repeated(phase.plan, RULE, phase.ends_on, at, everyone(phase.plan, people), phase_fact, phase)
    for milestone in dates:
        to = everyone(milestone.plan, people)
        yield from repeated(milestone.plan, RULE, milestone.due_on, at, to, milestone_fact, milestone)
    for report in reports:
        to = people.get(report.plan.application_id, [])
        yield from repeated(report.plan, REPORT_RULE, report.due_on, at, to, report_fact, report)
    for mandate in mandates:
        to = people.get(mandate.plan.application_id, [])
        yield from repeated(mandate.plan, MANDATE_RULE, mandate.renewal.due_on, at, to, mandate_fact, mandate)
    for plan in plans:
        yield from repeated(plan, END_RULE, plan.ends_on, at, everyone(plan, people), end_fact, plan)


def everyone(plan: SupportPlan, people: People) -> list[str]:
    """The adviser, unless they have left, and the people of the communes."""
    adviser = [plan.adviser.email] if plan.adviser and plan.adviser.is_active else []
    return sorted({*adviser, *people.get(plan.application_id, [])})


def repeated(
    plan: SupportPlan, rule: str, due_on: date, at: datetime, to: Iterable[str], made: Any, row: Any
) -> Iterator[DueFact]:
    """One fact for each person and each offset of the call; nothing before a day already past."""
    for recipient in to:
        for offset in offsets_of(plan.application.call, rule):
            if offset.days > 0 or due_on >= day_of(at):
                yield made(row, recipient, offset)


def fact(
    application: Application, rule: str, key: str, recipient: str, due_on: date, offset: Offset, **said: str
) -> DueFact:
    return DueFact(
        rule=rule,
        object_key=key,
        call_key=f"call:{application.call.slug}",
        recipient=recipient,
        due_at=wall_clock(due_on + timedelta(days=offset.days), offset.at),
        **said,
    )


def phase_fact(phase: Phase, recipient: str, offset: Offset) -> DueFact:
    application = phase.plan.application
    verb = "s’est terminée" if offset.days > 0 else "se termine"
    return fact(
        application,
        RULE,
        f"phase:{phase.pk}",
        recipient,
        phase.ends_on,
        offset,
        subject=f"{phase.deliverable or phase.title} : attendu le {format_date(phase.ends_on)}",
        body=f"Projet « {application.title} », {application.lead}. La phase « {phase.title} » {verb} le "
        f"{format_date(phase.ends_on)}. Ce rappel cesse dès que le livrable est remis.",
        action_url=f"/accompagnement/{phase.plan.uuid}/",
    )


def milestone_fact(milestone: Milestone, recipient: str, offset: Offset) -> DueFact:
    application = milestone.plan.application
    return fact(
        application,
        RULE,
        f"milestone:{milestone.pk}",
        recipient,
        milestone.due_on,
        offset,
        subject=f"{milestone.title} : prévu le {format_date(milestone.due_on)}",
        body=f"Projet « {application.title} », {application.lead}. Ce rappel cesse dès que le jalon est noté fait.",
        action_url=f"/accompagnement/{milestone.plan.uuid}/dossier/jalons/",
    )


def report_fact(report: Report, recipient: str, offset: Offset) -> DueFact:
    application = report.plan.application
    return fact(
        application,
        REPORT_RULE,
        f"report:{report.pk}",
        recipient,
        report.due_on,
        offset,
        subject=f"{report.title} : attendu le {format_date(report.due_on)}",
        body=f"Projet « {application.title} », {application.lead}. L’équipe qui vous accompagne attend ce rapport. Ce "
        "rappel cesse dès qu’il est remis.",
        action_url=f"/accompagnement/{report.plan.uuid}/dossier/rapports/{report.pk}/",
    )


def mandate_fact(mandate: Mandate, recipient: str, offset: Offset) -> DueFact:
    application = mandate.plan.application
    return fact(
        application,
        MANDATE_RULE,
        f"mandate:{mandate.pk}",
        recipient,
        mandate.renewal.due_on,
        offset,
        subject=f"Qui représente la commune ? Réponse attendue le {format_date(mandate.renewal.due_on)}",
        body=f"Projet « {application.title} », {application.lead}. {mandate.renewal.reason}. Ce rappel cesse dès que "
        "la commune a répondu.",
        action_url=f"/accompagnement/{mandate.plan.uuid}/mandats/{mandate.pk}/",
    )


def end_fact(plan: SupportPlan, recipient: str, offset: Offset) -> DueFact:
    application = plan.application
    return fact(
        application,
        END_RULE,
        f"support:{plan.pk}",
        recipient,
        plan.ends_on,
        offset,
        subject=f"Fin de l’accompagnement le {format_date(plan.ends_on)} : {application.title}",
        body=f"L’accompagnement de {application.lead} se termine le {format_date(plan.ends_on)}. Prévoyez le bilan, ou "
        "demandez une prolongation. Ce rappel cesse dès que l’accompagnement est clos ou prolongé.",
        action_url=f"/accompagnement/{plan.uuid}/",
    )
