"""Addresses of the calls: public pages, then the space of their staff."""

from django.urls import path

from .views import correction, editions, enquiries, enquiries_staff, life, open_data, public, staff, team

urlpatterns = [
    path("appels/", public.call_list, name="call_list"),
    path("appels.json", open_data.calls_json, name="calls_json"),
    path("appels/flux.xml", open_data.calls_feed, name="calls_feed"),
    path("appels/<slug:slug>.json", open_data.call_json, name="call_json"),
    path("appels/<slug:slug>/flux.xml", open_data.call_feed, name="call_feed"),
    path("appels/<slug:slug>/", public.call_page, name="call_page"),
    path("appels/<slug:slug>/questions/", public.call_questions, name="call_questions"),
    path("appels/<slug:slug>/questions-reponses/", enquiries.call_answers, name="call_answers"),
    path("appels/<slug:slug>/questions-reponses/poser/", enquiries.call_ask, name="call_ask"),
    path("appels/<slug:slug>/calendrier.ics", public.call_calendar, name="call_calendar"),
    path("appels/<slug:slug>/reglement.pdf", public.call_rules, name="call_rules"),
    path("appels/<slug:slug>/questions.pdf", public.call_questions_pdf, name="call_questions_pdf"),
    path("gestion/", staff.staff_calls, name="staff_calls"),
    path("gestion/organismes/<uuid:organisation>/importer/", correction.call_import, name="call_import"),
    path(
        "gestion/organismes/<uuid:organisation>/importer/<uuid:uuid>/",
        correction.call_import_confirm,
        name="call_import_confirm",
    ),
    path("gestion/organismes/<uuid:organisation>/nouvel-appel/", editions.call_new, name="call_new"),
    path(
        "gestion/organismes/<uuid:organisation>/nouvel-appel/catalogue/<slug:name>/",
        editions.call_from_catalogue,
        name="call_from_catalogue",
    ),
    path(
        "gestion/organismes/<uuid:organisation>/nouvel-appel/modele/<slug:name>/",
        editions.call_from_template,
        name="call_from_template",
    ),
    path("gestion/appels/<slug:slug>/", staff.staff_call, name="staff_call"),
    path("gestion/appels/<slug:slug>/appel.yaml", staff.call_export, name="call_export"),
    path("gestion/appels/<slug:slug>/vie/", life.call_life, name="call_life"),
    path("gestion/appels/<slug:slug>/visa/", life.call_validate, name="call_validate"),
    path("gestion/appels/<slug:slug>/suspendre/", life.call_suspend, name="call_suspend"),
    path("gestion/appels/<slug:slug>/reprendre/", life.call_resume, name="call_resume"),
    path("gestion/appels/<slug:slug>/prolonger/", life.call_extend, name="call_extend"),
    path("gestion/appels/<slug:slug>/sans-suite/", life.call_cancel, name="call_cancel"),
    path("gestion/appels/<slug:slug>/archiver/", life.call_archive, name="call_archive"),
    path("gestion/appels/<slug:slug>/corriger/", correction.call_correct, name="call_correct"),
    path("gestion/appels/<slug:slug>/corriger/<uuid:uuid>/", correction.call_correction, name="call_correction"),
    path("gestion/appels/<slug:slug>/conseils/", correction.call_advice, name="call_advice"),
    path("gestion/appels/<slug:slug>/repartir/", editions.call_clone, name="call_clone"),
    path("gestion/appels/<slug:slug>/modele/", editions.call_template, name="call_template"),
    path("gestion/appels/<slug:slug>/publier/", staff.call_publish, name="call_publish"),
    path("gestion/appels/<slug:slug>/equipe/", team.call_team, name="call_team"),
    path("gestion/appels/<slug:slug>/equipe/<int:pk>/fin/", team.call_team_end, name="call_team_end"),
    path("gestion/appels/<slug:slug>/inviter/", staff.call_invite, name="call_invite"),
    path("gestion/appels/<slug:slug>/questions/", enquiries_staff.staff_questions, name="staff_questions"),
    path("gestion/appels/<slug:slug>/questions/<uuid:uuid>/", enquiries_staff.staff_question, name="staff_question"),
    path(
        "gestion/appels/<slug:slug>/questions/<uuid:uuid>/ecarter/",
        enquiries_staff.staff_question_decline,
        name="staff_question_decline",
    ),
]
