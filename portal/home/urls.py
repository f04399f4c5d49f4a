"""Landing, actions, reminders, health."""

from django.urls import path

from . import views, views_register

urlpatterns = [
    path("", views.landing, name="landing"),
    path("mes-actions/", views.my_actions, name="my_actions"),
    path("mes-donnees/", views.personal_data_export, name="personal_data_export"),
    path("gestion/relances/", views.reminder_list, name="reminders"),
    path("mes-actions/rythme/", views.reminder_rhythm, name="reminder_rhythm"),
    path("gestion/relances/<slug:slug>/<str:rule>/suspendre/", views.reminder_pause, name="reminder_pause"),
    path("gestion/courriels-en-echec/", views.mail_failures, name="mail_failures"),
    path("gestion/appels/<slug:slug>/documents-emis/", views_register.document_register, name="document_register"),
    path("gestion/appels/<slug:slug>/documents-emis/relire/", views_register.document_check, name="document_check"),
    path("gestion/documents-en-echec/", views.document_failures, name="document_failures"),
    path("gestion/documents-en-echec/<uuid:uuid>/relancer/", views.document_retry, name="document_retry"),
    path("gestion/appels/<slug:slug>/courriels/", views.invitation_report, name="invitation_report"),
    path("sante/", views.health_page, name="health"),
]
