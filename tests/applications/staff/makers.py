"""What the tests of the staff side need, beside `tests.factories`: deposited and examined files, a decision."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.test import Client

from applications.models import Application, Decision
from applications.services.decision import Line, record_decision
from applications.services.examination import admit, reject
from calls.models import Call, ReasonCode, Stratum
from portal.accounts.models import User
from portal.accounts.stepup import KEY
from portal.core.clock import portal_now
from tests.applications.files import deposit, make_ready, make_town
from tests.factories import BENOUVILLE, ETRETAT, HARFLEUR, TILLEUL, make_call, make_institution, make_role

TOWNS = (ETRETAT, HARFLEUR, TILLEUL, BENOUVILLE)
COURT_ADDRESS = "53, avenue Gustave-Flaubert, 76000 Rouen"


def client_of(user: User, *, stepped_up: bool = False) -> Client:
    """A browser where the person is signed in, their mailed code given when `stepped_up`."""
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    if stepped_up:
        session = client.session
        session[KEY] = portal_now().isoformat()
        session.save()
    return client


def make_staffed_call(**fields: Any) -> tuple[Call, User]:
    """A call of an institution whose court is known, and its manager."""
    call = make_call(make_institution(court_address=COURT_ADDRESS), **fields)
    ReasonCode.objects.create(
        call=call, code="LATE", position=1, outcome="inadmissible", label="Travaux commencés avant le dépôt"
    )
    return call, make_role(call, "manager", full_name="Chargée de mission")


def make_strata(call: Call) -> None:
    """Two strata: under 1 000 inhabitants, and from there on."""
    shared = {"call": call, "population_kind": "municipale", "population_year": 2023}
    Stratum.objects.create(code="A", position=1, label="Moins de 1 000 hab.", lower=0, upper=1000, **shared)
    Stratum.objects.create(code="B", position=2, label="1 000 hab. et plus", lower=1000, **shared)


def make_deposited(call: Call, spec: tuple[str, str, str, int, int] = ETRETAT) -> Application:
    """A file deposited by its mayor."""
    application, _, mayor = make_ready(call, make_town(spec))
    deposit(application, mayor)
    return application


def make_examined(call: Call, by: User, *, refused: bool = False) -> list[Application]:
    """Three admissible files (Étretat, Harfleur, Le Tilleul) and, when `refused`, an inadmissible one (Bénouville)."""
    files = [make_deposited(call, spec) for spec in TOWNS[:3]]
    for file in files:
        admit(application=file, by=by, at=portal_now())
    if refused:
        files.append(make_deposited(call, BENOUVILLE))
        code = call.reason_codes.get()
        reject(application=files[3], code=code, text="Le chantier date de mai.", by=by, at=portal_now())
    return files


def lines_for(files: list[Application]) -> list[Line]:
    """Selected, reserve, not selected, inadmissible, in the order of the files."""
    told = [
        ("selected", 1, Decimal("91.30"), "Des bénéfices nets pour les aînés."),
        ("reserve", 2, Decimal("77.90"), "Un projet de qualité, un rang après les places ouvertes."),
        ("not_selected", None, Decimal("42.00"), "Le total est inférieur au seuil de 50 points."),
        ("inadmissible", None, None, "Travaux commencés avant le dépôt\nLe chantier date de mai."),
    ]
    return [
        Line(file, outcome, reason, rank, score)
        for file, (outcome, rank, score, reason) in zip(files, told, strict=False)
    ]


def make_decision(call: Call, by: User, *, refused: bool = False, act_number: str = "BU-2027-131") -> Decision:
    """The recorded decision on the files of `make_examined`."""
    files = make_examined(call, by, refused=refused)
    return record_decision(
        call=call,
        body="le bureau communautaire",
        act_number=act_number,
        act_on=yesterday(),
        lines=lines_for(files),
        by=by,
        at=portal_now(),
    )


def yesterday() -> date:
    return (portal_now() - timedelta(days=1)).date()
