"""The minutes: every figure from the rows, and the mentions that give them their worth (reliability E13, E16)."""

from datetime import timedelta

import pytest

from juries.documents import minutes_snapshot
from juries.queries import minutes_document
from juries.services.attendance import record_attendance
from juries.services.ballots import settle_without_vote
from juries.services.sessions import close_session
from portal.core.clock import portal_now
from portal.core.outbox import run_jobs
from portal.core.uploads import read_bytes
from tests.factories import HARFLEUR, make_town_hall
from tests.juries.scenes import (
    Scene,
    declare_all,
    hold_ballot,
    join,
    make_file,
    make_scene,
    note_all,
    open_the_session,
    plan_session,
)

pytestmark = pytest.mark.django_db
BOLBEC = ("76114", "217601145", "Bolbec", 0, 11000)


def held_session() -> Scene:
    """Four files examined (one favourable, one tie, one out by its notes, one refused), one set aside, a recusal."""
    scene = make_scene(4, max_selected=1, reserve_size=1)
    aside = make_file(scene.call, HARFLEUR, 9, state="inadmissible")
    aside.transitions.create(
        happened_at=scene.at,
        transition="reject",
        from_state="submitted",
        to_state="inadmissible",
        reason="Travaux commencés",
    )
    join(scene.files[0], make_town_hall(BOLBEC))
    declare_all(scene, {3: {0: "Étude en cours pour la commune"}})
    note_all(scene, (5, 4), (4, 3), (1, 5), (3, 3))
    open_the_session(plan_session(scene))
    record_attendance(
        session=scene.session, seat=scene.holders[7].seat, presence="left", at=scene.at + timedelta(minutes=5)
    )
    first, second, third, fourth = scene.items
    open_and_hold(scene, first, "ppp-pca")
    open_and_hold(scene, second, "pppccca")
    settle_without_vote(item=third, by=scene.president)
    open_and_hold(scene, fourth, "ccccppa")
    close_session(session=scene.session, by=scene.president, at=portal_now())
    return scene


def open_and_hold(scene: Scene, item, choices: str) -> None:
    hold_ballot(scene, item, choices, reason=f"Motif du dossier {item.position}.")


def test_the_snapshot_counts_everything_from_the_rows():
    scene = held_session()
    found = minutes_snapshot(scene.session)
    assert found["session"]["counts"] == {
        "deposited": 5, "set_aside": 1, "examined": 4, "places": 1, "selected": 1, "reserve": 1, "not_selected": 2,
    }  # fmt: skip
    assert [
        (
            v["number"],
            v["recused"],
            v["present"],
            v["quorum"],
            v["voters"],
            v["in_favour"],
            v["against"],
            v["abstentions"],
        )
        for v in found["votes"]
    ] == [
        ("0001", 1, 6, 4, 6, 4, 1, 1),
        ("0002", 0, 7, 4, 7, 3, 3, 1),
        ("0003", 0, 7, 4, 0, 0, 0, 0),
        ("0004", 0, 7, 4, 7, 2, 4, 1),
    ]
    assert [(v["opinion"], v["mark"], v["voted_at"] is None) for v in found["votes"]] == [
        ("Favorable", "", False),
        ("Favorable", "*", False),
        ("Sans vote", "†", True),
        ("Défavorable", "", False),
    ]
    assert [(r["rank"], r["number"], r["final"], r["proposal"]) for r in found["rankings"][0]["ranking"]] == [
        (1, "0001", "100.00", "Retenue"),
        (2, "0002", "82.00", "Liste complémentaire, rang 1"),
    ]
    assert [(r["number"], r["proposal"], r["reason"]) for r in found["reasons"]] == [
        ("0001", "Retenue", "Motif du dossier 1."),
        ("0002", "Liste complémentaire, rang 1", "Motif du dossier 2."),
        ("0004", "Non retenue", "Motif du dossier 4. Avis défavorable du jury."),
        ("0003", "Non retenue", "Note éliminatoire\u00a0: 12,00 points sur «\u202fSanté\u202f», pour 20 au moins."),
    ]
    assert found["set_aside"] == [
        "Candidature TPS-2027-0009, Harfleur, déclarée non recevable : Travaux commencés. Le jury en prend acte sans débat."
    ]
    assert [(r["file"], r["member"], r["reason"]) for r in found["recusals"]] == [
        ("0001, Étretat, Bolbec", "Maire d’Épretot", "Étude en cours pour la commune")
    ]
    assert [m["presence"] for m in found["voting"]] == ["Présent"] * 7
    assert found["advisory"][0]["presence"].startswith("Présent, parti à ")
    assert found["criteria"] == [
        {"code": "C1", "label": "Santé", "maximum": 60},
        {"code": "C2", "label": "Nature", "maximum": 40},
    ]
    assert found["rankings"][0]["scores"][0]["scores"] == ["60.00", "32.00"]


def test_the_document_holds_the_legal_mentions(pdf_text):
    scene = held_session()
    assert run_jobs() == 1
    document = minutes_document(scene.session)
    assert (document.state, document.failure) == ("ready", "")
    text = pdf_text(read_bytes(document.file))
    for mention in (
        "Procès-verbal du jury",
        "Le règlement demande la présence de 4 membres à voix délibérative, déportés exclus.",
        "Étude en cours pour la commune",
        "Candidature TPS-2027-0009, Harfleur, déclarée non recevable : Travaux commencés.",
        "* Partage égal des voix : la voix de la présidence est prépondérante. † Note éliminatoire : aucun vote.",
        "retenir 1 candidature et d’établir une liste complémentaire de 1 candidature",
        "Fait au Havre, le",
        "La présidence du jury",
        "Service Santé",
    ):
        assert mention in text, mention
    assert "lauréat" not in text
