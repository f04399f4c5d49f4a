"""Find one's commune: a list that works without script, the same as JSON for the combobox."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET

from portal.core.middleware import public

from .models import Commune
from .queries import place_line, search_communes
from .queries_areas import search_territories
from .words import department_label

SUGGESTIONS = 10


@public
@require_GET
def commune_search(request: HttpRequest) -> HttpResponse:
    """Public. `?q=`; JSON when asked for (`Accept` or `?format=json`): at most ten suggestions."""
    text = request.GET.get("q", "").strip()
    if wants_json(request):
        results = [suggestion(commune) for commune in search_communes(text, limit=SUGGESTIONS)]
        response: HttpResponse = JsonResponse({"results": results})
    else:
        communes = [(commune, place_line(commune)) for commune in search_communes(text)]
        response = render(request, "territories/commune_search.html", {"q": text, "communes": communes})
    patch_vary_headers(response, ["Accept"])
    return response


def wants_json(request: HttpRequest) -> bool:
    return request.GET.get("format") == "json" or "application/json" in request.headers.get("Accept", "")


def suggestion(commune: Commune) -> dict[str, str]:
    """One line of the combobox: homonyms are told apart by postal code, name and number of the département."""
    place = department_label(commune.department_id, commune.department.name)
    postal = f"{commune.postal_codes[0]}, " if commune.postal_codes else ""
    return {"value": commune.insee, "label": commune.name, "detail": f"{postal}{place}"}


@public
@require_GET
def territory_search(request: HttpRequest) -> JsonResponse:
    """Public. `?q=`: at most ten communes, départements and régions, for the combobox; the label is the value."""
    found = search_territories(request.GET.get("q", "").strip(), limit=SUGGESTIONS)
    return JsonResponse({"results": [{"value": p.label, "label": p.label, "detail": p.detail} for p in found]})
