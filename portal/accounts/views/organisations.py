"""The organisations that the platform knows: found by any of their names, kept by its administration."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from portal.core.clock import portal_now
from portal.core.rules import Refused, require

from ..forms.organisations import OrganisationForm, OrganisationSearch
from ..forms.takeover import SecondLookForm, TakeoverForm
from ..models import Organisation
from ..queries_references import history_of, search_organisations
from ..rules import can_keep_organisations
from ..services.organisations import keep_organisation
from ..services.takeover import SeenOtherwise, fingerprint, rehearse_takeover, take_over_as_seen

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
        saved = keep_organisation(organisation=row, facts=form.cleaned_data, by=request.user, at=portal_now())
        messages.success(request, f"« {saved} » est enregistré.")
        return redirect("organisation_edit", uuid=saved.uuid)
    context = {"form": form, "organisation": row, "history": history_of(row) if row else []}
    return render(request, "accounts/organisation_edit.html", context)


@require_http_methods(["GET", "POST"])
def organisation_takeover(request: HttpRequest, uuid: str) -> HttpResponse:
    """It takes the place of others: asked, shown as it would be done, then done once it was read."""
    require(can_keep_organisations(request.user))
    heir = get_object_or_404(Organisation, uuid=uuid)
    form = TakeoverForm(request.POST or None)
    if request.method == "GET" or not form.is_valid() or "correct" in request.POST:
        return takeover_page(request, form, heir)
    act = {**form.cleaned_data, "successor": heir, "by": request.user, "at": portal_now()}
    look = SecondLookForm(request.POST if "seen" in request.POST else None)
    try:
        if not look.is_valid():
            return takeover_page(request, form, heir, lines=rehearse_takeover(**act), look=look)
        take_over_as_seen(seen=request.POST["seen"], **act)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return takeover_page(request, form, heir)
    except SeenOtherwise as other:
        return takeover_page(request, form, heir, lines=other.lines, look=SecondLookForm(), changed=True)
    messages.success(request, f"La reprise par « {heir} » est faite.")
    return redirect("organisation_edit", uuid=heir.uuid)


def takeover_page(
    request: HttpRequest,
    form: TakeoverForm,
    heir: Organisation,
    *,
    lines: list[str] | None = None,
    look: SecondLookForm | None = None,
    changed: bool = False,
) -> HttpResponse:
    """The form, or, with `lines`, what it would do and the second look; `changed`: since it was read."""
    context = {
        "form": form, "organisation": heir, "lines": lines, "look": look, "changed": changed,
        "seen": fingerprint(lines) if lines is not None else "",
    }  # fmt: skip
    return render(request, "accounts/organisation_takeover.html", context)
