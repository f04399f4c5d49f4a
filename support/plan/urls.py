"""Addresses of the support."""

from django.urls import path

from . import views

urlpatterns = [
    path("accompagnement/", views.support_home, name="support_home"),
    path("accompagnement/<uuid:uuid>/", views.support_plan, name="support_plan"),
    path("accompagnement/<uuid:uuid>/journal/", views.log_new, name="log_new"),
    path("accompagnement/<uuid:uuid>/referent/", views.plan_adviser, name="plan_adviser"),
    path("accompagnement/<uuid:uuid>/phases/<int:pk>/livrable/", views.phase_done, name="phase_done"),
]
