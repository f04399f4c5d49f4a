"""Acts of the workshops: count who came, turn a need into an action, choose a scenario, issue and approve a roadmap."""

from collections.abc import Mapping
from datetime import date, datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from portal.accounts.models import User
from portal.core.calendar import day_of
from portal.core.rules import Refused
from portal.core.typography import format_date
from portal.core.uploads import store_upload

from .documents import request_roadmap
from .models import (
    Attendance,
    Need,
    PlanAction,
    Roadmap,
    Scenario,
    ScenarioOpinion,
    SupportPlan,
    Workshop,
    WorkshopPhoto,
)
from .services_actions import save_action

PHOTOS, MAX_PHOTO = ["jpg", "jpeg", "png"], 15_000_000


@transaction.atomic
def count_people(*, workshop: Workshop, counts: Mapping[str, tuple[int, int]]) -> None:
    """How many of each college were invited and came."""
    for college, (invited, present) in counts.items():
        Attendance.objects.update_or_create(
            workshop=workshop, college=college, defaults={"invited": invited, "present": present}
        )


@transaction.atomic
def act_on_need(*, need: Need) -> PlanAction:
    """An action that answers a need, in maturation, with its words. Raises `Refused` when one answers it already."""
    locked = Need.objects.select_for_update().get(pk=need.pk)
    if locked.action_id:
        raise Refused("Une action répond déjà à ce besoin.")
    plan = need.workshop.plan
    said = f"Besoin exprimé par : {need.get_college_display()}, « {need.workshop.title} »."
    position = plan.actions.count() + 1
    action = save_action(PlanAction(title=need.text[:150], description=said, position=position), plan=plan)
    Need.objects.filter(pk=need.pk).update(action=action)
    return action


def add_photo(*, photo: WorkshopPhoto, workshop: Workshop, upload: UploadedFile, by: User, at: datetime) -> None:
    """Keep a photo with the agreement of those who are on it. Raises `UploadRefused`."""
    photo.file = store_upload(upload, accepted=PHOTOS, max_bytes=MAX_PHOTO, by=by, at=at)
    photo.workshop, photo.added_by = workshop, by
    photo.save()


@transaction.atomic
def give_opinion(*, scenario: Scenario, position: str, comment: str, by: User, at: datetime) -> None:
    """What one person thinks of a scenario, while none is chosen. Raises `Refused`."""
    if chosen_of(scenario.plan):
        raise Refused("Le scénario est choisi : le débat est clos.")
    ScenarioOpinion.objects.update_or_create(
        scenario=scenario, author=by, defaults={"position": position, "comment": comment, "written_at": at}
    )


def chosen_of(plan: SupportPlan) -> Scenario | None:
    return plan.scenarios.filter(chosen_on__isnull=False).first()


@transaction.atomic
def choose_scenario(*, scenario: Scenario, chosen_on: date, reason: str, at: datetime) -> None:
    """The scenario of the plan, with its day and its reason. Raises `Refused`."""
    SupportPlan.objects.select_for_update().get(pk=scenario.plan_id)
    already = chosen_of(scenario.plan)
    if already:
        raise Refused(f"Le scénario {already.code} est déjà choisi, depuis le {format_date(already.chosen_on)}.")
    if chosen_on > day_of(at):
        raise Refused("Un scénario ne peut pas être choisi demain : indiquez la date réelle.")
    Scenario.objects.filter(pk=scenario.pk).update(chosen_on=chosen_on, chosen_reason=reason)


@transaction.atomic
def issue_roadmap(*, plan: SupportPlan, by: User, at: datetime) -> Roadmap:
    """Freeze the actions by axis and priority as the next version of the roadmap. Raises `Refused` without action."""
    SupportPlan.objects.select_for_update().get(pk=plan.pk)
    if not plan.actions.exists():
        raise Refused("Inscrivez au moins une action : la feuille de route les met en ordre.")
    version = plan.roadmaps.count() + 1
    document = request_roadmap(plan, chosen_of(plan), at)
    return Roadmap.objects.create(plan=plan, version=version, document=document, issued_on=day_of(at), issued_by=by)


@transaction.atomic
def approve_roadmap(*, roadmap: Roadmap, act_number: str, approved_on: date, by: User, at: datetime) -> None:
    """The act of the council that approves a version. Raises `Refused`."""
    current = Roadmap.objects.select_for_update().get(pk=roadmap.pk)
    if current.approved_on:
        raise Refused("Cette version est déjà approuvée.")
    if not current.issued_on <= approved_on <= day_of(at):
        said = format_date(current.issued_on)
        raise Refused(f"La délibération se tient entre le {said}, date de cette version, et aujourd’hui.")
    Roadmap.objects.filter(pk=roadmap.pk).update(act_number=act_number, approved_on=approved_on, recorded_by=by)
