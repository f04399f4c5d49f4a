"""What every page shows: whose portal it is, where one can go, who one is."""

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from portal.accounts.models import InstitutionProfile
from portal.core.theme import csp_hash, make_theme, theme_css

from .spaces import Spaces, spaces_of


def portal(request: HttpRequest) -> dict[str, Any]:
    """Context of `base.html`: `institution`, `nav`, `who`, `theme_css`."""
    user = getattr(request, "user", None)
    spaces = spaces_of(user) if user else Spaces()
    profile = institution_of(request, spaces)
    css, theme_hash = dress(profile.brand, profile.light) if profile else ("", "")
    request.theme_css_hash = theme_hash  # type: ignore[attr-defined]
    return {
        "institution": profile,
        "institution_name": profile.short_name if profile else settings.PORTAL_NAME,
        "logo_url": reverse("institution_logo", args=[profile.slug]) if profile and profile.logo_id else "",
        "theme_css": css,
        "nav": navigation(request, spaces),
        "who": who(user, spaces),
        "development_pages": settings.DEVELOPMENT_PAGES,
    }


def institution_of(request: HttpRequest, spaces: Spaces) -> InstitutionProfile | None:
    """The institution whose page this is (`request.institution`, set by views), the person's, or the only one."""
    if hasattr(request, "institution"):
        return request.institution
    profiles = InstitutionProfile.objects.all()
    if spaces.call:
        return profiles.filter(organisation__calls=spaces.call).first()
    first = list(profiles[:2])
    return first[0] if len(first) == 1 else None


@lru_cache(maxsize=128)
def dress(brand: str, light: str) -> tuple[str, str]:
    """The style block of two colours, and its hash for the security policy."""
    css = theme_css(make_theme(brand, light))
    return css, csp_hash(css)


def navigation(request: HttpRequest, spaces: Spaces) -> list[dict[str, Any]]:
    """The menu: what this person may open; the current entry is the one whose path begins the page's."""
    if not request.user.is_authenticated:
        entries = [("Les appels", "call_list", True), ("Publications", "publications", True), ("Aide", "help", True)]
    else:
        entries = [
            ("Mes actions", "my_actions", True),
            ("Nos candidatures", "applications", spaces.commune or spaces.partner),
            ("Appels", "staff_calls", spaces.staff),
            ("Jury", "jury_home", spaces.juror),
            ("Accompagnement", "support_home", spaces.commune or spaces.adviser or spaces.staff),
            ("Expertises", "partner_desk", spaces.partner),
            ("Livrables", "provider_desk", spaces.partner),
            ("Organismes", "organisations", request.user.is_platform_admin),
            ("Aide", "help", True),
        ]
    urls = [(label, reverse(name)) for label, name, shown in entries if shown]
    return [{"label": label, "url": url, "current": request.path.startswith(url)} for label, url in urls]


def who(user: Any, spaces: Spaces) -> dict[str, str] | None:
    """The two lines at the right of the header: whose space, in what function."""
    if not user or not user.is_authenticated:
        return None
    function = user.role_title or user.full_name or user.email
    organisation = spaces.organisation or ("Membre du jury" if spaces.juror else "")
    return {"line1": organisation or function, "line2": function if organisation else ""}
