"""The life of a support: pause, resumption, extension, hand-over, end. Each is told to the communes."""

from datetime import date, datetime

from django.db import transaction

from portal.accounts.models import User
from portal.core.calendar import day_of
from portal.core.rules import Refused
from portal.core.typography import format_date
from portal.core.workflow import Transition, fire

from . import states
from .documents import request_end_report
from .emails import commune_people, team_people, write
from .models import LogEntry, SupportPlan


@transaction.atomic
def change_plan(*, plan: SupportPlan, transition: Transition, by: User, at: datetime, reason: str = "") -> None:
    """Pause a support, or take it up again. Reminders stop meanwhile. Raises `Refused`."""
    row = fire(plan, transition, by=by, at=at, reason=reason)
    said = {states.PAUSE: "est suspendu. Rien ne vous sera rappelé d’ici à sa reprise", states.RESUME: "reprend"}
    tell(plan, row.pk, transition, f"L’accompagnement de votre projet {said[transition]}.", reason, at)


@transaction.atomic
def extend(*, plan: SupportPlan, ends_on: date, reason: str, by: User, at: datetime) -> None:
    """Put off the last day of a support. Raises `Refused`."""
    if ends_on <= plan.ends_on:
        raise Refused(f"Choisissez une date après le {format_date(plan.ends_on)}, fin actuelle de l’accompagnement.")
    row = fire(plan, states.EXTEND, by=by, at=at, reason=reason, stamps={"ends_on": ends_on})
    tell(
        plan, row.pk, states.EXTEND, f"L’accompagnement de votre projet dure jusqu’au {format_date(ends_on)}.", reason,
        at,
    )  # fmt: skip


@transaction.atomic
def hand_over(
    *, plan: SupportPlan, adviser: User, reason: str, note: str, everywhere: bool, by: User, at: datetime
) -> int:
    """Another adviser takes over, with what there is to know; `everywhere`: all the supports of the former one in the
    call. Returns how many. Raises `Refused`."""
    if adviser == plan.adviser:
        raise Refused("Cette personne est déjà la référente de ce projet : choisissez-en une autre.")
    plans = [plan]
    if everywhere and plan.adviser:
        others = SupportPlan.objects.filter(
            adviser=plan.adviser, application__call=plan.application.call, state=states.ACTIVE
        )
        plans += list(others.exclude(pk=plan.pk).select_related("application__call", "application__lead"))
    for one in plans:
        pass_on(one, adviser, reason, note, by, at)
    return len(plans)


def pass_on(plan: SupportPlan, adviser: User, reason: str, note: str, by: User, at: datetime) -> None:
    row = fire(plan, states.HAND_OVER, by=by, at=at, reason=reason, stamps={"adviser": adviser})
    if note:
        LogEntry.objects.create(
            plan=plan, kind=LogEntry.Kind.ALERT, happened_on=day_of(at), title="Passation : ce qu’il faut savoir",
            text=note, visibility=LogEntry.Visibility.INTERNAL, author=by, written_at=at,
        )  # fmt: skip
    who = adviser.role_title or "une autre personne"
    tell(plan, row.pk, states.HAND_OVER, f"Votre projet est désormais suivi par : {who}.", reason, at)


@transaction.atomic
def end(*, plan: SupportPlan, summary: str, reason: str, by: User, at: datetime) -> None:
    """Close a support with its end report, frozen and sent to the communes. Raises `Refused`."""
    row = fire(plan, states.END, by=by, at=at, reason=reason)
    document = request_end_report(plan=plan, summary=summary, ended_on=day_of(at), at=at)
    SupportPlan.objects.filter(pk=plan.pk).update(end_report=document)
    tell(
        plan, row.pk, states.END, "L’accompagnement de votre projet est terminé. Son bilan est joint.", reason, at,
        document,
    )  # fmt: skip


def tell(
    plan: SupportPlan, occurrence: int, transition: Transition, sentence: str, reason: str, at: datetime, document=None
) -> None:
    write(
        plan, "plan_life", to=commune_people(plan) | team_people(plan), fact=f"plan-life:{occurrence}", at=at,
        attachment=document, title=TITLES[transition], sentence=sentence, reason=f"Motif : {reason}" if reason else "",
    )  # fmt: skip


TITLES = {
    states.PAUSE: "Accompagnement suspendu",
    states.RESUME: "Accompagnement repris",
    states.EXTEND: "Accompagnement prolongé",
    states.HAND_OVER: "Nouveau référent",
    states.END: "Accompagnement terminé",
}
