"""With JavaScript off: the public pages, a whole section, a piece, the mayor's sign-off, the vote."""

import re

import pytest
from playwright.sync_api import Page, expect

from applications.models import SectionAnswers
from applications.services.signature import ask_signature
from juries.models import JurySession, SeatHolder, Vote
from juries.services.attendance import record_attendance
from juries.services.ballots import open_ballot
from juries.services.sessions import open_session
from portal.core.clock import portal_now
from portal.core.models import OutboundEmail
from tests.journeys import scenery
from tests.journeys.filing import answers_of
from tests.journeys.look import enter
from tests.journeys.walker import pdf_file

pytestmark = pytest.mark.django_db(transaction=True)
WIDTHS = {"large": (1280, 900), "phone": (390, 844)}


@pytest.fixture(params=WIDTHS)
def page(request: pytest.FixtureRequest, page_without_javascript: Page) -> Page:
    width, height = WIDTHS[request.param]
    page_without_javascript.set_viewport_size({"width": width, "height": height})
    return page_without_javascript


def test_the_public_pages_and_the_way_in(page: Page, live_server) -> None:
    call = scenery.make_real_call(closes_in=19)
    scenery.town_hall("76254")
    page.goto(live_server.url)
    page.get_by_role("link", name=call.title).first.click()
    page.fill("#commune", "etretat")
    page.get_by_role("button", name="Vérifier").click()
    expect(page.locator(".verdict-title")).to_contain_text("Oui, Étretat peut candidater")
    page.get_by_role("link", name="Lire toutes les questions").or_(
        page.get_by_role("link", name="Toutes les questions et les pièces")
    ).first.click()
    expect(page.get_by_text("Quelle est sa surface")).to_be_visible()
    page.goto(f"{live_server.url}/rejoindre/?next=/candidatures/nouvelle/{call.slug}/")
    page.fill("#id_q", "etretat")
    page.get_by_role("button", name="Chercher ma commune").click()
    page.get_by_role("link", name="Étretat", exact=True).click()
    page.fill("#id_email", "agent@exemple.fr")
    page.fill("#id_full_name", "Camille Essai")
    page.fill("#id_role_title", "Secrétaire de mairie")
    page.check("#id_signs_0")
    page.get_by_role("button", name="Recevoir mon code").click()
    mail = OutboundEmail.objects.get(kind="login_code")
    page.fill("#id_code", mail.subject.split()[-1])
    page.get_by_role("button", name="Continuer").click()
    page.get_by_role("button", name="Rejoindre la commune").click()
    page.get_by_role("button", name="Commencer la candidature").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Candidature d’Étretat")


def test_a_whole_section_and_a_piece(page: Page, live_server) -> None:
    call = scenery.make_real_call(closes_in=19)
    application, secretary, _ = scenery.make_draft(call, leave=frozenset({"habitants"}))
    enter(page, live_server.url, secretary)
    page.goto(f"{live_server.url}/candidatures/{application.uuid}/sections/habitants/")
    habitants = answers_of("76254")["habitants"]
    page.get_by_label("Personnes âgées").check()
    page.get_by_label("Comment les associerez-vous").fill(habitants["participation"])
    for question in ("Les habitants ont-ils déjà été consultés", "Souhaitez-vous un diagnostic en marchant"):
        page.get_by_role("group", name=question).get_by_label("Oui").check()
    page.get_by_role("button", name="Enregistrer et continuer").click()
    # The answers have opened two questions: they are asked before one goes on.
    expect(page.locator(".error-summary li")).to_have_count(2)
    page.get_by_label("Comment, et qu’en est-il ressorti").fill(habitants["consultes_detail"])
    page.get_by_label("D’où pourrait-il partir").fill(habitants["diagnostic_depart"])
    page.get_by_role("button", name="Enregistrer et continuer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Avancement et calendrier")
    kept = SectionAnswers.objects.get(application=application, section_code="habitants").values
    assert kept == {**habitants, "publics": ["ages"]}
    page.goto(f"{live_server.url}/candidatures/{application.uuid}/pieces/PLAN_SIT/")
    plan = {"name": "plan.pdf", "mimeType": "application/pdf", "buffer": pdf_file("plan.pdf").read()}
    page.get_by_label("Fichier").set_input_files(plan)
    page.get_by_role("button", name="Joindre", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Pièces")
    assert application.attachments.get(piece_code="PLAN_SIT").file.name == "plan.pdf"


def test_the_mayor_signs_off(page: Page, live_server) -> None:
    call = scenery.make_real_call(closes_in=19)
    application, secretary, mayor = scenery.make_draft(call)
    ask_signature(application=application, signatory=mayor, by=secretary, at=portal_now())
    body = OutboundEmail.objects.get(kind="applications.signature").body
    page.goto(live_server.url + body.partition("https://ami.exemple.fr")[2].split()[0])
    page.get_by_role("button", name="Continuer").click()
    page.get_by_role("link", name="Continuer vers le dépôt").click()
    for box in page.locator("main input[type=checkbox]").all():
        box.check()
    page.get_by_role("button", name="Déposer la candidature").click()
    expect(page.get_by_text(f"TPS-{call.edition}-0001").first).to_be_visible()
    application.refresh_from_db()
    assert (application.state, application.deposits.count()) == ("submitted", 1)


def make_open_ballot() -> tuple[JurySession, SeatHolder]:
    call = scenery.make_real_call(closes_in=-30)
    files = scenery.make_examined(call, "76716")
    holders = scenery.seat_the_jury(call)
    session = scenery.plan_the_session(call, in_days=0)
    scenery.declare_all(holders, files)
    for holder in holders:
        record_attendance(session=session, seat=holder.seat, presence="present", at=portal_now())
    scenery.note(holders[0], files[0], 4, 4, 4, 4, 4, 4)
    open_session(session=session, by=holders[0].user, at=portal_now())
    open_ballot(item=session.items.get(), by=holders[0].user)
    return session, holders[1]


def test_a_member_votes(page: Page, live_server) -> None:
    session, holder = make_open_ballot()
    enter(page, live_server.url, holder.user, code_given=True)
    page.goto(f"{live_server.url}/mes-actions/")
    page.get_by_role("link", name=re.compile("^Voter")).click()
    page.get_by_label("Abstention").check()
    page.get_by_role("button", name="Mettre mon bulletin dans l’urne").click()
    expect(page.get_by_role("heading", name="Votre bulletin est dans l’urne")).to_be_visible()
    assert list(Vote.objects.values_list("seat", "choice")) == [(holder.seat_id, "abstain")]
    page.get_by_role("link", name="Revenir à la séance").click()
    expect(page.get_by_text(re.compile(r"^1\sbulletin\ssur\s9$"))).to_be_visible()
    assert session.items.get().state == "voting"
