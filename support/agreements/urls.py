"""Addresses of the agreements."""

from django.urls import path

from . import views, views_chain, views_parties, views_signing

ONE = "conventions/<uuid:uuid>/"

urlpatterns = [
    path("appels/<slug:slug>/subventions.csv", views.call_grants, name="call_grants"),
    path("gestion/appels/<slug:slug>/conventions/", views.agreement_list, name="agreements"),
    path("gestion/appels/<slug:slug>/conventions/liee/", views_chain.linked_new, name="linked_new"),
    path(f"{ONE}avenant/", views_chain.amendment_new, name="amendment_new"),
    path(f"{ONE}convention-cadre/", views_chain.framework_new, name="framework_new"),
    path(f"{ONE}fin/", views_chain.agreement_end, name="agreement_end"),
    path(ONE, views.agreement_page, name="agreement"),
    path(f"{ONE}document.pdf", views.agreement_pdf, name="agreement_pdf"),
    path(f"{ONE}texte/", views.agreement_text, name="agreement_text"),
    path(f"{ONE}reglages/", views_parties.agreement_settings, name="agreement_settings"),
    path(f"{ONE}visa/", views.agreement_visa, name="agreement_visa"),
    path(f"{ONE}envoyer/", views.agreement_send, name="agreement_send"),
    path(f"{ONE}parties/ajouter/", views_parties.party_new, name="party_new"),
    path(f"{ONE}parties/<int:pk>/acte/", views_parties.party_act, name="party_act"),
    path(f"{ONE}parties/<int:pk>/deplacer/", views_parties.party_move, name="party_move"),
    path(f"{ONE}parties/<int:pk>/retirer/", views_parties.party_remove, name="party_remove"),
    path(f"{ONE}parties/<int:pk>/signature/", views.party_sign, name="party_sign"),
    path(f"{ONE}annexes/ajouter/", views_parties.annex_new, name="annex_new"),
    path(f"{ONE}annexes/<int:pk>/", views_signing.annex_file, name="annex_file"),
    path(f"{ONE}annexes/<int:pk>/retirer/", views_parties.annex_remove, name="annex_remove"),
    path(f"{ONE}seance/", views_signing.agreement_event, name="agreement_event"),
    path(f"{ONE}exemplaires/ajouter/", views_signing.copy_new, name="copy_new"),
    path(f"{ONE}exemplaires/<int:pk>/", views_signing.copy_file, name="copy_file"),
]
