"""The tables of a plan: one list, one form, one download for all of them (`sheets.py`)."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from portal.core.clock import portal_now
from portal.core.downloads import file_response
from portal.core.models import AccessRecord
from portal.core.rules import require
from portal.core.scanning import may_open

from .models import PlanRow, SupportPlan
from .rules import can_follow, roles_on
from .sheets import BY_SLUG, FILE_WORDS, SHEETS, Sheet
from .views import contributed_plan, plan_for, plan_room, show_form


def sheet_or_404(slug: str) -> Sheet:
    if slug not in BY_SLUG:
        raise Http404
    return BY_SLUG[slug]


def is_staff(request: HttpRequest, plan: SupportPlan) -> bool:
    return bool(roles_on(request.user, plan, portal_now()))


@require_safe
def sheet_index(request: HttpRequest, uuid: str) -> HttpResponse:
    """The tables of a plan, with what each holds."""
    plan = plan_for(request, uuid)
    staff = is_staff(request, plan)
    rows = [(sheet, sheet.rows(plan, staff=staff).count()) for sheet in SHEETS]
    return render(request, "support/sheets.html", {**plan_room(request, plan, "sheets"), "rows": rows})


@require_safe
def sheet(request: HttpRequest, uuid: str, slug: str) -> HttpResponse:
    """One table."""
    plan, table = plan_for(request, uuid), sheet_or_404(slug)
    page = Paginator(table.rows(plan, staff=is_staff(request, plan)), 25).get_page(request.GET.get("page"))
    room = plan_room(request, plan, "sheets")
    context = {
        **room,
        "sheet": table,
        "page": page,
        "rows": [row_of(table, row) for row in page],
        "may_add": room["follows"] if table.new_team_only else room["contributes"],
    }
    return render(request, "support/sheet.html", context)


def row_of(table: Sheet, row: PlanRow) -> dict[str, Any]:
    """Cells of a row, the first one being its name; then its files."""
    first, *others = table.columns
    files = [(name, FILE_WORDS[name], getattr(row, name)) for name in table.files]
    return {
        "row": row,
        "name": first.told(row),
        "cells": [(column, column.told(row)) for column in others],
        "files": [item for item in files if item[2]],
    }


def sheet_row(request: HttpRequest, uuid: str, slug: str, pk: int | None = None) -> HttpResponse:
    """Add a row, or change it."""
    plan, table = contributed_plan(request, uuid), sheet_or_404(slug)
    now = portal_now()
    if pk is None and table.new_team_only:
        require(can_follow(request.user, plan, now))
    staff = is_staff(request, plan)
    row = get_object_or_404(table.rows(plan, staff=staff), pk=pk) if pk else None
    kind = table.form if row else table.new_form or table.form
    sent = [request.POST, request.FILES] if request.method == "POST" else []
    form = kind(*sent, instance=row or kind._meta.model(), plan=plan, team=staff, by=request.user, at=now)
    if request.method == "POST" and form.is_valid():
        form.keep()
        messages.success(request, f"{table.title} : c’est enregistré.")
        return redirect("sheet", uuid, slug)
    title = f"{table.title} : {row}" if row else table.add
    mine = row and (row.recorded_by_id == request.user.pk or can_follow(request.user, plan, now))
    return show_form(
        request, plan, form, title=title, verb="Enregistrer", back=reverse("sheet", args=[uuid, slug]),
        remove=reverse("sheet_remove", args=[uuid, slug, pk]) if mine else "",
    )  # fmt: skip


@require_POST
def sheet_remove(request: HttpRequest, uuid: str, slug: str, pk: int) -> HttpResponse:
    """Take a row out of a table: the team any of them, others what they wrote."""
    plan, table = contributed_plan(request, uuid), sheet_or_404(slug)
    row = get_object_or_404(table.rows(plan, staff=is_staff(request, plan)), pk=pk)
    if table.new_team_only or row.recorded_by_id != request.user.pk:
        require(can_follow(request.user, plan, portal_now()))
    row.delete()
    messages.success(request, f"{table.title} : la ligne est retirée.")
    return redirect("sheet", uuid, slug)


@require_safe
def sheet_file(request: HttpRequest, uuid: str, slug: str, pk: int, name: str) -> HttpResponse:
    """A file of a row, to whoever may read the row."""
    plan, table = plan_for(request, uuid), sheet_or_404(slug)
    row = get_object_or_404(table.rows(plan, staff=is_staff(request, plan)), pk=pk)
    file = getattr(row, name) if name in table.files else None
    if file is None:
        raise Http404
    require(may_open(file, own=file.created_by_id == request.user.pk))
    AccessRecord.objects.create(
        user=request.user, what="document d’accompagnement", object_key=f"file:{file.key}", at=portal_now()
    )
    return file_response(file)
