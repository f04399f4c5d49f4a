"""Addresses of portal.territories."""

from django.urls import path

from . import views

urlpatterns = [
    path("communes/recherche/", views.commune_search, name="commune_search"),
    path("territoires/recherche/", views.territory_search, name="territory_search"),
]
