"""Addresses of the money."""

from django.urls import path

from . import (
    views,
    views_awards,
    views_envelope,
    views_payments,
    views_plans,
    views_posts,
    views_publicity,
    views_schemes,
)

CALL, PLAN = "gestion/appels/<slug:slug>/enveloppe/", "accompagnement/<uuid:uuid>/"
ACTION, FINANCE = f"{PLAN}plan-de-financement/<int:pk>/", "plans-de-financement/<uuid:uuid>/"
POST = "postes/<uuid:uuid>/"
SCHEMES = "gestion/organismes/<uuid:uuid>/dispositifs/"
AWARD, PAYMENT = "aides/<uuid:uuid>/", "versements/<uuid:uuid>/"

urlpatterns = [
    path(CALL, views_envelope.envelope, name="envelope"),
    path(f"{CALL}candidatures/", views_envelope.envelope_files, name="envelope_files"),
    path("accompagnement/financements/", views.funding_board, name="funding_board"),
    path("accompagnement/financements/echeances.ics", views.funding_calendar, name="funding_calendar"),
    path(f"{PLAN}financements/nouveau/", views.funding_edit, name="funding_new"),
    path(f"{PLAN}financements/<int:pk>/", views.funding_edit, name="funding_edit"),
    path(f"{PLAN}argent/", views_awards.plan_money, name="plan_money"),
    path(f"{PLAN}argent/aides/nouvelle/", views_awards.award_new, name="award_new"),
    path(AWARD, views_awards.award, name="award"),
    path(f"{AWARD}modifier/", views_awards.award_edit, name="award_edit"),
    path(f"{AWARD}commencement/", views_awards.award_start, name="award_start"),
    path(f"{AWARD}caducite/", views_awards.award_lapse, name="award_lapse"),
    path(f"{AWARD}reversements/<int:pk>/", views_awards.clawback_recover, name="clawback_recover"),
    path(f"{AWARD}versements/nouveau/", views_payments.payment_new, name="payment_new"),
    path(PAYMENT, views_payments.payment, name="payment"),
    path(f"{PAYMENT}verifier/", views_payments.payment_check, name="payment_check"),
    path(f"{PAYMENT}rendre/", views_payments.payment_return, name="payment_return"),
    path(f"{PAYMENT}certifier/", views_payments.payment_certify, name="payment_certify"),
    path(f"{PAYMENT}verser/", views_payments.payment_pay, name="payment_pay"),
    path(f"{PAYMENT}pieces/<int:pk>/", views_payments.payment_proof, name="payment_proof"),
    path(ACTION, views_plans.finance, name="finance"),
    path(f"{ACTION}ouvrir/", views_plans.finance_open, name="finance_open"),
    path(FINANCE, views_plans.finance_plan, name="finance_plan"),
    path(f"{FINANCE}reglages/", views_plans.finance_settings, name="finance_settings"),
    path(f"{FINANCE}depenses/", views_plans.finance_expense, name="finance_expense_new"),
    path(f"{FINANCE}depenses/<int:pk>/", views_plans.finance_expense, name="finance_expense"),
    path(f"{FINANCE}ressources/", views_plans.finance_resource, name="finance_resource_new"),
    path(f"{FINANCE}ressources/<int:pk>/", views_plans.finance_resource, name="finance_resource"),
    path(f"{FINANCE}ressources/<int:pk>/justificatif/", views_plans.finance_proof, name="finance_proof"),
    path(f"{FINANCE}retirer/<slug:side>/<int:pk>/", views_plans.finance_remove, name="finance_remove"),
    path(f"{FINANCE}clore/", views_plans.finance_close, name="finance_close"),
    path(f"{FINANCE}plan.xlsx", views_plans.finance_xlsx, name="finance_xlsx"),
    path(f"{FINANCE}financeur/", views_plans.funder_link, name="funder_link"),
    path(f"{FINANCE}financeur/<int:pk>/retirer/", views_plans.funder_stop, name="funder_stop"),
    path(f"{FINANCE}publicite/", views_publicity.publicity, name="publicity"),
    path(f"{FINANCE}publicite/<slug:kind>/", views_publicity.publicity_make, name="publicity_make"),
    path(f"{FINANCE}publicite/<slug:kind>.pdf", views_publicity.publicity_pdf, name="publicity_pdf"),
    path(f"{FINANCE}publicite/<slug:kind>/pose/", views_publicity.publicity_shown, name="publicity_shown"),
    path(f"{FINANCE}publicite/<slug:kind>/photo/", views_publicity.publicity_photo, name="publicity_photo"),
    path("financeur/<str:secret>/", views_plans.funder_page, name="funder_page"),
    path(f"{PLAN}argent/postes/nouveau/", views_posts.post_new, name="post_new"),
    path(POST, views_posts.post, name="post"),
    path(f"{POST}fiche/", views_posts.post_edit, name="post_edit"),
    path(f"{POST}repartition/", views_posts.post_share, name="post_share"),
    path(f"{POST}arrivee/", views_posts.post_arrival, name="post_arrival"),
    path(f"{POST}depart/<int:pk>/", views_posts.post_departure, name="post_departure"),
    path(f"{POST}annees/", views_posts.post_year, name="post_year"),
    path(f"{POST}annees/<int:pk>/justifier/", views_posts.year_prove, name="year_prove"),
    path(f"{POST}annees/<int:pk>/verser/", views_posts.year_pay, name="year_pay"),
    path(f"{POST}annees/<int:pk>/<slug:name>/fichier/", views_posts.year_file, name="year_file"),
    path(SCHEMES, views_schemes.schemes, name="schemes"),
    path(f"{SCHEMES}nouveau/", views_schemes.scheme_edit, name="scheme_new"),
    path(f"{SCHEMES}<int:pk>/", views_schemes.scheme_edit, name="scheme_edit"),
    path(f"{SCHEMES}reprendre/<str:code>/", views_schemes.scheme_edit, name="scheme_take"),
]
