"""Addresses of portal.core."""

from django.urls import URLPattern, path

from . import views_approvals, views_pages


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
    path("composants/", views_pages.components, name="components"),
]
