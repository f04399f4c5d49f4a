"""docs/droits.md, cell by cell: who may open what, at each moment of the procedure, in both tenants."""

from collections.abc import Iterator
from types import ModuleType
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver

from portal.core.middleware import LoginRequiredByDefault
from tests.access.asks import ASKS, Ask, Scene, address
from tests.access.matrix import ROLES, SIGNS, Outcome, Row, Screen, outcome_of, read_rows
from tests.access.stages import MOMENTS
from tests.access.world import World, standing_world
from tests.harness.sql import watch_writes

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("access")]

# Readable without an account. Behind a secret of a mail, the link itself is the proof.
PUBLIC = {
    "landing", "health", "contact", "legal_notice", "personal_data", "accessibility", "site_map", "help", "source_code",
    "document_verify_form", "document_verify", "commune_search", "join", "join_commune", "institution_logo",
    "call_list", "call_page", "call_questions", "call_calendar", "call_rules", "call_questions_pdf", "call_laureates",
    "approval_answer", "claim_answer", "invitation", "personal_link",
    # Development only: 404 elsewhere.
    "components", "development_login", "development_mails", "development_mail",
}  # fmt: skip
DEVELOPMENT = {"components", "development_login", "development_mails", "development_mail"}
# Their existence is no secret: a stranger may be told why not.
KNOWN_TO_ALL = {"application_new", "institution_start", "institution_step"}
STRANGERS = {"AC", "GX"}
ROWS = read_rows()
EVERYTHING = [(row, screen) for row in ROWS for screen in row.screens]


# --- the table and the addresses ---------------------------------------------------------------------------------


def patterns(resolver: URLResolver | None = None) -> Iterator[URLPattern]:
    for entry in (resolver or get_resolver()).url_patterns:
        yield from patterns(entry) if isinstance(entry, URLResolver) else [entry]


def is_of_allauth(pattern: URLPattern) -> bool:
    return pattern.callback.__module__.startswith("allauth.")


OURS = [pattern for pattern in patterns() if not is_of_allauth(pattern)]


def test_every_address_is_public_or_has_its_row_and_every_row_has_its_address():
    names = {pattern.name for pattern in OURS}
    table = {screen.name for _, screen in EVERYTHING}
    assert sorted(names - table - PUBLIC) == []
    assert sorted((table | PUBLIC) - names) == []


def test_the_views_marked_public_are_those_of_the_list():
    marked = {pattern.name for pattern in OURS if getattr(pattern.callback, "is_public", False)}
    assert marked == PUBLIC


def test_public_and_in_the_table_are_only_the_pages_of_a_call_in_preparation():
    assert {screen.name for _, screen in EVERYTHING} & PUBLIC == {"call_page"}


def test_the_table_is_well_written():
    assert len(ROWS) > 90
    for row in ROWS:
        assert set("".join(row.cells.values())) <= set(SIGNS), row.action
        assert set(row.moments) <= set(MOMENTS), row.action
        assert row.possible <= set(row.moments), row.action
    assert {screen.key for _, screen in EVERYTHING} == set(ASKS)
    assert len({str(screen) for _, screen in EVERYTHING}) == len(EVERYTHING)


# --- the walk ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with standing_world(django_db_blocker) as both:
        yield both


def tell(
    world: World, screen: Screen, moment: str, role: str, *, stranger: bool = False, code: bool = True, **headers: str
) -> tuple[Outcome, str]:
    """One request on tenant A's object, undone at once; `stranger`: by the same role of tenant B."""
    tenant = world.b if stranger else world.a
    user = None if role == "AN" else world.user(role, tenant)
    scene = Scene(world, world.a, world.a.stages[moment], role, user, screen.method)
    with transaction.atomic():
        asked = ASKS[screen.key](scene)
        path = address(scene, screen.name, asked)
        outcome = send(world, user, screen, path, asked, code=code, **headers)
        transaction.set_rollback(True)
    for name in ("session", "agreement"):
        if name in scene.stage.more:
            scene.stage.more[name].refresh_from_db()
    return outcome, path


def send(world: World, user: Any, screen: Screen, path: str, asked: Ask, *, code: bool, **headers: str) -> Outcome:
    written: set[str] = set() if asked.writes else {"session"}
    browser = world.browser(user, stepped_up=code)
    with watch_writes(lambda table, sql: written.add(table)):
        if screen.method == "GET":
            response = browser.get(path, headers=headers)
        else:
            response = browser.post(path, asked.data, headers=headers)
        return outcome_of(response, screen.method, written)


def faults_of_cell(world: World, row: Row, screen: Screen, moment: str, role: str) -> list[str]:
    """What is wrong with one cell at one moment."""
    told = f"{screen} · {moment} · {role} {row.cells[role]}"
    allowed = row.allows(role, moment)
    outcome, path = tell(world, screen, moment, role)
    if role == "AN":
        wanted = ("refused", 404) if screen.name in PUBLIC else ("login", 302)
        return [] if (outcome.kind, outcome.status) == wanted else [f"{told} : {outcome}"]
    if allowed and row.asks_for_code(role):
        without, _ = tell(world, screen, moment, role, code=False)
        if without.kind != "code":
            return [f"{told} sans code : {without}"]
    if outcome.kind != ("allowed" if allowed else "refused"):
        return [f"{told} : {outcome}"]
    return [] if allowed else faults_of_refusal(world, screen, role, outcome, told)


def faults_of_refusal(world: World, screen: Screen, role: str, outcome: Outcome, told: str) -> list[str]:
    """A stranger is told 404; nobody refused reads what the tenant keeps to itself."""
    faults = []
    if role in STRANGERS and outcome.status != 404 and screen.name not in KNOWN_TO_ALL:
        faults.append(f"{told} : {outcome.status}, au lieu de 404")
    if role in STRANGERS and world.a.names.private in outcome.body:
        faults.append(f"{told} : la page de refus montre le contenu")
    return faults


def faults_of_stranger(world: World, row: Row, screen: Screen, moment: str, role: str) -> list[str]:
    """The same role of tenant B: what a person unknown to tenant A may do, no more, with nothing of A in the answer."""
    outcome, path = tell(world, screen, moment, role, stranger=True)
    own = not has_object(path, screen)
    allowed = row.allows(role if own else "AC", moment)
    told = f"{screen} · {moment} · {role} de B"
    if outcome.kind != ("allowed" if allowed else "refused"):
        return [f"{told} : {outcome}"]
    faults = [] if allowed else faults_of_refusal(world, screen, "AC", outcome, told)
    return faults + [f"{told} : montre « {word} »" for word in secrets_of(world) if word in outcome.body]


def secrets_of(world: World) -> tuple[str, ...]:
    names = world.a.names
    return (names.private, names.people, names.domain)


def has_object(path: str, screen: Screen) -> bool:
    return bool(get_resolver().resolve(path).captured_kwargs) and screen.name != "institution_step"


def walk(world: World, row: Row, screen: Screen, *, sample: int = 1) -> list[str]:
    """All the cells of an address; with `sample`, one cell out of so many, each row and role turn by turn."""
    faults, n = [], sum(map(ord, str(screen)))
    for moment in row.moments:
        for role in ROLES:
            n += 1
            if n % sample == 0:
                faults += faults_of_cell(world, row, screen, moment, role)
            if (n + sample // 2) % sample == 0 and role not in ("AN", "AD", "GX"):
                faults += faults_of_stranger(world, row, screen, moment, role)
    return faults


@pytest.mark.slow
@pytest.mark.parametrize(("row", "screen"), EVERYTHING, ids=[str(screen) for _, screen in EVERYTHING])
def test_every_cell(world, row, screen):
    assert walk(world, row, screen) == []
