"""After an election: ask every supported commune who speaks for it, take its answer."""

from datetime import date, datetime

from django.db import transaction
from django.urls import reverse

from calls.models import Call
from portal.accounts.models import User
from portal.core.calendar import day_of
from portal.core.rules import Refused

from . import states
from .emails import commune_people, write
from .models import Mandate, Renewal, SupportPlan, TeamMember


@transaction.atomic
def ask_renewal(*, call: Call, renewal: Renewal, by: User, at: datetime) -> int:
    """Ask all the supports under way of a call at once; returns how many are asked. Raises `Refused`."""
    if renewal.due_on <= day_of(at):
        raise Refused("Choisissez une date à venir.")
    plans = SupportPlan.objects.filter(application__call=call).exclude(state=states.ENDED)
    asked = list(plans.select_related("application__call__owner__profile", "application__lead").order_by("pk"))
    if not asked:
        raise Refused("Aucun accompagnement n’est en cours dans cet appel.")
    renewal.call, renewal.asked_by, renewal.asked_at = call, by, at
    renewal.save()
    for mandate in Mandate.objects.bulk_create(Mandate(renewal=renewal, plan=plan) for plan in asked):
        plan = mandate.plan
        write(
            plan, "mandate", to=commune_people(plan), fact=f"mandate:{mandate.pk}", at=at, label="Répondre",
            path=reverse("plan_mandate", args=[plan.uuid, mandate.pk]), renewal=renewal,
        )  # fmt: skip
    return len(asked)


@transaction.atomic
def confirm_mandate(
    *,
    mandate: Mandate,
    representative: str,
    referent: str,
    act_number: str,
    act_on: date | None,
    by: User,
    at: datetime,
) -> None:
    """The commune says who represents it; the elected referent of the team follows. Raises `Refused`."""
    locked = Mandate.objects.select_for_update(of=("self",)).select_related("renewal").get(pk=mandate.pk)
    if locked.confirmed_on:
        raise Refused("La commune a déjà répondu.")
    if locked.renewal.needs_resolution and not (act_number and act_on):
        raise Refused("Une nouvelle délibération est demandée : indiquez son numéro et sa date.")
    today = day_of(at)
    if act_on and act_on > today:
        raise Refused("La délibération ne peut pas être datée de demain.")
    Mandate.objects.filter(pk=mandate.pk).update(
        representative=representative, referent=referent, act_number=act_number, act_on=act_on, confirmed_on=today,
        confirmed_by=by,
    )  # fmt: skip
    replace_referent(mandate.plan, referent, by, today)


def replace_referent(plan: SupportPlan, referent: str, by: User, today: date) -> None:
    """The former elected referent passes on that day; the same one goes on."""
    current = plan.teammember_rows.filter(role=TeamMember.Role.ELECTED, until=None)
    if current.filter(title=referent).exists():
        return
    current.update(until=today)
    TeamMember.objects.create(
        plan=plan, role=TeamMember.Role.ELECTED, title=referent, body=plan.application.lead.name, recorded_by=by
    )
