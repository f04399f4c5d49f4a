"""The chair: attendance, ballot opened, members who vote on their own screens, ballot closed, next file, minutes."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from applications.models import Application
from juries.models import JurySession, SeatHolder
from juries.services.attendance import record_attendance
from juries.services.ballots import cast_vote
from juries.services.sessions import open_session
from portal.core.clock import portal_now
from portal.core.outbox import run_jobs
from tests.harness.browser import watch
from tests.journeys import scenery
from tests.journeys.look import enter, look

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def other_page(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[Page]:
    """The telephone of a member, beside the chair's screen."""
    context = watch(browser.new_context(**{**browser_context_args, "viewport": {"width": 390, "height": 844}}))
    yield context.new_page()
    context.close()


def make_meeting(*communes: str) -> tuple[JurySession, list[SeatHolder], list[Application]]:
    """A session planned, everyone has declared, three members have noted each file."""
    call = scenery.make_real_call(closes_in=-30)
    files = scenery.make_examined(call, *communes)
    holders = scenery.seat_the_jury(call)
    session = scenery.plan_the_session(call, in_days=0)
    scenery.declare_all(holders, files)
    for holder in holders[:3]:
        for n, file in enumerate(files):
            scenery.note(holder, file, 4, 4, 3, 4, 4 - n, 3)
    return session, holders, files


def test_the_meeting_from_the_attendance_to_the_minutes(any_size_page: Page, other_page: Page, live_server) -> None:
    page = any_size_page
    session, holders, files = make_meeting("76716", "76254")
    enter(page, live_server.url, holders[0].user, code_given=True)
    screen = f"{live_server.url}/jury/seances/{session.uuid}/"
    page.goto(screen)
    look(page)
    page.get_by_role("link", name="Noter les présences").click()
    look(page, picture="presidence-presences", width=1280)
    page.get_by_role("button", name="Tous les titulaires sont là").click()
    page.get_by_role("button", name="Ouvrir la séance").click()
    expect(page.get_by_text("Dossier 1 sur 2")).to_be_visible()
    look(page)
    page.get_by_role("button", name="Ouvrir le scrutin").click()
    expect(page.get_by_text(re.compile(r"0\sbulletin\ssur\s9"))).to_be_visible()
    vote_on_a_phone(other_page, live_server.url, session, holders[1], picture=True)
    expect(page.get_by_text(re.compile(r"1\sbulletin\ssur\s9"))).to_be_visible(timeout=15_000)
    for holder, choice in zip(holders[2:], ["for", "for", "against", "for", "abstain", "for", "for"], strict=True):
        cast_vote(item=session.items.get(application=files[0]), holder=holder, choice=choice)
    page.goto(screen)
    look(page)
    page.get_by_role("button", name="Clore le scrutin").click()
    expect(page.get_by_text("Avis favorable")).to_be_visible()
    look(page, picture="presidence-vote", width=1280)
    page.get_by_label("Motif porté au procès-verbal").fill("Un projet utile à toute la commune, bien préparé.")
    page.get_by_role("button", name=re.compile("Enregistrer, puis Étretat")).click()
    expect(page.get_by_text("Dossier 2 sur 2")).to_be_visible()
    expect(page.get_by_text("Déporté").first).to_be_visible()
    look(page)


def vote_on_a_phone(page: Page, url: str, session: JurySession, holder: SeatHolder, *, picture: bool) -> None:
    enter(page, url, holder.user, code_given=True)
    page.goto(f"{url}/jury/seances/{session.uuid}/")
    page.get_by_role("link", name="Voter", exact=True).click()
    page.get_by_label("Pour", exact=True).check()
    look(page, picture="jury-voter" if picture else "", width=390)
    page.get_by_role("button", name="Mettre mon bulletin dans l’urne").click()
    expect(page.get_by_role("heading", name="Votre bulletin est dans l’urne")).to_be_visible()
    look(page)


def test_from_the_last_file_to_the_signed_minutes(any_size_page: Page, live_server) -> None:
    page = any_size_page
    session, holders, (file,) = make_meeting("76254")
    for holder in holders:
        record_attendance(session=session, seat=holder.seat, presence="present", at=portal_now())
    open_session(session=session, by=holders[0].user, at=portal_now())
    enter(page, live_server.url, holders[0].user, code_given=True)
    screen = f"{live_server.url}/jury/seances/{session.uuid}/"
    page.goto(screen)
    page.get_by_role("button", name="Ouvrir le scrutin").click()
    expect(page.get_by_text(re.compile(r"0\sbulletin\ssur\s8"))).to_be_visible()
    for holder in [*holders[:3], *holders[4:]]:
        cast_vote(item=session.items.get(application=file), holder=holder, choice="for")
    page.get_by_role("button", name="Clore le scrutin").click()
    page.get_by_label("Motif porté au procès-verbal").fill("Réponse précise au vieillissement.")
    page.get_by_role("button", name="Enregistrer le motif").click()
    page.get_by_role("link", name="Clore la séance").click()
    look(page, picture="presidence-classement", width=1280)
    page.get_by_role("button", name="Clore la séance").click()
    expect(page.get_by_text("Le procès-verbal se prépare").first).to_be_visible()
    look(page)
    run_jobs()
    page.goto(f"{screen}proces-verbal/")
    page.get_by_role("button", name="Signer le procès-verbal").click()
    expect(page.get_by_text(re.compile("Signé par la présidence"))).to_be_visible()
    look(page, picture="presidence-proces-verbal", width=1280)
    session.refresh_from_db()
    assert (session.state, session.proposal.count()) == ("signed", 1)
