"""Agreements and support of the demonstration."""

from datetime import date

from applications.models import Decision
from calls.models import Call

from .people import Team


def support(call: Call, decision: Decision, people: Team, starts_on: date) -> None:
    """Written with the support services."""
