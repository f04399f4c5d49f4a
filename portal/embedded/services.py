"""The two services that the portal needs, started here unless an address is given for them."""

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from portal.embedded.migrated import begin_from_copy
from portal.embedded.paths import socket_folder, var_folder
from portal.embedded.postgres import EmbeddedPostgres
from portal.embedded.redis_server import EmbeddedRedis
from portal.embedded.supervisor import AlreadyRunning, only_one

Service = EmbeddedPostgres | EmbeddedRedis


def start_services(folder: Path, *, durable: bool) -> list[Service]:
    """Start what `DATABASE_URL` and `REDIS_URL` do not name, and set them in this process's environment."""
    kinds: list[type[EmbeddedPostgres] | type[EmbeddedRedis]] = [EmbeddedPostgres, EmbeddedRedis]
    started: list[Service] = []
    try:
        for kind in kinds:
            if not os.environ.get(kind.variable):
                service = kind(folder, durable=durable)
                started.append(service)
                service.start()
                os.environ[kind.variable] = service.url
    except BaseException:
        stop_services(started)
        raise
    return started


def stop_services(started: list[Service]) -> None:
    for service in reversed(started):
        service.stop()


@contextmanager
def throwaway_services(*, durable: bool = False) -> Iterator[list[Service]]:
    """Services of a test run under `var/test-<pid>/`, migrated, erased at the end. A benchmark wants them `durable`."""
    folder = var_folder() / f"test-{os.getpid()}"
    if not os.environ.get(EmbeddedPostgres.variable):
        begin_from_copy(folder)
    started = start_services(folder, durable=durable)
    try:
        yield started
    finally:
        stop_services(started)
        if started:
            shutil.rmtree(socket_folder(folder), ignore_errors=True)
            shutil.rmtree(folder, ignore_errors=True)


def attach(stack: ExitStack, folder: Path) -> None:
    """Set the addresses of the services of `folder`: of the run that has them on, else started until `stack` ends."""
    try:
        stack.enter_context(only_one(folder))
    except AlreadyRunning:
        for service in (EmbeddedPostgres(folder, durable=True), EmbeddedRedis(folder, durable=True)):
            os.environ[service.variable] = os.environ.get(service.variable) or service.url
    else:
        stack.callback(stop_services, start_services(folder, durable=True))
