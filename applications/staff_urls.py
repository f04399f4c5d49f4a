"""Addresses of the staff side, of the commune's decision and of the public list of laureates."""

from django.urls import path

from .views import (
    decision,
    decision_public,
    elsewhere,
    laureates,
    letters,
    perimeter,
    reopening,
    retention,
    staff,
    staff_conditions,
    staff_file,
    staff_intent,
)

OUTSIDE = "gestion/appels/<slug:slug>/recues-ailleurs/"

urlpatterns = [
    path("gestion/appels/<slug:slug>/communes/", staff.communes, name="staff_communes"),
    path("gestion/appels/<slug:slug>/communes/export/", staff.communes_export, name="staff_communes_export"),
    path("gestion/appels/<slug:slug>/communes/<str:insee>/", staff.commune, name="staff_commune"),
    path("gestion/appels/<slug:slug>/communes/<str:insee>/rouvrir/", reopening.reopen, name="staff_reopen"),
    path("gestion/appels/<slug:slug>/decision/", decision.decision, name="decision"),
    path("gestion/appels/<slug:slug>/conservation/", retention.retention, name="retention"),
    path("gestion/appels/<slug:slug>/conservation/visa/", retention.retention_visa, name="retention_visa"),
    path("gestion/appels/<slug:slug>/conservation/effacer/", retention.retention_erase, name="retention_erase"),
    path(
        "gestion/appels/<slug:slug>/conservation/<uuid:uuid>/garder/", retention.retention_hold, name="retention_hold"
    ),
    path(f"{OUTSIDE}", elsewhere.outside, name="outside"),
    path(f"{OUTSIDE}nouvelle/", elsewhere.outside_new, name="outside_new"),
    path(f"{OUTSIDE}tableau/", elsewhere.outside_table, name="outside_table"),
    path(f"{OUTSIDE}modele/", elsewhere.outside_model, name="outside_model"),
    path(f"{OUTSIDE}tableau/<uuid:uuid>/", elsewhere.outside_batch, name="outside_batch"),
    path("gestion/candidatures/<uuid:uuid>/preuve/", elsewhere.outside_proof, name="outside_proof"),
    path("gestion/candidatures/<uuid:uuid>/", staff_file.application, name="staff_application"),
    path("gestion/candidatures/<uuid:uuid>/recepisse/<int:n>/", staff_file.receipt, name="staff_receipt"),
    path("gestion/candidatures/<uuid:uuid>/recevable/", staff_file.admission, name="staff_admission"),
    path("gestion/candidatures/<uuid:uuid>/non-recevable/", staff_file.rejection, name="staff_rejection"),
    path("gestion/candidatures/<uuid:uuid>/reexamen/", staff_file.reversal, name="staff_reversal"),
    path("gestion/candidatures/<uuid:uuid>/conditions/<str:code>/", staff_conditions.staff_check, name="staff_check"),
    path(
        "gestion/candidatures/<uuid:uuid>/conditions/<str:code>/derogation/",
        staff_conditions.staff_derogation,
        name="staff_derogation",
    ),
    path("gestion/candidatures/<uuid:uuid>/retenir/", staff_intent.intent_keep, name="staff_intent_keep"),
    path("gestion/candidatures/<uuid:uuid>/ne-pas-retenir/", staff_intent.intent_dismiss, name="staff_intent_dismiss"),
    path("gestion/decisions/<uuid:uuid>/lettres/", letters.letters, name="staff_letters"),
    path("gestion/decisions/<uuid:uuid>/lettres/preparer/", letters.letters_prepare, name="staff_letters_prepare"),
    path("gestion/decisions/<uuid:uuid>/lettres/envoyer/", letters.letters_send, name="staff_letters_send"),
    path("gestion/lettres/<str:number>/", letters.letter, name="staff_letter"),
    path("gestion/lettres/<str:number>/pdf/", letters.letter_pdf, name="staff_letter_pdf"),
    path("gestion/lettres/<str:number>/lire/", letters.letter_read, name="staff_letter_read"),
    path("candidatures/<uuid:uuid>/decision/", decision_public.application_decision, name="application_decision"),
    path(
        "candidatures/<uuid:uuid>/decision/lettre/",
        decision_public.application_decision_letter,
        name="application_decision_letter",
    ),
    path("appels/<slug:slug>/communes/", perimeter.call_perimeter, name="call_perimeter"),
    path("appels/<slug:slug>/laureats/", laureates.call_laureates, name="call_laureates"),
]
