"""Addresses of the commune's side."""

from django.urls import path

from .views import (
    abandoning,
    applicant,
    carrying,
    completion,
    conditions,
    copies,
    deposit,
    partners,
    pieces,
    route,
    section,
    signature,
)

FILE = "candidatures/<uuid:uuid>/"

urlpatterns = [
    path("candidatures/", applicant.application_list, name="applications"),
    path("candidatures/nouvelle/<slug:slug>/", applicant.application_new, name="application_new"),
    path(FILE, applicant.application_home, name="application"),
    path(f"{FILE}volet/", route.application_track, name="application_track"),
    path(f"{FILE}vague-suivante/", route.application_wave, name="application_wave"),
    path(f"{FILE}relire/", applicant.application_read, name="application_read"),
    path(f"{FILE}dossier-depose/", applicant.application_deposited, name="application_deposited"),
    path(f"{FILE}reprendre/", carrying.application_take_up, name="application_take_up"),
    path(f"{FILE}pdf/", copies.application_pdf, name="application_pdf"),
    path(f"{FILE}pdf/<str:code>/", copies.application_pdf_download, name="application_pdf_download"),
    path(f"{FILE}sections/<str:code>/", section.section, name="section"),
    path(f"{FILE}sections/<str:code>/enregistrer/", section.section_autosave, name="section_autosave"),
    path(f"{FILE}conditions/", conditions.conditions, name="application_conditions"),
    path(f"{FILE}conditions/<str:code>/derogation/", conditions.derogation, name="application_derogation"),
    path(f"{FILE}pieces/", pieces.pieces, name="pieces"),
    path(f"{FILE}pieces/<str:code>/", pieces.piece, name="piece"),
    path(f"{FILE}pieces/<str:code>/promettre/", pieces.piece_promise, name="piece_promise"),
    path(f"{FILE}pieces/<str:code>/retirer/<int:pk>/", pieces.piece_remove, name="piece_remove"),
    path(f"{FILE}fichiers/<uuid:pk>/", pieces.piece_download, name="piece_download"),
    path(f"{FILE}complements/<uuid:key>/", completion.completion, name="completion"),
    path(f"{FILE}complements/<uuid:key>/enregistrer/", completion.completion_autosave, name="completion_autosave"),
    path(f"{FILE}complements/<uuid:key>/pieces/<str:code>/", completion.completion_piece, name="completion_piece"),
    path(
        f"{FILE}complements/<uuid:key>/pieces/<str:code>/retirer/<int:pk>/",
        completion.completion_piece_remove,
        name="completion_piece_remove",
    ),
    path(f"{FILE}co-candidats/", partners.partners, name="partners"),
    path(f"{FILE}co-candidats/<int:pk>/retirer/", partners.partner_end, name="partner_end"),
    path(f"{FILE}invitation/<int:pk>/", partners.partner_answer, name="partner_answer"),
    path(f"{FILE}faire-signer/", signature.signature_ask, name="signature_ask"),
    path(f"{FILE}signature/", signature.signature_read, name="signature_read"),
    path(f"{FILE}ne-pas-deposer/", signature.signature_decline, name="signature_decline"),
    path(f"{FILE}deposer/", deposit.deposit, name="deposit"),
    path(f"{FILE}recepisse/", deposit.receipt, name="receipt"),
    path(f"{FILE}recepisse/<int:n>/", deposit.receipt_download, name="receipt_download"),
    path(f"{FILE}supprimer/", abandoning.application_abandon, name="application_abandon"),
    path(f"{FILE}retirer/", deposit.withdraw, name="withdraw"),
]
