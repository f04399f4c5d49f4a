"""Addresses of the measures and of the publications."""

from django.urls import path

from .views import library, measures, writing

TEXT = "redaction/<uuid:uuid>/"

urlpatterns = [
    path("accompagnement/<uuid:uuid>/indicateurs/", measures.measure_new, name="measure_new"),
    path("accompagnement/<uuid:uuid>/retour-d-experience/", writing.report_begin, name="report_begin"),
    path("publications/", library.library, name="publications"),
    path("publications/flux.xml", library.publications_feed, name="publications_feed"),
    path("publications/<slug:slug>/", library.publication, name="publication"),
    path("redaction/", writing.drafts, name="publication_drafts"),
    path("redaction/nouvelle/", writing.publication_new, name="publication_new"),
    path(TEXT, writing.publication_draft, name="publication_draft"),
    path(f"{TEXT}ecrire/", writing.publication_edit, name="publication_edit"),
    path(f"{TEXT}contacts/", writing.publication_contacts, name="publication_contacts"),
    path(f"{TEXT}contacts/<int:pk>/retirer/", writing.publication_contact_remove, name="publication_contact_remove"),
    path(f"{TEXT}demander-l-accord/", writing.publication_submit, name="publication_submit"),
    path(f"{TEXT}accord/", writing.publication_agree, name="publication_agree"),
    path(f"{TEXT}renvoyer/", writing.publication_return, name="publication_return"),
    path(f"{TEXT}publier/", writing.publication_publish, name="publication_publish"),
    path(f"{TEXT}reprendre/", writing.publication_revise, name="publication_revise"),
    path(f"{TEXT}retirer/", writing.publication_withdraw, name="publication_withdraw"),
]
