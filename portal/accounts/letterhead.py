"""The `institution` block of a document's snapshot: name, logo, colours, service, address."""

import base64
from typing import Any

from portal.core.uploads import read_bytes

from .models import InstitutionProfile, Organisation


def letterhead(organisation: Organisation, service_lines: list[str] | None = None) -> dict[str, Any]:
    """The letterhead of an organiser, as the common contract of `templates/pdf/base.html` asks."""
    profile: InstitutionProfile = organisation.profile
    return {
        "name": profile.short_name,
        "short_name": profile.short_name,
        "kind_label": profile.kind_label,
        "logo_svg": logo_source(profile),
        "colour1": profile.brand,
        "colour2": profile.brand,
        "service_lines": service_lines or profile.service_lines.splitlines(),
        "address_line": profile.address_line,
        "city": profile.city,
    }


def logo_source(profile: InstitutionProfile) -> str | None:
    """The SVG source of the logo, or a data address of its image."""
    if profile.logo is None:
        return None
    content = read_bytes(profile.logo)
    if profile.logo.detected_type == "image/svg+xml":
        return content.decode()
    return f"data:{profile.logo.detected_type};base64,{base64.b64encode(content).decode()}"
