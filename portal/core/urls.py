"""Addresses of portal.core."""

from django.urls import URLPattern, path

from . import views_approvals, views_documents, views_pages


def _fixed(address: str, template: str, name: str) -> URLPattern:
    return path(address, views_pages.fixed_page, {"template": template}, name=name)


urlpatterns = [
    _fixed("contact/", "legal/contact.html", "contact"),
    _fixed("mentions-legales/", "legal/legal_notice.html", "legal_notice"),
    _fixed("donnees-personnelles/", "legal/personal_data.html", "personal_data"),
    _fixed("accessibilite/", "legal/accessibility.html", "accessibility"),
    _fixed("plan-du-site/", "legal/site_map.html", "site_map"),
    _fixed("aide/", "legal/help.html", "help"),
    _fixed("code-source/", "legal/source_code.html", "source_code"),
    path("confirmations/demande/<uuid:pk>/", views_approvals.approval_awaited, name="approval_awaited"),
    path("confirmations/<str:secret>/", views_approvals.approval_answer, name="approval_answer"),
    path("verifier/", views_documents.verify, name="document_verify_form"),
    path("verifier/<str:number>/", views_documents.verify_document, name="document_verify"),
    path("fichiers/<str:token>/", views_documents.stored_file, name="stored_file"),
    path("composants/", views_pages.components, name="components"),
]
