"""The server of production, its static files collected once, its journal kept apart."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness import server


@pytest.fixture(scope="session")
def production_folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        server.collect_static(Path(name))
        yield Path(name)
