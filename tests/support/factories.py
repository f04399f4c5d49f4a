"""What tests of the support need: a published programme and its laureates."""

from datetime import date
from pathlib import Path
from typing import Any

from applications.models import Application, CouncilResolution, Decision, DecisionLine
from calls.definition.load import load
from calls.definition.reading import read
from calls.models import Call, CallRole
from portal.core.calendar import day_of
from portal.core.clock import portal_now
from support.agreements.models import Agreement
from support.agreements.services import draw_up, record_signature, send
from support.agreements.services_parties import record_act
from tests.factories import ETRETAT, make_application, make_institution, make_role, make_town_hall, make_user

TPS = Path(__file__).parents[2] / "calls/catalogue/territoire-promoteur-de-sante.yaml"
STARTS_ON = date(2027, 6, 7)


def make_programme() -> Call:
    """The real programme, published."""
    call = load(read(TPS.read_text()), owner=make_institution(), at=portal_now())
    Call.objects.filter(pk=call.pk).update(state="published", published_at=portal_now())
    call.refresh_from_db()
    return call


def make_laureate(
    call: Call, spec: Any = ETRETAT, *, title: str = "La place des Marronniers", n: int = 1
) -> DecisionLine:
    """A selected file, notified, whose council has decided."""
    number = f"{call.code_prefix}-{call.edition}-{n:04d}"
    application = make_application(call, make_town_hall(spec), title=title, number=number, state="decided")
    CouncilResolution.objects.create(
        application=application, organisation=application.lead, number=f"2027-{n}", adopted_on=date(2027, 5, 3)
    )
    decision, _ = Decision.objects.get_or_create(
        call=call,
        act_number="BU-2027-118",
        defaults={
            "body": "bureau communautaire",
            "act_on": date(2027, 5, 27),
            "recorded_at": portal_now(),
            "recorded_by": make_user(),
            "notified_at": portal_now(),
        },
    )
    return DecisionLine.objects.create(
        decision=decision, application=application, outcome="selected", rank=n, reason="Projet juste."
    )


def make_agreement(call: Call | None = None, *lines: DecisionLine, manager: Any = None) -> Agreement:
    """An agreement being drawn up."""
    call = call or make_programme()
    lines = lines or (make_laureate(call),)
    by = manager or make_role(call)
    return draw_up(call=call, lines=list(lines), starts_on=STARTS_ON, by=by, at=portal_now())


def sign_all(agreement: Agreement, by: Any, on: date) -> None:
    """Send it, then record every signature that day."""
    send(agreement=agreement, by=by, at=portal_now())
    for party in agreement.parties.all():
        record_signature(party=party, signed_on=on, by=by, at=portal_now())
    agreement.refresh_from_db()


def make_plan(call: Call | None = None, manager: Any = None) -> Any:
    """A support that runs, its agreement signed today."""
    call = call or make_programme()
    manager = manager or make_role(call)
    agreement = make_agreement(call, manager=manager)
    for party in agreement.parties.filter(side="owner"):
        record_act(party=party, act_body="du bureau", act_number="1", act_on=date(2026, 1, 5), by=manager)
    sign_backdated(agreement, manager)
    return agreement.plans.get()


def sign_backdated(agreement: Agreement, by: Any) -> None:
    agreement.parties.update(act_on=date(2026, 1, 5))
    sign_all(agreement, by, day_of(portal_now()))


def make_adviser_of(call: Call, codes: list[str]) -> Any:
    """An adviser whose role covers these communes only (INSEE codes)."""
    adviser = make_role(call, "adviser")
    CallRole.objects.filter(user=adviser, call=call).update(scope=codes)
    return adviser


def application_of(agreement: Agreement) -> Application:
    return agreement.beneficiaries.first().application
