"""Find a place: a list of communes that works without script, any kind of place as JSON for the combobox."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET

from portal.core.middleware import public

from .queries import place_line, search_communes
from .queries_places import search_places

SUGGESTIONS = 10


@public
@require_GET
def place_search(request: HttpRequest) -> HttpResponse:
    """Public. `?q=&genre=`, one kind or several (commune, intercommunalite, territoire), communes by default.

    JSON when asked for (`Accept` or `?format=json`): at most ten suggestions. Else the page that finds one's commune.
    """
    text = request.GET.get("q", "").strip()
    if wants_json(request):
        places = search_places(text, request.GET.getlist("genre") or ["commune"], limit=SUGGESTIONS)
        results = [{"value": place.code, "label": place.label, "detail": place.detail} for place in places]
        response: HttpResponse = JsonResponse({"results": results})
    else:
        communes = [(commune, place_line(commune)) for commune in search_communes(text)]
        response = render(request, "territories/place_search.html", {"q": text, "communes": communes})
    patch_vary_headers(response, ["Accept"])
    return response


def wants_json(request: HttpRequest) -> bool:
    return request.GET.get("format") == "json" or "application/json" in request.headers.get("Accept", "")
