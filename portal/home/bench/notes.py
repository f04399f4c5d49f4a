"""A member saves their notes as they go: the portal's autosave beside a plain view that writes the same rows."""

from decimal import Decimal
from itertools import count
from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_POST

from applications.models import Application
from juries.models import Assessment, InterestDeclaration, JurySession, Score, SeatHolder
from portal.core.clock import portal_now

from .caller import Caller, Request
from .crowd import log_in
from .measure import WARM_UP, Figure, in_turn
from .world import World

NAME = "Enregistrement de notes"


def measure_notes(world: World, caller: Caller, n: int, trials: int) -> Figure:
    """The whole grid of one file, all its notes changing at each save, while nobody has opened the session."""
    before, holder = world.session.state, member_who_notes(world)
    JurySession.objects.filter(pk=world.session.pk).update(state="planned")
    try:
        return Figure(NAME, n, *saves(world, holder, caller, trials))
    finally:
        written = Assessment.objects.filter(application=world.template, seat=holder.seat)
        Score.objects.filter(assessment__in=written).delete()
        written.delete()  # the next crowd is copied from the one sheet of this file
        JurySession.objects.filter(pk=world.session.pk).update(state=before)


def saves(world: World, holder: SeatHolder, caller: Caller, trials: int) -> tuple[Any, ...]:
    """Seconds and queries, ours then the floor’s. Not in a transaction: a request would close its connection."""
    session, turn = log_in(holder.user), count()
    path = f"dossiers/{world.template.uuid}/notes/"

    def ours() -> Request:
        return Request(f"/jury/{path}", session, typed(world, next(turn)))

    def plain() -> Request:
        return Request(f"/plancher/{path}", session, typed(world, next(turn)))

    for _ in range(WARM_UP):
        caller.send(ours())
        caller.send(plain())
    queries = caller.queries(ours()), caller.queries(plain())
    return *in_turn(lambda: caller.send(ours())[0], lambda: caller.send(plain())[0], trials), *queries


def member_who_notes(world: World) -> SeatHolder:
    """The last voting member, who has declared no link with the file."""
    holder = SeatHolder.objects.filter(seat__call=world.call, seat__voting=True).order_by("-seat__position")[0]
    InterestDeclaration.objects.get_or_create(
        holder=holder, application=world.template, defaults={"linked": False, "declared_at": portal_now()}
    )
    return holder


def typed(world: World, turn: int) -> dict[str, Any]:
    codes = [criterion.code for criterion in world.call.criteria.all()]
    return {"comment": f"Essai {turn}", **{f"note_{code}": str(turn % 6) for code in codes}}


# --- the floor ----------------------------------------------------------------------------------------------------


@require_POST
def plain_notes(request: HttpRequest, uuid: Any) -> JsonResponse:
    """A form of decimal fields, one row for the sheet and one for each note."""
    files = Application.objects.filter(call__seats__holders__user=request.user.pk).select_related("call__grid")
    application = get_object_or_404(files, uuid=uuid)
    holder = SeatHolder.objects.get(user=request.user.pk, seat__call=application.call_id)
    criteria = list(application.call.criteria.all())
    form = forms.Form(request.POST)
    for criterion in criteria:
        form.fields[criterion.code] = forms.DecimalField(required=False, min_value=0)
    form.add_prefix = lambda name: f"note_{name}"  # type: ignore[method-assign]
    if not form.is_valid():
        return JsonResponse({"errors": form.errors}, status=422)
    now = timezone.now()
    with transaction.atomic():
        sheet, _ = Assessment.objects.select_for_update().get_or_create(
            application=application, kind="jury", seat=holder.seat,
            defaults={"author": request.user, "started_at": now, "updated_at": now},
        )  # fmt: skip
        for criterion in criteria:
            note: Decimal = form.cleaned_data[criterion.code]
            Score.objects.update_or_create(assessment=sheet, criterion=criterion, defaults={"note": note})
        sheet.comment, sheet.updated_at = request.POST["comment"], now
        sheet.save(update_fields=["comment", "updated_at"])
    return JsonResponse({"saved": len(criteria)})
