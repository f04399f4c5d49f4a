"""Addresses of the measures."""

from django.urls import path

from . import views

urlpatterns = [path("accompagnement/<uuid:uuid>/indicateurs/", views.measure_new, name="measure_new")]
