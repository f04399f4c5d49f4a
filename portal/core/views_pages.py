"""The fixed pages: legal ones, help, and the page that shows every component (development only)."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from .middleware import public
from .showcase import showcase


@public
@require_safe
def fixed_page(request: HttpRequest, template: str) -> HttpResponse:
    """A page without data of its own; the institution comes from the context of every page."""
    return render(request, template)


@public
@require_safe
def components(request: HttpRequest) -> HttpResponse:
    """Every component with example data, in the three tried themes; the visual check opens it."""
    if not settings.DEVELOPMENT_PAGES:
        raise Http404
    return render(request, "composants.html", showcase())
