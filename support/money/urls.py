"""Addresses of the money."""

from django.urls import path

from . import views, views_envelope

urlpatterns = [
    path("gestion/appels/<slug:slug>/enveloppe/", views_envelope.envelope, name="envelope"),
    path("gestion/appels/<slug:slug>/enveloppe/candidatures/", views_envelope.envelope_files, name="envelope_files"),
    path("accompagnement/<uuid:uuid>/financements/nouveau/", views.funding_edit, name="funding_new"),
    path("accompagnement/<uuid:uuid>/financements/<int:pk>/", views.funding_edit, name="funding_edit"),
]
