"""Addresses of the agreements."""

from django.urls import path

from . import views

urlpatterns = [
    path("gestion/appels/<slug:slug>/conventions/", views.agreement_list, name="agreements"),
    path("conventions/<uuid:uuid>/", views.agreement_page, name="agreement"),
    path("conventions/<uuid:uuid>/document.pdf", views.agreement_pdf, name="agreement_pdf"),
    path("conventions/<uuid:uuid>/envoyer/", views.agreement_send, name="agreement_send"),
    path("conventions/<uuid:uuid>/parties/<int:pk>/acte/", views.party_act, name="party_act"),
    path("conventions/<uuid:uuid>/parties/<int:pk>/signature/", views.party_sign, name="party_sign"),
]
