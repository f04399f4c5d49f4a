"""A small guarded page for the tests of the step-up."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from portal.accounts.stepup import step_up_required


@step_up_required
def grave(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{request.method} {sorted(request.POST.getlist('note'))}", content_type="text/plain")


urlpatterns = [path("acte-grave/", grave), path("", include("portal.urls"))]
