"""The organisations that the platform knows: found by any of their names, kept by its administration."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from portal.core.rules import require

from ..forms.organisations import OrganisationForm, OrganisationSearch
from ..models import Organisation
from ..queries_references import search_organisations
from ..rules import can_keep_organisations
from ..services.organisations import keep_organisation

PER_PAGE = 30


@require_GET
def organisations(request: HttpRequest) -> HttpResponse:
    """`?q=`: name, former name, SIREN, SIRET, RNA."""
    require(can_keep_organisations(request.user))
    text = request.GET.get("q", "").strip()
    page = Paginator(search_organisations(text), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "accounts/organisations.html", {"page": page, "form": OrganisationSearch(request.GET)})


@require_http_methods(["GET", "POST"])
def organisation_new(request: HttpRequest) -> HttpResponse:
    require(can_keep_organisations(request.user))
    form = OrganisationForm(request.POST or None)
    return kept(request, form, None)


@require_http_methods(["GET", "POST"])
def organisation_edit(request: HttpRequest, uuid: str) -> HttpResponse:
    require(can_keep_organisations(request.user))
    row = get_object_or_404(Organisation.objects.select_related("merged_into"), uuid=uuid)
    form = OrganisationForm(request.POST, organisation=row) if request.method == "POST" else OrganisationForm.of(row)
    return kept(request, form, row)


def kept(request: HttpRequest, form: OrganisationForm, row: Organisation | None) -> HttpResponse:
    if form.is_valid():
        saved = keep_organisation(organisation=row, facts=form.cleaned_data)
        messages.success(request, f"« {saved} » est enregistré.")
        return redirect("organisation_edit", uuid=saved.uuid)
    return render(request, "accounts/organisation_edit.html", {"form": form, "organisation": row})
