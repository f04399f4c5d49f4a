"""Wires the strictness of `tests/harness/` into pytest, and gives the fixtures common to all tests."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from hypothesis import HealthCheck
from hypothesis import settings as properties

from tests.harness import browser as browser_tools
from tests.harness import caches, network
from tests.harness.faults import LOG, FaultLog
from tests.harness.live import wait_until_idle
from tests.harness.templates import make_strict

HERE = Path(__file__).parent

# A slow machine is no fault of the code: timings belong in the benchmark.
properties.register_profile("portal", deadline=None, suppress_health_check=[HealthCheck.too_slow])
properties.load_profile("portal")


def pytest_configure(config: pytest.Config) -> None:
    settings.MIDDLEWARE = ["tests.harness.middleware.StrictMiddleware", *settings.MIDDLEWARE]
    make_strict()
    network.close_network()


def pytest_unconfigure(config: pytest.Config) -> None:
    network.open_network()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests are marked by their folder; browser and race tests stay each on one xdist worker."""
    for item in items:
        if (HERE / "browser") in item.path.parents:
            item.add_marker(pytest.mark.browser)
        for group in ("browser", "race"):
            if item.get_closest_marker(group):
                item.add_marker(pytest.mark.xdist_group(group))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """A test that ended well still fails when a fault was seen while it ran."""
    LOG.take()
    result = yield
    if faults := LOG.take():
        pytest.fail("\n".join(["The harness saw:", *(f"  {fault}" for fault in faults)]), pytrace=False)
    return result


@pytest.fixture
def faults() -> FaultLog:
    """Faults seen so far: `faults.take()` returns and forgives them (tests of the harness, of hostile content)."""
    return LOG


@pytest.fixture(scope="session")
def full_counts() -> bool:
    """True in `make test-slow`: races, crashes and properties run at the counts of the issue."""
    return os.environ.get("FULL_COUNTS") == "1"


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    # Playwright's synchronous interface keeps an event loop in this thread, where Django would refuse the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    return browser_tools.launch_options()


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, Any]:
    return {"locale": "fr-FR", "timezone_id": "Europe/Paris", "viewport": browser_tools.SIZES["large"]}


@pytest.fixture
def context(context: Any) -> Any:
    return browser_tools.watch(context)


@pytest.fixture(params=["large", "phone"])
def any_size_page(request: pytest.FixtureRequest, page: Any) -> Any:
    """The page at 1280 px, then at 390 px."""
    page.set_viewport_size(browser_tools.SIZES[request.param])
    return page


@pytest.fixture
def page_without_javascript(browser: Any, browser_context_args: dict[str, Any]) -> Iterator[Any]:
    context = browser_tools.watch(browser.new_context(java_script_enabled=False, **browser_context_args))
    yield context.new_page()
    context.close()


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    """What a page keeps for ten minutes does not pass from one test to the next."""
    caches.forget()


@pytest.fixture(autouse=True)
def idle_server(request: pytest.FixtureRequest) -> Iterator[None]:
    """The last requests of a page end before the database is emptied."""
    if "live_server" not in request.fixturenames:
        yield
        return
    request.getfixturevalue("transactional_db")
    yield
    wait_until_idle(request.getfixturevalue("live_server"))
