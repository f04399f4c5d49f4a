"""Acts of the support: open the plan, name the adviser, hand a deliverable, write the logbook."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from calls.queries import staff_of
from portal.accounts.models import User
from portal.core.calendar import day_of
from portal.core.models import StoredFile
from portal.core.rules import Refused
from support.agreements.models import Agreement
from support.agreements.term import last_day

from .models import LogEntry, Phase, SupportPlan
from .schedule import dated


def open_plans(agreement: Agreement, by: User, at: datetime) -> None:
    """One plan per beneficiary file, its phases dated from the start; later than planned if signed later."""
    starts_on = max(agreement.starts_on, agreement.effective_on or agreement.starts_on)
    adviser = staff_of(agreement.call, at, "adviser").first()
    phases = dated(agreement.call.support_phases.all(), starts_on)
    for line in agreement.beneficiaries.select_related("application"):
        plan = SupportPlan.objects.create(
            application=line.application, agreement=agreement, adviser=adviser, starts_on=starts_on,
            ends_on=last_day(starts_on, agreement.months), opened_at=at,
        )  # fmt: skip
        Phase.objects.bulk_create(
            Phase(plan=plan, position=position, **vars(phase)) for position, phase in enumerate(phases, 1)
        )


@transaction.atomic
def assign_adviser(*, plan: SupportPlan, adviser: User) -> None:
    SupportPlan.objects.filter(pk=plan.pk).update(adviser=adviser)


@transaction.atomic
def finish_phase(*, phase: Phase, done_on: date, by: User, at: datetime) -> None:
    """The deliverable of a phase is handed. Raises `Refused`."""
    locked = Phase.objects.select_for_update().get(pk=phase.pk)
    if locked.done_on:
        raise Refused("Ce livrable est déjà remis.")
    if done_on > day_of(at):
        raise Refused("Un livrable ne peut pas être remis demain : indiquez la date réelle.")
    Phase.objects.filter(pk=phase.pk).update(done_on=done_on, done_by=by)


def write_log(
    *,
    plan: SupportPlan,
    kind: str,
    happened_on: date,
    title: str,
    text: str,
    visibility: str,
    days: Decimal,
    by: User,
    at: datetime,
    file: StoredFile | None = None,
) -> LogEntry:
    """One entry of the logbook; nothing is ever rewritten there. Raises `Refused`."""
    if happened_on > day_of(at):
        raise Refused("Le journal dit ce qui s’est passé : choisissez une date d’aujourd’hui ou d’avant.")
    return LogEntry.objects.create(
        plan=plan,
        kind=kind,
        happened_on=happened_on,
        title=title,
        text=text,
        visibility=visibility,
        days=days,
        author=by,
        written_at=at,
        file=file,
    )
