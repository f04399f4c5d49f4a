"""What the tests of the back office share: a call that uses every part of the document, and its manager at the screen."""

from pathlib import Path

import pytest
from django.test import Client

from calls.definition.load import load
from calls.definition.reading import read
from calls.models import Call
from portal.core.clock import portal_now
from tests.factories import make_institution, make_role

FULL = (Path(__file__).parent / "full_call.yaml").read_text()


@pytest.fixture
def full_call(db: None) -> Call:
    """In preparation."""
    return load(read(FULL), owner=make_institution(), at=portal_now())


@pytest.fixture
def writer(client: Client, full_call: Call) -> Client:
    """The browser of a person who manages it."""
    client.force_login(make_role(full_call))
    return client
