"""The verification page in a browser: a file is compared on the spot and never sent."""

import hashlib

import pytest

from tests.documents.test_verify import NUMBER, make_document
from tests.harness.browser import axe_violations, screenshot

pytestmark = pytest.mark.django_db(transaction=True)
CONTENT = b"%PDF-1.7 contenu"


def test_a_file_is_recognised_in_the_browser_and_never_sent(live_server, any_size_page):
    page = any_size_page
    make_document(content=CONTENT)
    make_document(version=2, content=b"%PDF-1.7 autre")
    page.goto(f"{live_server.url}/verifier/{NUMBER}/")
    assert axe_violations(page) == []
    sent = []
    page.on("request", lambda request: sent.append(request.url))
    result = page.locator("[data-verify-result]")
    page.set_input_files("#file", {"name": "a.pdf", "mimeType": "application/pdf", "buffer": CONTENT})
    result.get_by_text("Ce fichier est la version 1, remplacée par la version 2.").wait_for()
    assert page.input_value("input[name=empreinte]") == hashlib.sha256(CONTENT).hexdigest()
    page.set_input_files("#file", {"name": "b.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 modifie"})
    result.get_by_text("Ce fichier n’est pas le document émis").wait_for()
    assert sent == []
    screenshot(page, "verifier")


def test_without_script_the_typed_fingerprint_is_compared_by_the_server(live_server, page_without_javascript):
    page = page_without_javascript
    document = make_document(content=CONTENT)
    page.goto(f"{live_server.url}/verifier/")
    page.fill("input[name=numero]", NUMBER.lower())
    page.click("main button[type=submit]")
    assert page.locator("#file").is_hidden()
    page.fill("input[name=empreinte]", document.sha256)
    page.click("main button[type=submit]")
    assert page.get_by_text("Votre fichier est le document émis.").is_visible()


def test_the_first_page_has_no_violation(live_server, any_size_page):
    any_size_page.goto(f"{live_server.url}/verifier/?numero=")
    assert axe_violations(any_size_page) == []
