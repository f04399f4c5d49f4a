"""The portal's addresses, and beside them those of the floor; used by `manage.py bench` only."""

from django.urls import path

from portal.urls import handler400, handler403, handler404, handler500
from portal.urls import urlpatterns as portal_urls

from . import floor, floor_calls, floor_supports, floor_territories, notes

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = [
    *portal_urls,
    path("plancher/appels/<slug:slug>/", floor.call_page),
    path("plancher/appels/<slug:slug>/communes/", floor.communes),
    path("plancher/appels/<slug:slug>/perimetre/", floor_territories.perimeter),
    path("plancher/accompagnement/", floor_supports.desk),
    path("plancher/accompagnement/actions/", floor_supports.actions),
    path("plancher/gestion/<slug:slug>/", floor_calls.rooms),
    path("plancher/gestion/<slug:slug>/sections/<str:code>/", floor_calls.section),
    path("plancher/gestion/<slug:slug>/sections/<str:section>/<str:code>/", floor_calls.question),
    path("plancher/gestion/<slug:slug>/apercu/", floor_calls.preview),
    path("plancher/gestion/<slug:slug>/appel.yaml", floor_calls.export),
    path("plancher/candidatures/<uuid:uuid>/sections/<str:code>/", floor.section),
    path("plancher/candidatures/<uuid:uuid>/deposer/", floor.deposit),
    path("plancher/dossiers/<uuid:uuid>/notes/", notes.plain_notes),
    path("plancher/seances/<uuid:uuid>/classement/", floor.ranking),
]
