"""Addresses of the examination: what is asked to complete, opinions, the table of the officer."""

from django.urls import path

from ..views import (
    exporting,
    opinion,
    staff_admissibility,
    staff_assignment,
    staff_completion,
    staff_opinion,
    staff_saved,
    staff_talk,
    staff_timeline,
    talk,
)

REQUEST = "gestion/complements/<uuid:key>/"
OPINION = "gestion/avis/<uuid:key>/"

urlpatterns = [
    path(
        "gestion/candidatures/<uuid:uuid>/complements/",
        staff_completion.staff_completion_new,
        name="staff_completion_new",
    ),
    path(REQUEST, staff_completion.staff_completion, name="staff_completion"),
    path(f"{REQUEST}prolonger/", staff_completion.staff_completion_extend, name="staff_completion_extend"),
    path(f"{REQUEST}annuler/", staff_completion.staff_completion_cancel, name="staff_completion_cancel"),
    path("gestion/candidatures/<uuid:uuid>/verification/", staff_admissibility.staff_checklist, name="staff_checklist"),
    path("gestion/candidatures/<uuid:uuid>/champs/", staff_admissibility.staff_internal, name="staff_internal"),
    path(
        "gestion/candidatures/<uuid:uuid>/reserves/<int:pk>/",
        staff_admissibility.staff_reservation,
        name="staff_reservation",
    ),
    path("gestion/candidatures/<uuid:uuid>/reprise/", staff_admissibility.staff_undecide, name="staff_undecide"),
    path("gestion/candidatures/<uuid:uuid>/avis/", staff_opinion.staff_opinion_new, name="staff_opinion_new"),
    path(OPINION, staff_opinion.staff_opinion, name="staff_opinion"),
    path(f"{OPINION}relancer/", staff_opinion.staff_opinion_remind, name="staff_opinion_remind"),
    path(f"{OPINION}reporter/", staff_opinion.staff_opinion_postpone, name="staff_opinion_postpone"),
    path(f"{OPINION}retirer/", staff_opinion.staff_opinion_revoke, name="staff_opinion_revoke"),
    path(f"{OPINION}fichiers/<uuid:file>/", staff_opinion.staff_opinion_file, name="staff_opinion_file"),
    path("gestion/appels/<slug:slug>/experts/", staff_opinion.experts, name="experts"),
    path("gestion/appels/<slug:slug>/experts/<int:pk>/retirer/", staff_opinion.expert_remove, name="expert_remove"),
    path("gestion/candidatures/<uuid:uuid>/messages/", talk.staff_messages, name="staff_messages"),
    path(
        "gestion/candidatures/<uuid:uuid>/messages/fichiers/<uuid:key>/",
        talk.staff_message_file,
        name="staff_message_file",
    ),
    path("gestion/candidatures/<uuid:uuid>/chronologie/", staff_timeline.staff_timeline, name="staff_timeline"),
    path("gestion/candidatures/<uuid:uuid>/notes/", staff_talk.staff_notes, name="staff_notes"),
    path("gestion/appels/<slug:slug>/communes/<str:insee>/contacts/", staff_talk.staff_contacts, name="staff_contacts"),
    path("gestion/appels/<slug:slug>/point-d-etape/", staff_talk.staff_update, name="staff_update"),
    path("candidatures/<uuid:uuid>/messages/", talk.messages, name="messages"),
    path("candidatures/<uuid:uuid>/messages/fichiers/<uuid:key>/", talk.message_file, name="message_file"),
    path("gestion/appels/<slug:slug>/repartition/", staff_assignment.staff_workload, name="staff_workload"),
    path("gestion/candidatures/<uuid:uuid>/instructeur/", staff_assignment.staff_assign, name="staff_assign"),
    path("gestion/candidatures/<uuid:uuid>/dossier-pdf/", exporting.staff_file_pdf, name="staff_file_pdf"),
    path("gestion/appels/<slug:slug>/communes/dossiers/", exporting.committee_export, name="committee_export"),
    path("gestion/exports/", exporting.exports, name="exports"),
    path("gestion/exports/<uuid:key>/", exporting.export_download, name="export_download"),
    path("gestion/appels/<slug:slug>/communes/vues/", staff_saved.view_save, name="view_save"),
    path("gestion/appels/<slug:slug>/communes/vues/<int:pk>/retirer/", staff_saved.view_drop, name="view_drop"),
    path("avis/", opinion.opinions, name="opinions"),
    path("avis/<uuid:key>/", opinion.opinion, name="opinion"),
    path("avis/<uuid:key>/enregistrer/", opinion.opinion_autosave, name="opinion_autosave"),
    path("avis/<uuid:key>/fichiers/", opinion.opinion_attach, name="opinion_attach"),
    path("avis/<uuid:key>/fichiers/<int:pk>/retirer/", opinion.opinion_detach, name="opinion_detach"),
    path("avis/<uuid:key>/fichiers/<uuid:file>/", opinion.opinion_download, name="opinion_download"),
]
