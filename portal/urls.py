"""Addresses in French, names in English. Each app brings its own list."""

from django.urls import include, path

urlpatterns = [
    path("", include("portal.home.urls")),
    path("", include("portal.rehearsals.urls")),
    path("", include("portal.core.urls")),
    path("", include("portal.territories.urls")),
    path("", include("portal.accounts.urls")),
    path("", include("calls.urls")),
    path("", include("applications.urls")),
    path("", include("juries.urls")),
    path("", include("support.agreements.urls")),
    path("", include("support.plan.urls")),
    path("", include("support.money.urls")),
    path("", include("support.impact.urls")),
    path("", include("support.network.urls")),
    path("compte/", include("portal.accounts.entrance")),
]

handler400 = "portal.core.views_errors.bad_request"
handler403 = "portal.core.views_errors.forbidden"
handler404 = "portal.core.views_errors.not_found"
handler500 = "portal.core.views_errors.server_error"
