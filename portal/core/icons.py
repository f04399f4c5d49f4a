"""Icons of the interface: Bootstrap Icons (MIT), read once from the installed package and inlined."""

import re
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

_NAME = re.compile(r"[a-z0-9-]+")
_BODY = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)


@cache
def icon_body(name: str) -> SafeString:
    """The drawing inside the icon's ``svg``; raises ValueError for a name that is no icon."""
    if not _NAME.fullmatch(name):
        raise ValueError(f"no icon name: {name!r}")
    path = Path(settings.NODE_MODULES) / "bootstrap-icons" / "icons" / f"{name}.svg"
    try:
        source = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise ValueError(f"no such icon: {name!r}") from error
    found = _BODY.search(source)
    if not found:
        raise ValueError(f"not an icon: {name!r}")
    return mark_safe(re.sub(r"\s*\n\s*", "", found[1]))  # noqa: S308 - file of a pinned package


def draw_icon(name: str, *, size: int = 16, css: str = "") -> SafeString:
    """The icon as inline SVG, hidden from screen readers: the words beside it say the same."""
    return format_html(
        '<svg class="{}" width="{}" height="{}" viewBox="0 0 16 16" aria-hidden="true" focusable="false">{}</svg>',
        f"icon {css}".rstrip(),
        size,
        size,
        icon_body(name),
    )
