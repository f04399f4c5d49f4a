"""The desks of the support beside their floor: 1,600 communes followed, 20,000 actions."""

from datetime import timedelta

from calls.models import CallRole
from portal.core.calendar import day_of
from portal.core.clock import portal_now
from support.agreements.models import Agreement
from support.plan.models import LogEntry, Phase, PlanAction, SupportPlan

from .caller import Caller, Request
from .copies import copy_row, run
from .crowd import count_files, grow, log_in
from .measure import Figure, measure
from .probes import Probe
from .world import World, make_user

PLANS, ACTIONS, PHASES, ENTRIES = 1600, 20_000, 6, 4
FILES = (
    "(SELECT a.id FROM applications_application a WHERE a.call_id = {call} AND a.number IS NOT NULL"
    " AND a.id <> {template} ORDER BY a.id LIMIT {others}) s"
)
REST = "(SELECT p.id AS plan, i FROM plan_supportplan p, generate_series(1, {n}) AS g(i) WHERE p.id <> {plan}) s"


def measure_supports(world: World, trials: int) -> list[Figure]:
    """The adviser's desk and the actions of all their projects."""
    session = make_supports(world, PLANS, ACTIONS)
    caller = Caller()
    return [measure(caller, probe, n, trials) for probe, n in ((desk(session), PLANS), (actions(session), ACTIONS))]


def desk(session: str) -> Probe:
    return Probe(
        "Bureau de la référente",
        lambda: Request("/accompagnement/", session),
        lambda: Request("/plancher/accompagnement/", session),
    )


def actions(session: str) -> Probe:
    return Probe(
        "Actions de tous les projets",
        lambda: Request("/accompagnement/actions/", session),
        lambda: Request("/plancher/accompagnement/actions/", session),
    )


def make_supports(world: World, plans: int, actions: int) -> str:
    """So many supports of the call, with phases, news and actions; returns the session of who follows them all."""
    if count_files(world) < plans:
        grow(world, plans)
    at = portal_now()
    today = day_of(at)
    adviser = make_user("referente", role_title="Référente")
    CallRole.objects.create(user=adviser, call=world.call, role=CallRole.Role.ADVISER, starts_at=at)
    agreement = Agreement.objects.create(
        call=world.call, number="CONV-MESURE", title="Convention", starts_on=today, months=12, created_at=at,
        created_by=adviser,
    )  # fmt: skip
    plan = SupportPlan.objects.create(
        application=world.template, agreement=agreement, adviser=adviser, starts_on=today - timedelta(days=90),
        ends_on=today + timedelta(days=275), opened_at=at,
    )  # fmt: skip
    phase = Phase.objects.create(
        plan=plan, code="P1", position=1, title="Phase 1", deliverable="Note", starts_on=plan.starts_on, ends_on=today
    )
    entry = LogEntry.objects.create(
        plan=plan, kind="visit", happened_on=today, title="Visite", visibility="shared", days=1, author=adviser,
        written_at=at,
    )  # fmt: skip
    action = PlanAction.objects.create(
        plan=plan, reference="A1", title="Action 1", project_owner="Commune", ends_on=today
    )
    files = FILES.format(call=world.call.pk, template=world.template.pk, others=plans - 1)
    copy_row(plan, files, uuid="gen_random_uuid()", application_id="s.id")
    rest = REST.replace("{plan}", str(plan.pk))
    days = "(current_date + ((s.plan * 7 + s.i * 31) % 200 - 60)::int)"
    copy_row(phase, rest.format(n=PHASES), plan_id="s.plan", code="'P' || s.i", position="s.i", ends_on=f"{days} + 40",
             starts_on=f"{days} - 60")  # fmt: skip
    copy_row(entry, rest.format(n=ENTRIES), plan_id="s.plan", happened_on=f"{days} - 140")
    each = -(-actions // plans)
    copy_row(
        action, rest.format(n=each), plan_id="s.plan", reference="'A' || s.i", title="'Action ' || s.i", position="s.i",
        ends_on=days,
    )  # fmt: skip
    run("ANALYZE")
    return log_in(adviser)
