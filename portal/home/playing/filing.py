"""A commune that writes, has its file signed and deposits it, through the services, each act at its own instant."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from applications.models import Application
from applications.services.drafting import save_section
from applications.services.signature import ask_signature
from applications.services.submission import submit_application
from portal.core.clock import at_instant, portal_now

from .people import TownHall

# Between the request and the deposit, the mayor takes the evening.
BEFORE_DEPOSIT = timedelta(hours=20)


def fill(application: Application, hall: TownHall, values: Mapping[str, Mapping[str, Any]], sections: int = 99) -> None:
    """Save the first `sections` sections; `values` by section, then question."""
    for section in application.call.sections.all()[:sections]:
        row = application.sections.filter(section_code=section.code).first()
        save_section(
            application=application,
            section_code=section.code,
            typed=values[section.code],
            version=row.version if row else 0,
            by=hall.secretary,
            at=portal_now(),
        )


def send_to_mayor(application: Application, hall: TownHall, at: datetime) -> None:
    """The secretary asks the mayor to sign."""
    with at_instant(at):
        ask_signature(application=application, signatory=hall.mayor, by=hall.secretary, at=portal_now())


def deposit(application: Application, hall: TownHall, at: datetime) -> None:
    """Ask the mayor the evening before; the mayor deposits."""
    send_to_mayor(application, hall, at - BEFORE_DEPOSIT)
    sign(application, hall, at)


def sign(application: Application, hall: TownHall, at: datetime) -> None:
    """The mayor ticks every undertaking and deposits. Raises `Refused`."""
    with at_instant(at):
        submit_application(
            application=application,
            by=hall.mayor,
            idempotency_key=uuid4(),
            undertakings=[undertaking.code for undertaking in application.call.undertakings.all()],
            web_clock_at=portal_now(),
        )
