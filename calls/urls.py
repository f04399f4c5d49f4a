"""Addresses of the calls: public pages, then the space of their staff."""

from django.urls import path

from .views import downloads, editor, editor_lists, opening, preview, public, staff, team

WRITE = "gestion/appels/<slug:slug>/ecrire"

urlpatterns = [
    path("appels/", public.call_list, name="call_list"),
    path("appels/<slug:slug>/", public.call_page, name="call_page"),
    path("appels/<slug:slug>/questions/", public.call_questions, name="call_questions"),
    path("appels/<slug:slug>/calendrier.ics", public.call_calendar, name="call_calendar"),
    path("appels/<slug:slug>/reglement.pdf", public.call_rules, name="call_rules"),
    path("appels/<slug:slug>/questions.pdf", public.call_questions_pdf, name="call_questions_pdf"),
    path("appels/<slug:slug>/documents/<slug:code>/", downloads.call_download, name="call_download"),
    path("gestion/", staff.staff_calls, name="staff_calls"),
    path("gestion/organismes/<uuid:organisation>/importer/", staff.call_import, name="call_import"),
    path("gestion/organismes/<uuid:organisation>/ouvrir/", opening.call_open, name="call_open"),
    path("gestion/appels/<slug:slug>/", staff.staff_call, name="staff_call"),
    path("gestion/appels/<slug:slug>/appel.yaml", staff.call_export, name="call_export"),
    path("gestion/appels/<slug:slug>/publier/", staff.call_publish, name="call_publish"),
    path("gestion/appels/<slug:slug>/equipe/", team.call_team, name="call_team"),
    path("gestion/appels/<slug:slug>/equipe/<int:pk>/fin/", team.call_team_end, name="call_team_end"),
    path("gestion/appels/<slug:slug>/inviter/", staff.call_invite, name="call_invite"),
    # The back office: a call in preparation, written by hand.
    path(f"{WRITE}/", editor.call_rooms, name="call_rooms"),
    path(f"{WRITE}/rubriques/<slug:room>/", editor.call_room, name="call_room"),
    path(f"{WRITE}/rubriques/<slug:room>/ouvrir/", editor.call_room_begin, name="call_room_begin"),
    path(f"{WRITE}/rubriques/<slug:room>/retirer/", editor.call_room_leave, name="call_room_leave"),
    path(f"{WRITE}/fiches/<path:where>/", editor.call_part, name="call_part"),
    path(f"{WRITE}/ajouter/<path:where>/", editor_lists.call_part_add, name="call_part_add"),
    path(f"{WRITE}/deplacer/<path:where>/", editor_lists.call_part_move, name="call_part_move"),
    path(f"{WRITE}/supprimer/<path:where>/", editor_lists.call_part_remove, name="call_part_remove"),
    path(f"{WRITE}/bibliotheque/<slug:name>/", editor_lists.call_library, name="call_library"),
    path(f"{WRITE}/fichiers/<slug:code>/", editor.call_document_upload, name="call_document_upload"),
    path("gestion/appels/<slug:slug>/apercu/", preview.call_preview, name="call_preview"),
    path("gestion/appels/<slug:slug>/apercu/jury/", preview.call_preview_jury, name="call_preview_jury"),
]
