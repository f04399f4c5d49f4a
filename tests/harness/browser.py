"""Chromium of Debian for the browser tests: what it may reach, what counts as a fault, axe-core, screenshots."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request

from tests.harness.faults import LOG

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
SCREENSHOTS = Path(os.environ.get("PORTAL_VAR") or ROOT / "var") / "screenshots"
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
LAUNCH_ARGS = [
    "--no-sandbox",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]
SIZES = {"large": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}
_LOCAL_SCHEMES = {"data", "blob", "about", "chrome", "chrome-error"}


def launch_options() -> dict[str, Any]:
    if not Path(CHROMIUM).exists():
        raise RuntimeError(f"Chromium est introuvable ({CHROMIUM}). Installez-le : apt-get install chromium")
    return {"executable_path": CHROMIUM, "headless": True, "args": LAUNCH_ARGS}


def watch(context: BrowserContext) -> BrowserContext:
    """Errors of scripts, refusals of the content security policy and requests to other hosts become faults."""
    context.on("console", _on_console)
    context.on("weberror", lambda error: LOG.record("browser", f"script error: {error.error}"))
    context.on("request", _on_request)
    return context


def _on_console(message: ConsoleMessage) -> None:
    # A page that answers 4xx or 5xx is logged by the browser too; what it means is for the test to say.
    if message.type == "error" and "Failed to load resource" not in message.text:
        LOG.record("browser", f"console: {message.text[:300]}")


def _on_request(request: Request) -> None:
    parts = urlsplit(request.url)
    if parts.scheme not in _LOCAL_SCHEMES and parts.hostname not in {"127.0.0.1", "localhost"}:
        LOG.record("browser", f"request to another host: {request.url[:120]}")


def axe_violations(page: Page, *, exclude: tuple[str, ...] = ()) -> list[str]:
    """Run axe-core on the page as it stands: one line per violation, naming rule, RGAA tests, impact and elements."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    result = page.evaluate(
        "exclude => axe.run({exclude: exclude.map(selector => [selector])},"
        " {resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa',"
        " 'best-practice', 'RGAAv4']})",
        list(exclude),
    )
    return [_violation_line(violation) for violation in result["violations"]]


def _violation_line(violation: dict[str, Any]) -> str:
    rgaa = " ".join(tag for tag in violation["tags"] if tag.startswith("RGAA-"))
    targets = "; ".join(" ".join(map(str, node["target"])) for node in violation["nodes"][:5])
    return f"{violation['id']} [{violation['impact']}] {rgaa} — {violation['help']} — {targets}"


def screenshot(page: Page, name: str, *, full_page: bool = True) -> Path:
    """Save `var/screenshots/<name>-<width>.png` and return its path."""
    width = page.viewport_size["width"] if page.viewport_size else "auto"
    path = SCREENSHOTS / f"{name}-{width}.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=path, full_page=full_page)
    return path
