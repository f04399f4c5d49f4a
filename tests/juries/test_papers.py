"""The papers of a session: what each says and does not say; minutes as they stand; erratum of signed ones (E13)."""

from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.db import DatabaseError, transaction
from django.urls import reverse

from applications.models import Decision, DecisionLine
from juries.documents import minutes_draft
from juries.documents.papers import PAPERS, session_numbers
from juries.models import Erratum, Minutes
from juries.queries import latest_document, minutes_document, paper_number
from juries.services.attendance import record_attendance
from juries.services.ballots import cast_vote, open_ballot
from juries.services.papers import issue_erratum, produce_paper
from juries.services.sessions import close_session, sign_minutes
from portal.accounts.models import User
from portal.core.clock import portal_now
from portal.core.outbox import run_jobs
from portal.core.rules import Refused
from portal.core.uploads import place_of, read_bytes
from tests.factories import make_role
from tests.juries.clicks import enter, text_of
from tests.juries.scenes import (
    Scene,
    declare_all,
    hold_ballot,
    make_open_session,
    make_scene,
    note_all,
    open_the_session,
    plan_session,
)

pytestmark = pytest.mark.django_db


NAMES = [f"Camille Confidence-{letter}" for letter in "ABCDEFGH"]


def closed() -> Scene:
    """Three files: selected, in reserve, not selected (100, 82 and 64 points; the last one refused by vote)."""
    scene = declare_all(make_scene(3, max_selected=1, reserve_size=1), {3: {0: "Étude en cours"}})
    for holder, name in zip(scene.holders, NAMES, strict=True):
        User.objects.filter(pk=holder.user_id).update(full_name=name)
    note_all(scene, (5, 5), (4, 3), (3, 3))
    open_the_session(plan_session(scene))
    for item, choices in zip(scene.items, ("ppp-ppp", "pppppcc", "ccccccp"), strict=True):
        hold_ballot(scene, item, choices, reason=f"Motif {item.position}.")
    close_session(session=scene.session, by=scene.president, at=portal_now())
    return scene


def produced(scene: Scene, code: str, pdf_text) -> str:
    produce_paper(session=scene.session, paper=PAPERS[code], at=portal_now())
    run_jobs()
    document = latest_document(paper_number(scene.session, code))
    assert (document.state, document.failure) == ("ready", "")
    return pdf_text(read_bytes(document.file))


def test_the_sheet_to_sign_has_a_line_for_each_seat(pdf_text):
    scene = plan_session(declare_all(make_scene(2)))
    record_attendance(session=scene.session, seat=scene.holders[0].seat, presence="present", at=scene.at)
    text = produced(scene, "FE", pdf_text)
    assert "Feuille d’émargement" in text
    for holder in scene.holders:
        assert holder.seat.label.split()[0] in text
    assert "Signature" in text
    for code in ("VN", "FN", "PD", "RJ"):
        with pytest.raises(Refused, match="une fois la séance close"):
            produce_paper(session=scene.session, paper=PAPERS[code], at=portal_now())


def test_each_annex_says_who_voted_and_noted_what(pdf_text):
    scene = closed()
    votes = produced(scene, "VN", pdf_text)
    assert votes.count("Contre") == 8
    assert votes.count("depuis son appareil") == 6 + 7 + 7
    notes = produced(scene, "FN", pdf_text)
    assert "Notes des membres" in notes
    sheet = produced(scene, "FE", pdf_text)
    assert [name for name in NAMES if name not in sheet.replace("- ", "-")] == []
    assert "100,00" in notes


def test_the_draft_act_names_each_file_where_it_stands(pdf_text):
    scene = closed()
    scene.call.extras["decision"] = {"act": "board_resolution", "authority": "Bureau communautaire"}
    scene.call.save(update_fields=["extras"])
    scene.session.refresh_from_db()
    text = produced(scene, "PD", pdf_text)
    assert "Projet de délibération du bureau" in text
    first, second, third = (text.index(f"Article {n}.") for n in (1, 2, 3))
    assert first < text.index("Étretat") < second < text.index("Le Tilleul") < third < text.index("Bénouville")
    assert "Le bureau, après en avoir délibéré, décide" in text


def test_the_public_report_waits_for_the_notices_and_tells_no_secret(pdf_text):
    scene = closed()
    with pytest.raises(Refused, match="une fois toutes les décisions notifiées"):
        produce_paper(session=scene.session, paper=PAPERS["RJ"], at=portal_now())
    notify(scene)
    text = produced(scene, "RJ", pdf_text)
    for told in ("Étretat", "Le Tilleul", "1 candidature n’a pas été retenue", "1 déport a été constaté"):
        assert told in text.replace("\u00a0", " "), told
    secrets = ["Bénouville", "Motif 3", "Étude en cours", "100,00", "82,00", "Pour", "Contre"]
    secrets += NAMES
    assert [word for word in secrets if word in text] == []


def notify(scene: Scene) -> None:
    """The decision follows the proposal, and everyone has been told."""
    at = portal_now()
    decision = Decision.objects.create(
        call=scene.call, body="Bureau", act_kind="délibération", act_number="1", act_on=at.date(),
        recorded_by=scene.manager, recorded_at=at, notified_at=at, notified_by=scene.manager,
    )  # fmt: skip
    for line in scene.session.proposal.all():
        DecisionLine.objects.create(
            decision=decision, application=line.application, outcome=line.outcome, rank=line.rank, reason="Motif."
        )


def test_a_paper_is_not_asked_twice_at_once_then_has_versions(client):
    scene = closed()
    enter(client, make_role(scene.call, "secretary"))
    ask = reverse("jury_paper_ask", args=[scene.session.uuid, "VN"])
    client.post(ask)
    assert client.post(ask).status_code == 403
    file = reverse("jury_paper_file", args=[scene.session.uuid, "VN"])
    assert client.get(file).status_code == 404
    run_jobs()
    assert client.get(file).content[:5] == b"%PDF-"
    client.post(ask)
    run_jobs()
    page = text_of(client.get(reverse("jury_papers", args=[scene.session.uuid])))
    assert "VN-TPS-2027-1, version 2" in page
    assert session_numbers(scene.session)[:2] == ["PV-TPS-2027-1", "FE-TPS-2027-1"]
    enter(client, scene.holders[1].user)
    assert client.get(file).status_code == 403, "a member reads no nominal annex"


# --- the minutes as they stand -------------------------------------------------------------------------------------


def test_the_preview_shows_what_is_written_and_nothing_of_an_open_ballot(client):
    scene = make_open_session(3, links={0: {2: "Étude en cours"}})
    first, second, third = scene.items
    hold_ballot(scene, first, "ppppppc", reason="Projet utile.")
    open_ballot(item=second, by=scene.president)
    cast_vote(item=second, holder=scene.voters[2], choice="against")
    enter(client, make_role(scene.call, "secretary"))
    page = client.get(reverse("minutes_draft", args=[scene.session.uuid]))
    text = text_of(page)
    assert "Projet utile." in text
    assert [row["number"] for row in page.context["draft"]["votes"]] == ["0001"]
    assert page.context["draft"]["waiting"] == 2
    enter(client, scene.president)
    mine = client.get(reverse("minutes_draft", args=[scene.session.uuid]))
    assert "Bénouville" not in text_of(mine), "the file from which one is recused is left out"
    assert minutes_draft(scene.session, hidden=frozenset({third.application_id}))["waiting"] == 1
    enter(client, scene.holders[1].user)
    assert client.get(reverse("minutes_draft", args=[scene.session.uuid])).status_code == 403


# --- signed minutes never change -----------------------------------------------------------------------------------


def signed() -> Scene:
    scene = closed()
    run_jobs()
    sign_minutes(session=scene.session, by=scene.president, at=portal_now())
    return scene


def test_signed_minutes_that_were_altered_are_handed_to_nobody(client):
    """The file, then its row (E13): what was signed is what its fingerprint says."""
    scene = signed()
    document = minutes_document(scene.session)
    url = reverse("minutes_file", args=[scene.session.uuid])
    enter(client, scene.president)
    assert client.get(url).status_code == 200
    for act in (
        lambda: Minutes.objects.update(number="PV-FAUX"),
        lambda: Minutes.objects.all().delete(),
        lambda: type(document).objects.filter(pk=document.pk).update(sha256="0" * 64),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    path = Path(default_storage.path(place_of(document.file.key)))
    path.chmod(0o600)
    path.write_bytes(path.read_bytes().replace(b"%PDF-", b"%PDF+", 1))
    refused = client.get(url)
    assert refused.status_code == 403
    assert "ne correspond plus à son empreinte" in text_of(refused)


def test_an_erratum_has_its_own_number_and_leaves_the_minutes_alone(client, pdf_text):
    scene = signed()
    before = minutes_document(scene.session).sha256
    enter(client, scene.president)
    url = reverse("minutes_erratum", args=[scene.session.uuid])
    assert "Écrivez ce que l’erratum corrige." in text_of(client.post(url, {"text": " "}))
    client.post(url, {"text": "Page 2, lire « 6 voix »."})
    run_jobs()
    row = Erratum.objects.get()
    assert (row.document.number, row.document.state) == ("PV-TPS-2027-1-E1", "ready")
    told = pdf_text(read_bytes(row.document.file))
    assert "Page 2, lire « 6 voix »." in told.replace("\u202f", " ").replace("\u00a0", " ")
    assert minutes_document(scene.session).sha256 == before
    page = text_of(client.get(reverse("minutes", args=[scene.session.uuid])))
    assert "Erratum n° 1" in page.replace("\u00a0", " ")
    pdf = client.get(reverse("minutes_erratum_file", args=[scene.session.uuid, 1]))
    assert pdf.content[:5] == b"%PDF-"
    with pytest.raises(Refused, match="Seule la présidence"):
        issue_erratum(session=scene.session, by=scene.holders[1].user, text="Autre.", at=portal_now())


def test_minutes_that_are_not_signed_have_no_erratum():
    scene = closed()
    with pytest.raises(Refused, match="n’est pas signé"):
        issue_erratum(session=scene.session, by=scene.president, text="Texte.", at=portal_now())
