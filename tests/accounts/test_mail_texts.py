"""Every mail of allauth that can leave is ours: French, complete, without a word of its own."""

from pathlib import Path

import allauth
import pytest
from django.conf import settings
from django.template.loader import get_template

LIBRARY = Path(allauth.__file__).parent / "templates"
NEVER_SENT = {"base_message.txt", "base_notification.txt"}


def names() -> list[str]:
    found = [path.relative_to(LIBRARY) for path in LIBRARY.glob("*/email/*.txt")]
    kept = [p for p in found if p.parts[0] in {"account", "mfa"} and p.name not in NEVER_SENT]
    return sorted(str(path) for path in kept if "webauthn" not in path.name)


@pytest.mark.parametrize("name", names())
def test_the_text_is_the_portal_s(name):
    assert get_template(name).origin.name == str(settings.ROOT / "templates" / name)
