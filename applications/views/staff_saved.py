"""Staff: keep the filters of the table under a name, and let them go."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from applications.filters import CommuneFilter
from applications.models import SavedView
from applications.queries.saved import MOST
from portal.core.clock import portal_now
from portal.core.rules import Refused

from .staff import staffed_call

NAME_LENGTH = 60


def kept(query: QueryDict) -> str:
    """What of an address is a view: the filters and the order, nothing else."""
    return urlencode([(name, query[name]) for name in CommuneFilter.base_filters if query.get(name)])


@require_POST
def view_save(request: HttpRequest, slug: str) -> HttpResponse:
    """Keep the filters of the address; the same name replaces them."""
    call = staffed_call(request, slug, portal_now())
    name, query = request.POST.get("nom", "").strip()[:NAME_LENGTH], kept(QueryDict(request.POST.get("vue", "")))
    if not name or not query:
        raise Refused("Filtrez d’abord le tableau, puis donnez un nom à la vue.")
    if len(query) > 500:
        raise Refused("Ces filtres sont trop longs pour être gardés : raccourcissez la recherche.")
    mine = SavedView.objects.filter(call=call, user=request.user)
    if mine.exclude(name=name).count() >= MOST:
        raise Refused(f"Vous gardez déjà {MOST} vues : retirez-en une.")
    SavedView.objects.update_or_create(call=call, user=request.user, name=name, defaults={"query": query})
    messages.success(request, f"La vue «\u202f{name}\u202f» est gardée.")
    return redirect(f"{reverse('staff_communes', args=[slug])}?{query}")


@require_POST
def view_drop(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Let one's own view go."""
    call = staffed_call(request, slug, portal_now())
    get_object_or_404(SavedView, call=call, user=request.user, pk=pk).delete()
    messages.success(request, "La vue est retirée.")
    return redirect("staff_communes", slug=slug)
