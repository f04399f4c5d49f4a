"""PostgreSQL and Redis for `python -m pytest`, before Django reads its settings, and one Redis base per worker."""

import os
import re
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from portal.embedded.services import throwaway_services

_services = ExitStack()


def redis_url_for_worker(url: str, worker: str) -> str:
    """The same server, another base: workers must not read each other's queues. `worker` is xdist's `gw0`, `gw1`…"""
    number = int(worker.removeprefix("gw")) + 1
    found = re.search(r"(?<=[?&]db=)\d+", url) or re.search(r"(?<=[^/:]/)\d+(?=\?|$)", url)
    if found:
        return f"{url[: found.start()]}{(int(found.group()) + number) % 16}{url[found.end() :]}"
    return f"{url}{'&' if '?' in url else '?'}db={number % 16}"


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests() -> Iterator[None]:
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker:
        os.environ["REDIS_URL"] = redis_url_for_worker(os.environ["REDIS_URL"], worker)
    else:
        _services.enter_context(throwaway_services())
    try:
        return (yield)
    except BaseException:
        # Settings or conftest that do not load: pytest ends without unconfiguring anything.
        _services.close()
        raise


def pytest_unconfigure() -> None:
    _services.close()
