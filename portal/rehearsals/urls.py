"""Addresses of the rehearsals: the board of each call. Inside, the addresses are those of the portal (middleware)."""

from django.urls import path

from . import views

BOARD = "gestion/appels/<slug:slug>/repetition/"

urlpatterns = [
    path(BOARD, views.board, name="rehearsal"),
    path(f"{BOARD}communes/", views.places, name="rehearsal_places"),
    path(f"{BOARD}entrer/", views.enter, name="rehearsal_enter"),
    path(f"{BOARD}avancer/", views.advance, name="rehearsal_advance"),
    path(f"{BOARD}courriels/", views.mails, name="rehearsal_mails"),
    path(f"{BOARD}courriels/<uuid:uuid>/", views.mail, name="rehearsal_mail"),
    path(f"{BOARD}effacer/", views.erase, name="rehearsal_erase"),
]
