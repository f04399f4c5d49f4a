"""Agreements being drawn up: parties, settings and text, annexes."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from calls.definition.follow_up import MERGE_FIELDS
from portal.core.rules import Refused, require
from portal.core.uploads import UploadRefused

from . import services_parties as services
from .documents import outline_of
from .forms import ActForm, AnnexForm, ArticleFormSet, PartyForm, SettingsForm, article_rows, articles_told
from .models import Agreement
from .rules import can_change
from .views import managed, managed_party, portal_now, show

FIELDS = {f"{{{name}}}": meaning for name, meaning in MERGE_FIELDS.items()}


def party_act(request: HttpRequest, uuid: str, pk: int) -> HttpResponse:
    """Who signs for a party, and by virtue of which act."""
    party = managed_party(request, uuid, pk)
    form = ActForm(request.POST or None, instance=party)
    if request.method == "POST" and form.is_valid():
        services.record_act(party=party, by=request.user, **form.cleaned_data)
        messages.success(request, "L’acte est enregistré.")
        return redirect("agreement", uuid)
    return render(request, "support/party_act.html", {"form": form, "party": party, "agreement": party.agreement})


def party_new(request: HttpRequest, uuid: str) -> HttpResponse:
    """One more party: intercommunality, State, Département, Région, funder, witness."""
    agreement = managed(request, uuid)
    form = PartyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            party = services.add_party(agreement=agreement, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error("organisation", str(refusal))
        else:
            messages.success(request, f"{party.organisation} est ajouté aux parties.")
            return redirect("agreement", uuid)
    return render(request, "support/party_new.html", {"form": form, "agreement": agreement})


@require_POST
def party_move(request: HttpRequest, uuid: str, pk: int) -> HttpResponse:
    """One place up or down, in the text and in the order of signatures."""
    party = managed_party(request, uuid, pk)
    services.move_party(party=party, up=request.POST.get("sens") != "bas", by=request.user)
    return redirect("agreement", uuid)


@require_POST
def party_remove(request: HttpRequest, uuid: str, pk: int) -> HttpResponse:
    party = managed_party(request, uuid, pk)
    services.remove_party(party=party, by=request.user)
    messages.success(request, f"{party.organisation} n’est plus partie à la convention.")
    return redirect("agreement", uuid)


def agreement_settings(request: HttpRequest, uuid: str) -> HttpResponse:
    """Dates, money, order of signatures, and the articles of this very agreement."""
    agreement = managed(request, uuid)
    require(can_change(agreement))
    data = request.POST or None
    form = SettingsForm(data, instance=Agreement.objects.get(pk=agreement.pk))
    articles = ArticleFormSet(data, initial=article_rows(agreement.articles or starting_text(request, agreement)))
    if request.method == "POST" and form.is_valid() and articles.is_valid():
        services.set_text(agreement=agreement, articles=articles_told(articles), by=request.user, **form.cleaned_data)
        messages.success(request, "La convention est enregistrée.")
        return redirect("agreement", uuid)
    context = {"agreement": agreement, "form": form, "articles": articles, "fields": FIELDS}
    return render(request, "support/agreement_settings.html", context)


def starting_text(request: HttpRequest, agreement: Agreement) -> list[dict[str, object]]:
    """The outline of the call to start from, when one asks for a text of its own."""
    return outline_of(agreement) if "trame" in request.GET else []


@require_POST
def annex_new(request: HttpRequest, uuid: str) -> HttpResponse:
    agreement, form = managed(request, uuid), AnnexForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            services.add_annex(
                agreement=agreement,
                title=form.cleaned_data["title"],
                upload=form.cleaned_data["file"],
                by=request.user,
                at=portal_now(),
            )
        except (Refused, UploadRefused) as refusal:
            form.add_error("file", str(refusal))
        else:
            messages.success(request, "L’annexe est jointe.")
            return redirect("agreement", uuid)
    return show(request, agreement, annex_form=form)


@require_POST
def annex_remove(request: HttpRequest, uuid: str, pk: int) -> HttpResponse:
    annex = get_object_or_404(managed(request, uuid).annexes, pk=pk)
    services.remove_annex(annex=annex, by=request.user)
    messages.success(request, f"{annex.title} : annexe retirée.")
    return redirect("agreement", uuid)
