"""Addresses of the funding."""

from django.urls import path

from . import views

urlpatterns = [
    path("accompagnement/<uuid:uuid>/financements/nouveau/", views.funding_edit, name="funding_new"),
    path("accompagnement/<uuid:uuid>/financements/<int:pk>/", views.funding_edit, name="funding_edit"),
]
