"""Addresses of portal.territories."""

from django.urls import path

from . import views

urlpatterns = [path("territoires/recherche/", views.place_search, name="place_search")]
