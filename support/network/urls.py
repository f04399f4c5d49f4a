"""Addresses of the club."""

from django.urls import path

from . import views

urlpatterns = [
    path("club/", views.club_list, name="clubs"),
    path("club/<uuid:uuid>/", views.club, name="club"),
    path("club/<uuid:uuid>/rencontres/nouvelle/", views.club_event_new, name="club_event_new"),
]
