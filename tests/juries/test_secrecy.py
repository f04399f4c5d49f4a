"""While a ballot is open nothing on any page depends on what is in the box (reliability E3, E10)."""

import re
from typing import Any

import pytest
from django.db import connection, reset_queries, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from calls.models import Ranking
from juries.models import AgendaItem, FileScore
from juries.services.ballots import cast_vote, close_ballot, open_ballot, record_reason
from tests.factories import make_institution, make_member, make_role, make_user
from tests.harness import caches
from tests.juries.clicks import enter, text_of
from tests.juries.scenes import (
    Scene,
    declare_all,
    make_open_session,
    make_scene,
    note_all,
    open_the_session,
    plan_session,
)

pytestmark = pytest.mark.django_db

RANDOM = re.compile(r'(name="csrfmiddlewaretoken" value="[^"]*")|(nonce="[^"]*")')


def people(scene: Scene) -> dict[str, Any]:
    """Everyone who may look, and those who may not."""
    roles = {name: make_role(scene.call, name) for name in ("officer", "reader", "adviser", "secretary")}
    return {
        "president": scene.president,
        "voted": scene.holders[1].user,
        "not voted": scene.holders[6].user,
        "recused": scene.holders[3].user,
        "advisory": scene.holders[7].user,
        "manager": scene.manager,
        **roles,
        "commune": make_member(scene.files[0].lead, "signatory"),
        "stranger": make_user(),
        "other organiser": make_member(make_institution("243100518", "Toulouse Métropole", "toulouse"), "manager"),
    }


def addresses(scene: Scene) -> list[str]:
    session = [scene.session.uuid]
    pages = [
        reverse(name, args=session) for name in ("jury_vote", "jury_ranking", "minutes", "minutes_file", "jury_close")
    ]
    pages += [reverse("jury_session_state", args=session), reverse("jury_attendance", args=session)]
    pages += [reverse(name, args=session) for name in ("jury_display", "jury_agenda", "minutes_draft")]
    pages.append(reverse("jury_hands", args=[scene.session.uuid, scene.items[0].uuid]))
    board = reverse("jury_session", args=session)
    pages += [board, *[f"{board}?dossier={item.uuid}" for item in scene.items]]
    pages += [
        reverse(name, args=[scene.files[0].uuid]) for name in ("jury_file", "technical_assessment", "staff_application")
    ]
    pages += [reverse(name, args=[scene.call.slug]) for name in ("jury_staff", "staff_communes", "decision")]
    return [*pages, reverse("jury_home"), reverse("my_actions")]


def crawl(client, scene: Scene, everyone: dict[str, Any]) -> dict[tuple[str, str], tuple[int, int, str]]:
    """(who, address) → status, number of queries, page without what is random in it."""
    seen = {}
    caches.forget()  # a map drawn by the first crawl would save the second one its queries
    for who, user in everyone.items():
        enter(client, user)
        for address in addresses(scene):
            reset_queries()
            with CaptureQueriesContext(
                connection,
            ) as queries:
                page = client.get(address)
            body = RANDOM.sub("", page.content.decode(errors="replace"))
            seen[who, address] = (page.status_code, len(queries), body)
    return seen


def test_no_page_of_anyone_depends_on_the_votes_of_an_open_ballot(client):
    scene = make_open_session(files=2, links={3: {0: "Étude en cours"}})
    everyone = people(scene)
    item = scene.items[0]
    open_ballot(item=item, by=scene.president)
    crawled = []
    for choices in (["for"] * 4, ["against", "against", "abstain", "for"]):
        with transaction.atomic():
            voters = [scene.voters[i] for i in (0, 1, 2, 4)]
            for holder, choice in zip(voters, choices, strict=True):
                cast_vote(item=item, holder=holder, choice=choice)
            crawled.append(crawl(client, scene, everyone))
            transaction.set_rollback(True)
    first, second = crawled
    assert {key for key in first if first[key] != second[key]} == set()
    counts = {
        who: body.count("4\u00a0bulletins sur 6")
        for (who, url), (_, _, body) in first.items()
        if url.endswith(f"{item.uuid}")
    }
    seen_by = {who for who, n in counts.items() if n}
    assert seen_by == {"president", "voted", "not voted", "advisory", "manager", "secretary"}


def test_the_crawl_would_see_a_closed_ballot(client):
    """The test above can fail: once closed, the same pages differ."""

    scene = make_open_session(files=1)
    item, found = scene.items[0], []
    for choice in ("for", "against"):
        with transaction.atomic():
            open_ballot(item=item, by=scene.president)
            cast_vote(item=item, holder=scene.voters[1], choice=choice)
            close_ballot(item=item, by=scene.president)
            enter(client, scene.holders[2].user)
            found.append(text_of(client.get(reverse("jury_session", args=[scene.session.uuid]))))
            transaction.set_rollback(True)
        item.refresh_from_db()
    assert found[0] != found[1]


def test_nobody_reads_the_scores_of_others_before_the_session(client):
    """E10: pages of every role, with two sets of notes by another member: no difference before the session opens."""
    crawled = []
    scene = plan_session(declare_all(make_scene(1)))
    everyone = people(scene)
    del everyone["not voted"]
    author = scene.voters[6]
    everyone = {who: user for who, user in everyone.items() if user != author.user}
    from juries.services.scores import refresh_score
    from tests.juries.scenes import write_sheet

    first, second = scene.call.criteria.order_by("position")
    for c1, c2 in ((5, 5), (0, 0)):
        with transaction.atomic():
            write_sheet(scene.files[0], author, {first: c1, second: c2}, scene.at)
            refresh_score(application=scene.files[0], at=scene.at)
            crawled.append(crawl(client, scene, everyone))
            transaction.set_rollback(True)
    assert {key for key in crawled[0] if crawled[0][key] != crawled[1][key]} == set()
    enter(client, author.user)
    note_all(scene, (4, 3), members=7)
    assert "82 sur 100" in text_of(client.get(reverse("jury_home")))


def test_nothing_of_a_file_reaches_its_recused_member_by_another_ranking(client):
    """Session open, ballots closed: score, rank and even its ranking may change, the recused member reads the same."""
    scene = declare_all(make_scene(3, 7), {3: {0: "Étude en cours"}})
    nobody = {"kind": "applicant", "kinds": ["region"]}
    Ranking.objects.create(call=scene.call, code="A", label="Régions", position=1, condition=nobody)
    note_all(scene, *[(4, 3)] * 3)
    open_the_session(plan_session(scene))
    for item in scene.items:
        open_ballot(item=item, by=scene.president)
        for i in (0, 1, 2, 4):
            cast_vote(item=item, holder=scene.voters[i], choice="for")
        close_ballot(item=item, by=scene.president)
        record_reason(item=item, reason=f"Motif {item.position}.")
    recused = {"recused": scene.holders[3].user}
    score, crawled = FileScore.objects.filter(application=scene.files[0]), []
    for total, ranking, result in (("95.00", "", "favourable"), ("51.00", "A", "unfavourable"), ("72.00", "", "tied")):
        with transaction.atomic():
            score.update(total=total, base=total, tie_break=[total], ranking=ranking)
            even = {"votes_for": 2, "votes_against": 2} if result == "tied" else {}
            AgendaItem.objects.filter(pk=scene.items[0].pk).update(result=result, **even)
            crawled.append({key: value[::2] for key, value in crawl(client, scene, recused).items()})
            transaction.set_rollback(True)
    first, *others = crawled
    assert [{key for key in first if first[key] != other[key]} for other in others] == [set(), set()]
