"""What must not be read: another tenant's words, drafts, notes of others, a ballot under way, a decision not told yet.

Two ways to see a leak: a word that stands only in what is hidden; or the same page asked twice while only what is
hidden has changed.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.urls import reverse

from applications.models import Application, DecisionLine, SectionAnswers
from calls.models import CallRole
from juries.models import AgendaItem, Assessment, FileScore, Vote
from portal.accounts.models import Membership
from portal.core.clock import portal_now
from portal.core.models import OutboundEmail, StoredFile
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
from tests.access.canaries import private_models, text_fields
from tests.access.crawl import Page, crawl, open_page, still
from tests.access.matrix import read_rows
from tests.access.scene import ASKS, Scene, address
from tests.access.stages import end_votes, project_title
from tests.access.world import STAFF, Stage, World, standing_world

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("access")]
HIDDEN = "Tuquoque"
TOWN = ("PR", "SI", "LC", "CO", "AC")
EVERYBODY = ("AC", "CO", "PR", "SI", "LC", *STAFF, "JU", "PJ", "JR")


def slow_but(quick: str, roles: Iterable[str]) -> list[Any]:
    """The roles of `quick` in the fast tests, the others in the full ones."""
    return [role if role in quick.split() else pytest.param(role, marks=pytest.mark.slow) for role in roles]


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any, settings_module: Any) -> Iterator[World]:
    with standing_world(django_db_blocker) as both:
        yield both


@pytest.fixture(scope="module")
def settings_module() -> Iterator[None]:
    """The mails of everybody are shown in development only."""
    from django.test import override_settings

    with override_settings(DEVELOPMENT_PAGES=False):
        yield


def pages_with(word: str, pages: dict[str, Page]) -> list[str]:
    return sorted(path for path, page in pages.items() if word in page.body)


TOLD_TO_ALL = ("/laureats/", "/laureats/presse/")


def told_elsewhere(word: str, pages: dict[str, Page]) -> list[str]:
    """The same; the title of a project is public once its commune is told laureate, the rest of its file is not."""
    public = {
        path: replace(page, body=untold(page.body, word)) if path.endswith(TOLD_TO_ALL) else page
        for path, page in pages.items()
    }
    return pages_with(word, public)


def untold(body: str, word: str) -> str:
    """Without what a public decision tells: the titles of the projects, its act in the lead of the press kit."""
    return re.sub(r'<p class="lead">.*?</p>', "", body.replace(project_title(word), ""), flags=re.S)


# --- between tenants ---------------------------------------------------------------------------------------------


def test_every_free_text_bears_the_word_of_its_tenant(world):
    """What the crawl looks for is there to be found, in each tenant."""
    missing = []
    with connection.cursor() as cursor:
        for model in private_models():
            for field in text_fields(model):
                table, column = model._meta.db_table, field.column
                cursor.execute(f'SELECT count(*) FROM "{table}" WHERE "{column}" <> %s', [""])
                filled = cursor.fetchone()[0]
                for word in (world.a.names.private, world.b.names.private):
                    cursor.execute(f'SELECT count(*) FROM "{table}" WHERE "{column}" LIKE %s', [f"%{word}%"])
                    if filled and not cursor.fetchone()[0]:
                        missing.append(f"{table}.{column} {word}")
    assert missing == []


@pytest.mark.parametrize("role", slow_but("PR GE JU", EVERYBODY))
def test_no_page_of_a_tenant_holds_a_word_of_the_other(world, role):
    names = world.a.names
    pages = crawl(world, world.user(role, world.b))
    assert pages_with(world.b.names.private, pages), "the crawl met nothing of its own tenant"
    found = {word: told_elsewhere(word, pages) for word in (names.private, names.people, names.domain)}
    assert found == {names.private: [], names.people: [], names.domain: []}


def test_the_public_pages_hold_no_private_word(world):
    pages = crawl(world, None)
    for names in (world.a.names, world.b.names):
        assert pages_with(names.public, pages)
        assert [told_elsewhere(word, pages) for word in (names.private, names.people, names.domain)] == [[], [], []]


# --- drafts ------------------------------------------------------------------------------------------------------


def hide_in_drafts(world: World) -> None:
    """The word stands in the answers, the file names and the title of the drafts of tenant A."""
    drafts = Application.objects.filter(state="draft", call__owner=world.a.owner)
    assert drafts.count() == 3
    for row in SectionAnswers.objects.filter(application__in=drafts):
        row.values = {code: f"{HIDDEN} {text}" for code, text in row.values.items()}
        row.save(update_fields=["values"])
    files = StoredFile.objects.filter(pk__in=[a.file_id for d in drafts for a in d.attachments.all()])
    files.update(name=f"{HIDDEN}.pdf")
    drafts.update(title=HIDDEN)


@pytest.mark.parametrize("role", slow_but("GE", [*STAFF, "JU", "PJ", "DI"]))
def test_the_content_of_a_draft_is_never_read_by_staff_or_jury(world, role):
    hide_in_drafts(world)
    user = world.user(role)
    call = world.a.stages["ouvert"].call
    starts = [reverse("staff_communes", args=[call.slug]), reverse("staff_communes_export", args=[call.slug])]
    pages = crawl(world, user, starts=[*starts, f"{starts[0]}?q={HIDDEN}"])
    assert [path for path in pages_with(HIDDEN, pages) if HIDDEN not in path] == []
    if role == "GE":
        assert pages[starts[1]].kind.startswith("text/csv")
        assert pages[starts[1]].status == 200
    elif role in STAFF:
        assert open_page(world, user, starts[1]).status == 403, "the manager alone exports"
    draft = reverse("application_read", args=[world.a.stages["ouvert"].file.uuid])
    assert HIDDEN in open_page(world, world.user("PR"), draft).body, "the commune reads its own draft"


# --- the jury ----------------------------------------------------------------------------------------------------


def jury_pages(world: World, role: str, stage: Stage) -> dict[str, str]:
    """All that a person can open about the jury of a call."""
    slug, files = stage.call.slug, (stage.file, stage.rival)
    session = stage.session.uuid
    paths = [
        reverse("my_actions"),
        reverse("jury_home"),
        reverse("jury_declare", args=[slug]),
        reverse("jury_staff", args=[slug]),
        *(reverse("jury_file", args=[file.uuid]) for file in files),
        *(reverse("staff_application", args=[file.uuid]) for file in files),
        *(reverse("technical_assessment", args=[file.uuid]) for file in files),
        *(
            reverse(name, args=[session])
            for name in ("jury_session", "jury_session_state", "jury_vote", "jury_ranking")
        ),
        *(reverse(name, args=[session]) for name in ("jury_close", "jury_attendance", "minutes")),
        *(f"{reverse('jury_session', args=[session])}?dossier={item.uuid}" for item in stage.session.items.all()),
        reverse("decision", args=[slug]),
        reverse("staff_communes", args=[slug]),
    ]
    user = world.user(role)
    pages = {path: open_page(world, user, path) for path in paths}
    assert [page.path for page in pages.values() if page.status >= 500] == []
    return {path: still(page) for path, page in pages.items()}


def changed(world: World, role: str, stage: Stage, act: Callable[[], Any]) -> list[str]:
    """The pages of a person that are no longer the same once `act` is done (then undone)."""
    before = jury_pages(world, role, stage)
    with undone():
        act()
        after = jury_pages(world, role, stage)
    return sorted(path for path in before if before[path] != after[path])


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def without_triggers(model: Any, act: Callable[[], Any]) -> None:
    """Change what the database would refuse to change."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
        act()
        cursor.execute(f'ALTER TABLE "{table}" ENABLE TRIGGER USER')


@pytest.mark.parametrize("role", slow_but("JU GE", ["JU", "PJ", "JR", *STAFF]))
def test_nobody_reads_the_notes_of_others_before_the_session(world, role):
    """Neither the words, nor the notes, nor the mean: no page changes with them."""
    stage = world.a.stages["notation"]
    sheet = Assessment.objects.get(application=stage.file, seat=stage.holders["V4"].seat)
    Assessment.objects.filter(pk=sheet.pk).update(comment=HIDDEN)

    def note_otherwise() -> None:
        sheet.scores.update(note=Decimal(1))
        Assessment.objects.filter(pk=sheet.pk).update(total=Decimal("20.00"), comment="Autre chose")
        FileScore.objects.filter(application=stage.file).update(
            base=Decimal("20.00"), total=Decimal("20.00"), tie_break=[Decimal("12.00")]
        )

    assert changed(world, role, stage, note_otherwise) == []
    assert [path for path, body in jury_pages(world, role, stage).items() if HIDDEN in body] == []


@pytest.mark.parametrize("role", slow_but("JU GE", ["JU", "PJ", "JR", *STAFF]))
def test_nothing_tells_how_an_open_ballot_goes(world, role):
    stage = world.a.stages["séance"]

    def vote_otherwise() -> None:
        without_triggers(Vote, lambda: Vote.objects.filter(item=stage.item).update(choice="against"))

    assert changed(world, role, stage, vote_otherwise) == []


def test_the_pages_of_a_session_do_change_with_what_may_be_seen(world):
    """The comparison can see: one more ballot in the box changes the president's screen."""
    stage = world.a.stages["séance"]

    def one_less() -> None:
        without_triggers(Vote, lambda: Vote.objects.filter(item=stage.item).delete())

    assert reverse("jury_session", args=[stage.session.uuid]) in changed(world, "PJ", stage, one_less)


def score_otherwise(stage: Stage) -> None:
    """Another content, another mean, another count for the file from which JR is recused."""
    FileScore.objects.filter(application=stage.file).update(
        base=Decimal("15.00"), total=Decimal("15.00"), tie_break=[Decimal("9.00")]
    )
    AgendaItem.objects.filter(session=stage.session, application=stage.file).update(
        votes_for=0, votes_against=2, result="unfavourable", reason="Autre motif."
    )


def test_a_recused_member_infers_nothing_before_any_vote(world):
    stage = world.a.stages["notation"]
    assert changed(world, "JR", stage, lambda: score_otherwise(stage)) == []


def test_a_recused_member_infers_nothing_during_the_session(world):
    """The file is voted, the other one too: neither its score, its votes, its reason nor its rank shows through."""
    stage = world.a.stages["séance"]
    with undone():
        end_votes(world.a, stage)
        assert changed(world, "JR", stage, lambda: score_otherwise(stage)) == []
        ranking = reverse("jury_ranking", args=[stage.session.uuid])
        assert ranking in changed(world, "PJ", stage, lambda: score_otherwise(stage))
        assert open_page(world, world.user("JR"), ranking).status == 403


def test_a_recused_member_reads_nothing_of_the_file(world):
    """Its title only: one must know from which file one stands aside."""
    stage = world.a.stages["notation"]
    user = world.user("JR")
    file = reverse("jury_file", args=[stage.file.uuid])
    piece = stage.file.attachments.get(piece_code="PLAN").file_id
    assert [open_page(world, user, file).status] == [403]
    assert open_page(world, user, reverse("piece_download", args=[stage.file.uuid, piece])).status == 404
    home = open_page(world, user, reverse("jury_home")).body
    assert world.a.names.lead[2] in home
    assert file not in home


# --- the decision ------------------------------------------------------------------------------------------------


def decide_otherwise(stage: Stage) -> None:
    lines = DecisionLine.objects.filter(decision=stage.decision, application=stage.file)
    lines.update(outcome="not_selected", rank=None, score=Decimal("12.00"), reason=HIDDEN)


def town_pages(world: World, role: str, stage: Stage) -> dict[str, str]:
    names = (
        "application", "application_read", "pieces", "signature_read", "deposit", "receipt", "application_deposited",
        "application_decision", "application_decision_letter",
    )  # fmt: skip
    files = {"AC": stage.rival}.get(role, stage.file)
    paths = [reverse("my_actions"), reverse("applications"), *(reverse(name, args=[files.uuid]) for name in names)]
    paths += [reverse("support_home"), reverse("clubs"), reverse("call_laureates", args=[stage.call.slug])]
    paths.append(reverse("call_page", args=[stage.call.slug]))
    user = None if role == "AN" else world.user(role)
    return {path: still(open_page(world, user, path)) for path in paths}


@pytest.mark.parametrize("role", ["AN", *TOWN])
def test_a_decision_not_notified_shows_nowhere(world, role):
    stage = world.a.stages["décidé"]
    before = town_pages(world, role, stage)
    with undone():
        decide_otherwise(stage)
        DecisionLine.objects.filter(pk=stage.rival_line.pk).update(outcome="reserve", reason=HIDDEN)
        assert town_pages(world, role, stage) == before
    assert [path for path, body in before.items() if "Motif " in body] == []


def test_a_decision_not_notified_is_not_told_to_the_adviser(world):
    """Who follows the laureates learns their names with everybody, in the table of the communes as elsewhere."""
    stage = world.a.stages["décidé"]
    assert changed(world, "RA", stage, lambda: decide_otherwise(stage)) == []


def test_no_mail_of_a_decision_is_written_before_it_is_sent(world):
    keys = [f"application:{world.a.stages['décidé'].file.uuid}"]
    assert not OutboundEmail.objects.filter(kind="decision_notice", object_key__in=keys).exists()
    told = f"application:{world.a.stages['notifié'].file.uuid}"
    assert OutboundEmail.objects.filter(kind="decision_notice", object_key=told).exists()


# --- rights that end ---------------------------------------------------------------------------------------------


def test_a_role_that_ends_opens_nothing_any_more(world):
    """At the next request, in the same session."""
    stage, user = world.a.stages["déposé"], world.user("OF")
    path = reverse("staff_application", args=[stage.file.uuid])
    assert open_page(world, user, path).status == 200
    CallRole.objects.filter(user=user, call=stage.call).update(ends_at=portal_now())
    assert open_page(world, user, path).status == 404


def test_a_person_who_left_the_commune_reads_nothing_any_more(world):
    stage, user = world.a.stages["ouvert"], world.user("PR")
    path = reverse("application", args=[stage.file.uuid])
    assert open_page(world, user, path).status == 200
    Membership.objects.filter(user=user).update(state="ended", ended_at=portal_now())
    assert open_page(world, user, path).status == 404


def test_a_seat_that_ends_closes_its_files(world):
    stage, user = world.a.stages["notation"], world.user("JU")
    path = reverse("jury_file", args=[stage.file.uuid])
    assert open_page(world, user, path).status == 200
    type(stage.holders["JU"]).objects.filter(pk=stage.holders["JU"].pk).update(ends_at=portal_now())
    assert open_page(world, user, path).status == 404


# A code for oneself, a PDF of what one reads, the rhythm of one's mails, one's own account, a letter that one has read:
# nothing of the file changes.
OWN_ACCOUNT = {"my_account", "address_change", "address_confirm"}
COPIES = {"step_up", "application_pdf", "reminder_rhythm", "application_decision_read"} | OWN_ACCOUNT


def test_a_reader_of_the_commune_writes_nothing(world):
    """Reads what its editor reads; every act that the editor may do is refused."""
    faults = []
    for row in read_rows():
        moment = next((m for m in row.moments if row.allows("PR", m)), None)
        for screen in row.screens if moment else ():
            scene = Scene(world, world.a, world.a.stages[moment], "LC", world.user("LC"), screen.method)
            if screen.method == "POST" and screen.name not in COPIES:
                with undone():
                    asked = ASKS[screen.key](scene)
                    path = address(scene, screen.name, asked)
                    response = world.browser(scene.user).post(path, asked.data)
                    if response.status_code not in (403, 404, 409) and "Location" in response.headers:
                        faults.append(f"{screen} : {response.status_code}")
    assert faults == []
