"""Addresses of portal.territories."""

from django.urls import path

from . import views

urlpatterns = [
    path("communes/recherche/", views.commune_search, name="commune_search"),
    path("intercommunalites/recherche/", views.intercommunality_search, name="intercommunality_search"),
]
