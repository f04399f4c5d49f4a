"""What the browser tests see red: axe-core, errors of scripts, the content security policy, other hosts."""

import pytest
from PIL import Image
from playwright.sync_api import Error

from tests.harness import browser

pytestmark = [
    pytest.mark.browser,
    pytest.mark.urls("tests.harness.faulty_views"),
    pytest.mark.usefixtures("open_pages"),
]


@pytest.fixture
def open_pages(settings):
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if not name.startswith("portal.")]


def test_a_page_without_fault(page, live_server, faults):
    page.goto(f"{live_server.url}/harness/accessible/")
    assert browser.axe_violations(page) == []
    assert faults.take() == []


def test_axe_names_rule_rgaa_and_element(page, live_server):
    page.goto(f"{live_server.url}/harness/inaccessible/")
    (violation,) = browser.axe_violations(page)
    assert violation.startswith("image-alt [critical] RGAA-1.1.1 ")
    assert violation.endswith(" — img")
    assert browser.axe_violations(page, exclude=("img",)) == []


def test_an_error_of_a_script_is_a_fault(page, live_server, faults):
    page.goto(f"{live_server.url}/harness/accessible/")
    with page.expect_event("pageerror"):
        page.evaluate("setTimeout(() => { throw new Error('cassé') }, 0)")
    (fault,) = faults.take()
    assert (fault.kind, "cassé" in fault.detail) == ("browser", True)


def test_a_style_refused_by_the_policy_is_a_fault(page, live_server, faults):
    page.goto(f"{live_server.url}/harness/inline_style/")
    kinds = {fault.kind: fault.detail for fault in faults.take()}
    assert kinds.keys() == {"page", "browser"}
    assert "Content Security Policy" in kinds["browser"]


def test_a_request_to_another_host_fails_and_is_a_fault(page, faults):
    with pytest.raises(Error, match="ERR_NAME_NOT_RESOLVED"):
        page.goto("http://ailleurs.example/")
    assert [fault.detail for fault in faults.take()] == ["request to another host: http://ailleurs.example/"]


def test_without_javascript(page_without_javascript, live_server):
    page_without_javascript.goto(f"{live_server.url}/harness/accessible/")
    assert page_without_javascript.inner_text("noscript") == "sans script"


def test_both_sizes_and_screenshots(any_size_page, live_server, tmp_path, monkeypatch):
    monkeypatch.setattr(browser, "SCREENSHOTS", tmp_path)
    any_size_page.goto(f"{live_server.url}/harness/accessible/")
    path = browser.screenshot(any_size_page, "propre", full_page=False)
    width = any_size_page.evaluate("innerWidth")
    assert path == tmp_path / f"propre-{width}.png"
    with Image.open(path) as image:
        assert image.size == {1280: (1280, 900), 390: (390, 844)}[width]


def test_a_missing_chromium_names_the_command(monkeypatch):
    monkeypatch.setattr(browser, "CHROMIUM", "/nulle/part")
    with pytest.raises(RuntimeError, match=r"introuvable \(/nulle/part\)\. Installez-le : apt-get install chromium"):
        browser.launch_options()
