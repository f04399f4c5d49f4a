"""Once the session is closed: no gap in the ranks, no count, no document lets a recused member guess (issue 7, E5)."""

import pytest
from django.db import transaction
from django.urls import reverse

from applications.models import Decision, DecisionLine
from juries.models import AgendaItem, FileScore, ProposalLine
from juries.queries import untold_files
from juries.services.ballots import open_ballot
from juries.services.sessions import close_session
from portal.core.models import OutboundEmail
from portal.core.outbox import run_jobs
from tests.juries.clicks import enter, text_of
from tests.juries.scenes import Scene, declare_all, hold_ballot, make_scene, note_all, open_the_session, plan_session
from tests.juries.test_secrecy import crawl

pytestmark = pytest.mark.django_db
TIED = 3  # the member recused from the first file


def closed_scene(notes: tuple[int, int], vote: str = "ppp-ppp", *, places: int = 2) -> Scene:
    """Three files voted, one place too few; one member recused from the first."""
    scene = declare_all(make_scene(3, max_selected=places, reserve_size=1), {TIED: {0: "Étude en cours"}})
    note_all(scene, notes, (4, 4), (3, 3))
    open_the_session(plan_session(scene))
    hold_ballot(scene, scene.items[0], vote, reason="Motif canari.")
    for item in scene.items[1:]:
        hold_ballot(scene, item, "ppppppp")
    close_session(session=scene.session, by=scene.president, at=scene.at)
    return scene


def pages_of(client, scene: Scene) -> dict[str, tuple[int, str]]:
    """Every page of the recused member, by address, but those that change with names drawn at random."""
    who = {"recused": scene.holders[TIED].user}
    return {url: (seen[0], seen[2]) for (_, url), seen in crawl(client, scene, who).items()}


def test_no_page_depends_on_the_rank_of_the_file(client):
    """Same rows, other lines of the proposal: first, second, out; nothing differs on any page."""
    scene = closed_scene((5, 5))
    first, second, third = scene.files
    found = []
    for ranks in ({first: 1, second: 2, third: 3}, {second: 1, first: 2, third: 3}, {second: 1, third: 2, first: None}):
        with transaction.atomic():
            for file, rank in ranks.items():
                outcome = "not_selected" if rank is None else "selected" if rank < 3 else "reserve"
                line = ProposalLine.objects.filter(application=file)
                line.update(rank=rank, outcome=outcome, reason=f"Rang {rank}.")
            FileScore.objects.filter(application=first).update(total="99.00" if ranks[first] == 1 else "12.34")
            AgendaItem.objects.filter(application=first).update(votes_for=ranks[first] or 0)
            found.append(pages_of(client, scene))
            transaction.set_rollback(True)
    assert [{url for url in found[0] if found[0][url] != other[url]} for other in found[1:]] == [set(), set()]


def test_the_same_crawl_sees_the_ranks_of_a_member_who_is_not_recused(client):
    scene = closed_scene((5, 5))
    enter(client, scene.holders[1].user)
    page = text_of(client.get(reverse("jury_ranking", args=[scene.session.uuid])))
    assert ("1 Étretat" in page, "Liste complémentaire" in page) == (True, True)


def test_the_ranking_names_every_file_by_number_without_rank(client):
    scene = closed_scene((5, 5))
    enter(client, scene.holders[TIED].user)
    page = text_of(client.get(reverse("jury_ranking", args=[scene.session.uuid])))
    assert [page.index(file.number) for file in scene.files] == sorted(page.index(file.number) for file in scene.files)
    assert not {"Retenue", "Non retenue", "Liste complémentaire"} & set(page.split("  "))
    assert "Motif canari" not in page


def test_a_file_put_off_is_listed_all_the_same(client):
    """Absent from the proposal, its title would say by its absence what became of it."""
    scene = closed_scene((5, 5))
    ProposalLine.objects.filter(application=scene.files[0]).delete()
    enter(client, scene.holders[TIED].user)
    assert scene.files[0].number in text_of(client.get(reverse("jury_ranking", args=[scene.session.uuid])))


def test_the_minutes_open_once_the_results_are_told(client):
    scene = closed_scene((5, 5))
    run_jobs()
    member, url = scene.holders[TIED].user, reverse("minutes_file", args=[scene.session.uuid])
    enter(client, member)
    refused = client.get(url)
    assert refused.status_code == 403
    assert "une fois les décisions notifiées" in text_of(refused)
    page = text_of(client.get(reverse("minutes", args=[scene.session.uuid])))
    assert ("une fois les décisions notifiées" in page, "Télécharger" in page) == (True, False)
    tell(scene)
    assert untold_files(scene.holders[TIED], scene.session) == frozenset()
    assert client.get(url).status_code == 200
    assert "Retenue" in text_of(client.get(reverse("jury_ranking", args=[scene.session.uuid])))


def test_the_others_and_who_signs_read_the_minutes_at_once(client):
    scene = closed_scene((5, 5))
    run_jobs()
    url = reverse("minutes_file", args=[scene.session.uuid])
    for person in (scene.president, scene.holders[1].user, scene.manager):
        enter(client, person)
        assert client.get(url).status_code == 200


def tell(scene: Scene) -> None:
    """The decision is notified."""
    decision = Decision.objects.create(
        call=scene.call, body="Bureau", act_number="1", act_on=scene.session.held_on,
        recorded_at=scene.at, recorded_by=scene.manager, notified_at=scene.at, notified_by=scene.manager,
    )  # fmt: skip
    DecisionLine.objects.bulk_create(
        DecisionLine(decision=decision, application=file, outcome="selected", reason="Retenue.") for file in scene.files
    )


# --- channels -----------------------------------------------------------------------------------------------------


def test_the_state_that_a_page_asks_for_counts_no_ballot_of_the_file(client):
    scene = declare_all(make_scene(1), {TIED: {0: "Étude en cours"}})
    note_all(scene, (4, 3))
    open_the_session(plan_session(scene))
    from juries.services.ballots import cast_vote

    item, url = scene.items[0], reverse("jury_session_state", args=[scene.session.uuid])
    open_ballot(item=item, by=scene.president)
    told = []
    for voter in (scene.voters[0], scene.voters[1]):
        cast_vote(item=item, holder=voter, choice="for")
        states = [enter(client, scene.holders[n].user).get(url).json()["state"] for n in (TIED, 1)]
        told.append(states)
    (recused_1, other_1), (recused_2, other_2) = told
    assert (recused_1 == recused_2, other_1 == other_2) == (True, False)


def test_no_mail_and_no_page_title_tells_the_file(client):
    """Everything written to the recused member from the convocation on, and the titles of the pages they are refused."""
    from juries.services.sessions import convene

    scene = declare_all(make_scene(2), {TIED: {0: "Étude en cours"}})
    convene(session=plan_session(scene).session, at=scene.at)
    member = scene.holders[TIED].user
    mails = list(OutboundEmail.objects.filter(recipient=member.email).values_list("subject", "body", "html"))
    assert len(mails) == 1
    assert not [part for part in mails[0] if scene.files[0].title in part or scene.files[0].number in part]
    assert "1 candidature" in mails[0][1].replace("\u00a0", " ")
    enter(client, member)
    for name in ("jury_file", "jury_recuse"):
        page = client.get(reverse(name, args=[scene.files[0].uuid])).content.decode()
        title = page.partition("<title>")[2].partition("</title>")[0]
        assert scene.files[0].lead.commune.name not in title


def test_counts_of_the_home_page_leave_the_file_out(client):
    """Whether the others noted it or not, the recused member counts the same."""
    scene = declare_all(make_scene(2), {TIED: {0: "Étude en cours"}})
    enter(client, scene.holders[TIED].user)
    pages = [text_of(client.get(reverse("jury_home")))]
    note_all(scene, (5, 5), (4, 4), members=3)
    pages.append(text_of(client.get(reverse("jury_home"))))
    assert pages[0] == pages[1]
    assert "0 dossier noté sur 1" in pages[0].replace("\u00a0", " ")
