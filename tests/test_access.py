"""docs/droits.md, cell by cell: who may open what, at each moment of the procedure, in both tenants."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from portal.core.middleware import LoginRequiredByDefault, public
from tests.access import (  # noqa: F401 - they fill ASKS
    asks,
    asks_entry,
    asks_examination,
    asks_impact,
    asks_life,
    asks_money,
    asks_procedure,
    asks_support,
)
from tests.access.matrix import ROLES, SIGNS, Outcome, Row, Screen, outcome_of, read_rows
from tests.access.scene import ASKS, Ask, Scene, address
from tests.access.stages import MOMENTS
from tests.access.world import World, standing_world
from tests.harness.sql import watch_writes

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("access")]

# Readable without an account. Behind a secret of a mail, the link itself is the proof.
PUBLIC = {
    "landing", "health", "contact", "legal_notice", "personal_data", "accessibility", "site_map", "help", "source_code",
    "document_verify_form", "document_verify", "place_search", "join",
    "join_commune", "institution_logo",
    "publications", "publications_feed", "publication",
    "call_list", "call_page", "call_eligibility", "call_eligibility_of", "call_perimeter", "call_questions", "call_calendar", "call_rules", "call_questions_pdf", "call_laureates", "call_grants", "call_press",
    "call_answers", "call_ask", "call_download", "calls_json", "call_json", "calls_feed", "call_feed",
    "approval_answer", "expertise_answer", "funder_page", "claim_answer", "invitation", "personal_link",
    # Development only: 404 elsewhere.
    "components", "development_login", "development_mails", "development_mail",
}  # fmt: skip
DEVELOPMENT = {"components", "development_login", "development_mails", "development_mail"}
# Their existence is no secret: a stranger may be told why not.
KNOWN_TO_ALL = {
    "application_new", "institution_start", "institution_step", "organisations", "organisation_new", "organisation_edit",
    "organisation_takeover",
}  # fmt: skip
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
    assert {screen.name for _, screen in EVERYTHING} & PUBLIC == {
        "call_page", "call_eligibility", "call_eligibility_of", "call_perimeter",
    }  # fmt: skip


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
    world: World,
    screen: Screen,
    moment: str,
    role: str,
    *,
    stranger: bool = False,
    code: bool = True,
    strict: bool = False,
    **headers: str,
) -> tuple[Outcome, str]:
    """One request on tenant A's object, undone at once; `stranger`: by the same role of tenant B."""
    tenant = world.b if stranger else world.a
    user = None if role == "AN" else world.user(role, tenant)
    scene = Scene(world, world.a, world.a.stages[moment], role, user, screen.method)
    with transaction.atomic():
        asked = ASKS[screen.key](scene)
        path = address(scene, screen.name, asked)
        browser = world.browser(user, stepped_up=code, enforce_csrf_checks=strict)
        outcome = send(browser, screen, path, asked, headers)
        transaction.set_rollback(True)
    for name in ("session", "agreement"):
        if name in scene.stage.more:
            scene.stage.more[name].refresh_from_db()
    return outcome, path


def send(browser: Client, screen: Screen, path: str, asked: Ask, headers: dict[str, str]) -> Outcome:
    written: set[str] = set()
    with watch_writes(lambda table, sql: written.add(table)):
        if screen.method == "GET":
            response = browser.get(path, headers=headers)
        else:
            response = browser.post(path, asked.data, headers=headers)
        return outcome_of(response, screen.method, written, writes=asked.writes)


def faults_of_cell(world: World, row: Row, screen: Screen, moment: str, role: str) -> list[str]:
    """What is wrong with one cell at one moment."""
    told = f"{screen} · {moment} · {role} {row.cells[role]}"
    allowed = row.allows(role, moment)
    outcome, _ = tell(world, screen, moment, role)
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


def walk(world: World, row: Row, screen: Screen) -> Iterator[str]:
    """All the cells of an address, at each of its moments; the other tenant's people at one of them."""
    for moment in row.moments:
        for role in ROLES:
            yield from faults_of_cell(world, row, screen, moment, role)
    for role in OF_B:
        yield from faults_of_stranger(world, row, screen, best_moment(row), role)


def best_moment(row: Row) -> str:
    """A moment at which somebody may act."""
    return next((m for m in row.moments if any(row.allows(role, m) for role in ROLES)), row.moments[0])


OF_B = tuple(role for role in ROLES if role not in ("AN", "AD", "GX"))


@pytest.mark.slow
@pytest.mark.parametrize(("row", "screen"), EVERYTHING, ids=[str(screen) for _, screen in EVERYTHING])
def test_every_cell(world, row, screen):
    assert list(walk(world, row, screen)) == []


def test_the_walk_sees_a_cell_that_is_wrong(world):
    """A refusal written as a right, a right written as a refusal, an act that would ask for no code."""
    (sending,) = [row for row in ROWS if row.screens[0].name == "staff_letters_send"]
    wrong = replace(sending, cells=sending.cells | {"OF": "O", "GE": "·"})
    assert list(walk(world, wrong, sending.screens[0])) == [
        "POST staff_letters_send · décidé · GE · : allowed (302)",
        "POST staff_letters_send · décidé · OF O : refused (403)",
    ]
    (inviting,) = [row for row in ROWS if row.screens[0].name == "call_invite"]
    coded = replace(inviting, cells=inviting.cells | {"GE": "s"}, moments=("ouvert",))
    assert list(walk(world, coded, inviting.screens[0])) == [
        "POST call_invite · ouvert · GE s sans code : allowed (302)"
    ]


# --- a sample of it, for each address: one role that may, two that may not, one of the other tenant ---------------


def least_used(roles: list[str], used: Counter[str], count: int) -> list[str]:
    """The roles met least so far, so that each is met in the end."""
    chosen = sorted(roles, key=lambda role: (used[role], ROLES.index(role)))[:count]
    used.update(chosen)
    return chosen


def sampled() -> Iterator[tuple[Row, Screen, str, list[str], list[str]]]:
    """For each address: its moment, one role that may, two that may not."""
    may, may_not = Counter[str](), Counter[str]()
    for row, screen in EVERYTHING:
        moment = best_moment(row)
        allowed = [role for role in ROLES if row.allows(role, moment)]
        refused = [role for role in ROLES if role not in allowed]
        yield row, screen, moment, least_used(allowed, may, 1), least_used(refused, may_not, 2)


SAMPLE = list(sampled())


def test_a_sample_of_the_cells(world):
    faults = []
    for n, (row, screen, moment, may, may_not) in enumerate(SAMPLE):
        for role in (*may, *may_not):
            faults += faults_of_cell(world, row, screen, moment, role)
        faults += faults_of_stranger(world, row, screen, moment, OF_B[n % len(OF_B)])
    assert faults == []


def test_the_sample_meets_every_role_both_ways():
    assert {role for *_, may, _ in SAMPLE for role in may} == set(ROLES) - {"AN"}
    assert {role for *_, may_not in SAMPLE for role in may_not} == set(ROLES)


@pytest.mark.slow
def test_fragments_obey_the_same_rules(world):
    """The same answer to htmx as to a browser."""
    faults = []
    for _, screen, moment, may, may_not in SAMPLE:
        for role in (*may, *may_not[:1]):
            whole, _ = tell(world, screen, moment, role)
            part, _ = tell(world, screen, moment, role, **{"HX-Request": "true"})
            if (whole.kind, whole.status) != (part.kind, part.status):
                faults.append(f"{screen} · {role} : {whole} puis {part}")
    assert faults == []


# --- within one organisation: who only reads, who holds its mandate ------------------------------------------------

OF_APPLICANTS = [
    (row, screen)
    for row, screen in EVERYTHING
    if any(row.cells[role] != "·" for role in ("CO", "PR", "SI")) and not any(row.cells[r] != "·" for r in ("GE", "JU"))
]
# A mandate opens what a co-applicant opens, but for what one does in one's own name.
IN_ONE_S_OWN_NAME = {"partner_answer", "partner_end"}
# Begun under a mandate, a file needs no invitation; a copy to read is asked of the worker, and changes nothing; the
# access that is ended in the table is the reader's own, and anyone may leave.
# Whoever reads says for themselves that they have read a letter.
ALSO_UNDER_A_MANDATE = {"application_new"}
NO_WRITING = {"application_pdf", "member_end", "application_decision_read"}
# What is asked after the deposit, the commune answers itself.
AFTER_THE_DEPOSIT = {
    "completion", "completion_autosave", "completion_piece", "completion_piece_remove", "messages",
}  # fmt: skip
# It opens files, never what comes of them: agreements, support and publications stay with those who are party to them.
OF_FILES = {pattern.name for pattern in OURS if pattern.callback.__module__.startswith("applications.")}
READABLE_BY_ALL = {
    "application", "application_read", "pieces", "piece", "application_conditions", "piece_download", "partners",
    "application_pdf", "application_deposited", "receipt", "receipt_download", "members",
}  # fmt: skip


def test_a_right_to_read_opens_the_pages_and_writes_nothing(world):
    """Every act that the applicant's side may do, at each of its moments, by a confirmed reader of the lead."""
    faults = []
    for row, screen in OF_APPLICANTS:
        for moment in row.moments:
            outcome, _ = tell(world, screen, moment, "LC")
            if screen.method == "POST" and outcome.kind != "refused" and screen.name not in NO_WRITING:
                faults.append(f"{screen} · {moment} · lecture : {outcome}")
            if screen.name in READABLE_BY_ALL and screen.method == "GET" and row.allows("PR", moment):
                faults += [] if outcome.kind == "allowed" else [f"{screen} · {moment} · lecture : {outcome}"]
    assert faults == []


def test_a_mandate_opens_what_a_co_applicant_writes_and_nothing_more(world):
    faults = []
    for row, screen in OF_APPLICANTS:
        if row.cells["CO"] == "·" and row.cells["SI"] == "O" and screen.name in {"mandate", "members"}:
            continue
        for moment in row.moments:
            outcome, _ = tell(world, screen, moment, "MA")
            allowed = row.allows("CO", moment) and screen.name in OF_FILES - IN_ONE_S_OWN_NAME
            allowed = allowed and not (screen.method == "POST" and screen.name in AFTER_THE_DEPOSIT)
            allowed = allowed or (screen.name in ALSO_UNDER_A_MANDATE and row.allows("PR", moment))
            if (outcome.kind == "allowed") != allowed:
                faults.append(f"{screen} · {moment} · mandat : {outcome}")
    assert faults == []


# --- default doors -----------------------------------------------------------------------------------------------


def test_a_view_that_says_nothing_asks_for_an_account(rf):
    door = LoginRequiredByDefault(lambda request: HttpResponse())
    request = rf.get("/quelque/part/?page=2")
    request.user = AnonymousUser()
    answer = door.process_view(request, lambda request: HttpResponse(), (), {})
    assert answer is not None
    assert (answer.status_code, answer.url) == (302, "/compte/login/?next=%2Fquelque%2Fpart%2F%3Fpage%3D2")
    assert door.process_view(request, public(lambda request: HttpResponse()), (), {}) is None


def test_no_view_escapes_the_protection_of_forms():
    assert [pattern.name for pattern in patterns() if getattr(pattern.callback, "csrf_exempt", False)] == []


def test_no_act_is_done_without_the_token_of_its_form(world):
    """Every POST of the table, by who may do it, without the token: 403, nothing written."""
    faults = []
    for _, screen, moment, may, _ in SAMPLE:
        if screen.method == "POST" and may:
            outcome, _ = tell(world, screen, moment, may[0], strict=True)
            if (outcome.kind, outcome.status) != ("refused", 403) or outcome.written:
                faults.append(f"{screen} · {may[0]} : {outcome} {outcome.written}")
    assert faults == []


def test_development_pages_exist_in_development_only(world, settings):
    settings.DEVELOPMENT_PAGES = False
    paths = [reverse(name) for name in DEVELOPMENT - {"development_mail"}]
    paths.append(reverse("development_mail", args=["00000000-0000-4000-8000-000000000000"]))
    assert {path: world.browser(None).get(path).status_code for path in paths} == dict.fromkeys(paths, 404)
