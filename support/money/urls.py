"""Addresses of the money."""

from django.urls import path

from . import views, views_awards, views_envelope, views_payments

CALL, PLAN = "gestion/appels/<slug:slug>/enveloppe/", "accompagnement/<uuid:uuid>/"
AWARD, PAYMENT = "aides/<uuid:uuid>/", "versements/<uuid:uuid>/"

urlpatterns = [
    path(CALL, views_envelope.envelope, name="envelope"),
    path(f"{CALL}candidatures/", views_envelope.envelope_files, name="envelope_files"),
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
]
