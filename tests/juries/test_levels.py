"""Grids without numbers, calls without a grid: levels are said, nothing is added up, the jury votes and orders."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from applications.services.decision import proposal_for
from juries.actions import member_actions
from juries.documents import minutes_snapshot
from juries.due_facts import late_members
from juries.levels import level_refusal, spread
from juries.models import Assessment, FileScore, ProposalLine, Score
from juries.queries import holders_of, minutes_document, ranking_of, spread_of
from juries.queries.letters import score_sheet
from juries.services.assessments import save_notes, save_technical_notes, submit_assessment
from juries.services.sessions import close_session
from portal.core.outbox import run_jobs
from portal.core.rules import Refused
from portal.core.uploads import read_bytes
from tests.juries.clicks import enter, text_of
from tests.juries.scenes import Scene, declare_all, hold_ballot, make_scene, open_the_session, plan_session

LEVELS = [{"code": "A", "label": "fort"}, {"code": "B", "label": "moyen"}, {"code": "C", "label": "faible"}]
WORDS = {"A": "fort", "B": "moyen", "C": "faible"}
django_db = pytest.mark.django_db


def make_levels(files: int = 2, **grid) -> Scene:
    """A call whose grid has three levels, every link declared."""
    scene = make_scene(files, mode="qualitative", **grid)
    scene.call.extras["levels"] = LEVELS
    scene.call.save()
    return declare_all(scene)


def give(scene: Scene, file: int, *levels: tuple[str, str]) -> None:
    """The first voting members choose these levels (C1, C2) and submit."""
    for holder, (first, second) in zip(scene.voters, levels, strict=False):
        application = scene.files[file]
        save_notes(holder=holder, application=application, notes={"C1": first, "C2": second}, comment="", at=scene.at)
        submit_assessment(holder=holder, application=application, at=scene.at)


def vote_on_all(scene: Scene) -> Scene:
    open_the_session(plan_session(scene))
    for item in scene.items:
        hold_ballot(scene, item, "ppppppa", reason=f"Motif {item.position}.")
    return scene


# --- pure ------------------------------------------------------------------------------------------------------------


def test_how_many_chose_each_level():
    [first, second] = spread(WORDS, [("C1", "Santé"), ("C2", "Nature")], [{"C1": "A"}, {"C1": "C"}, {"C1": "A"}])
    assert first.counts == (("fort", 2), ("moyen", 0), ("faible", 1))
    assert (first.sentence, second.sentence) == (
        "fort\u00a0: 2\u00a0avis\u202f; faible\u00a0: 1\u00a0avis",
        "sans avis",
    )


@given(st.lists(st.dictionaries(st.sampled_from(["C1", "C2"]), st.sampled_from("ABC")), max_size=9), st.randoms())
def test_the_order_of_the_sheets_changes_nothing(sheets, random):
    shuffled = sheets[:]
    random.shuffle(shuffled)
    criteria = [("C1", "Santé"), ("C2", "Nature")]
    found = spread(WORDS, criteria, shuffled)
    assert found == spread(WORDS, criteria, sheets)
    assert [sum(n for _, n in row.counts) for row in found] == [sum(c in s for s in sheets) for c in ("C1", "C2")]


def test_what_a_sheet_may_not_say():
    assert level_refusal("A", WORDS) == ""
    assert level_refusal("5", WORDS) == "Choisissez un niveau de la grille\u00a0: fort, moyen, faible."


# --- levels ----------------------------------------------------------------------------------------------------------


@django_db
def test_levels_are_kept_and_no_number_is_invented():
    scene = make_levels()
    give(scene, 0, ("A", "B"), ("A", "C"))
    sheet, row = Assessment.objects.first(), FileScore.objects.get()
    assert (sheet.state, sheet.total) == ("submitted", None)
    assert (row.members, row.base, row.total, row.tie_break, row.knocked_out) == (2, None, None, [], False)
    assert set(Score.objects.values_list("note", "level")) == {(None, "A"), (None, "B"), (None, "C")}
    assert [found.sentence for found in spread_of(scene.files[0])] == [
        "fort\u00a0: 2\u00a0avis",
        "moyen\u00a0: 1\u00a0avis\u202f; faible\u00a0: 1\u00a0avis",
    ]
    assert score_sheet(scene.files[0]) == []


@django_db
def test_a_level_is_of_the_grid_and_each_criterion_has_one():
    scene = make_levels()
    act = {"holder": scene.voters[0], "application": scene.files[0], "at": scene.at}
    for note in ("Z", "5"):
        with pytest.raises(Refused, match="Choisissez un niveau de la grille"):
            save_notes(notes={"C1": note}, comment="", **act)
    save_notes(notes={"C1": "A"}, comment="", **act)
    with pytest.raises(Refused, match="Il reste à noter\u00a0: Nature."):
        submit_assessment(**act)


@django_db
def test_the_database_keeps_a_note_or_a_level_never_both():
    scene = make_levels()
    give(scene, 0, ("A", "B"))
    for values in ({"note": 3}, {"level": ""}):
        with pytest.raises(IntegrityError, match="score_note_or_level"), transaction.atomic():
            Score.objects.update(**values)


@django_db
def test_the_juror_chooses_words_and_the_session_counts_them(client):
    scene = make_levels()
    member, url = scene.voters[1].user, reverse("jury_file", args=[scene.files[0].uuid])
    enter(client, member)
    text = text_of(client.get(url))
    assert all(word in text for word in ("fort", "moyen", "faible", "Aucune note chiffrée"))
    assert "sur 100" not in text
    assert client.post(url, {"note_C1": "A", "note_C2": "B", "act": "submit"}).status_code == 302
    assert client.post(url, {"note_C1": "4"}).status_code == 200
    open_the_session(plan_session(scene))
    board = reverse("jury_session", args=[scene.session.uuid])
    enter(client, scene.president)
    text = text_of(client.get(f"{board}?dossier={scene.items[0].uuid}"))
    assert "fort\u00a0: 1\u00a0avis" in text
    assert "Moyenne du jury" not in text


@django_db
def test_all_favourable_files_are_proposed_without_order_when_there_is_room():
    scene = vote_on_all(make_levels(max_selected=3))
    assert [(row.line.rank, row.line.outcome) for row in ranking_of(scene.session)] == [(None, "selected")] * 2
    close_session(session=scene.session, by=scene.president, at=scene.at)
    assert set(ProposalLine.objects.values_list("rank", "outcome", "score")) == {(None, "selected", None)}
    assert {(line.outcome, line.rank) for line in proposal_for(scene.call).values()} == {("selected", None)}


@django_db
def test_the_jury_gives_the_order_when_places_lack(client):
    scene = make_levels(max_selected=1, reserve_size=1)
    give(scene, 0, ("A", "B"), ("B", "B"))
    vote_on_all(scene)
    url = reverse("jury_close", args=[scene.session.uuid])
    enter(client, scene.president)
    text = text_of(client.get(url))
    assert "Ordre des candidatures" in text
    assert "le jury doit donner l’ordre" in text
    with pytest.raises(Refused, match="donnez leur ordre"):
        close_session(session=scene.session, by=scene.president, at=scene.at)
    first, second = scene.files
    places = {f"place_{first.pk}": "2", f"place_{second.pk}": "1", "reason": "Le second projet est prêt."}
    assert client.post(url, places).status_code == 302
    assert list(scene.session.proposal.order_by("rank").values_list("application", "rank", "outcome")) == [
        (second.pk, 1, "selected"),
        (first.pk, 2, "reserve"),
    ]
    scene.session.refresh_from_db()
    found = minutes_snapshot(scene.session)
    assert (found["mode"], found["results_title"]) == ("qualitative", "Avis et proposition")
    assert [row["spreads"][0]["sentence"] for row in found["levels"]] == [
        "sans avis",
        "fort\u00a0: 1\u00a0avis\u202f; moyen\u00a0: 1\u00a0avis",
    ]
    assert found["rankings"][0]["scores"] == []
    assert found["observations"] == ["Ordre des candidatures : Le second projet est prêt."]


@django_db
def test_the_minutes_of_levels_are_rendered(pdf_text):
    scene = make_levels(max_selected=3)
    give(scene, 0, ("A", "B"))
    vote_on_all(scene)
    close_session(session=scene.session, by=scene.president, at=scene.at)
    run_jobs()
    text = pdf_text(read_bytes(minutes_document(scene.session).file))
    assert "Avis par critère, nombre de membres non déportés pour chaque niveau" in text
    assert "Aucune note n’est calculée" in text
    assert "Notes par critère, moyenne" not in text


# --- no grid ---------------------------------------------------------------------------------------------------------


@django_db
def test_without_a_grid_members_read_and_vote(client):
    scene = declare_all(make_scene(1, mode="none", threshold=None))
    scene.call.criteria.all().delete()
    scene.call.bonuses.all().delete()
    with pytest.raises(Refused, match="Cet appel n’a pas de grille"):
        save_notes(holder=scene.voters[0], application=scene.files[0], notes={"C1": "A"}, comment="", at=scene.at)
    with pytest.raises(Refused, match="Cet appel n’a pas de grille"):
        save_technical_notes(application=scene.files[0], by=scene.manager, notes={}, comment="", at=scene.at)
    enter(client, scene.voters[1].user)
    assert "Cet appel n’a pas de grille" in text_of(client.get(reverse("jury_file", args=[scene.files[0].uuid])))
    assert "Noter" not in text_of(client.get(reverse("jury_home")))
    vote_on_all(scene)
    text = text_of(client.get(reverse("jury_ranking", args=[scene.session.uuid])))
    assert "Aucune note chiffrée" in text
    close_session(session=scene.session, by=scene.president, at=scene.at)
    found = minutes_snapshot(scene.session)
    assert (found["mode"], found["levels"], found["criteria"]) == ("none", [], [])
    assert "Fiches de notation" not in found["annexes"]


@django_db
def test_without_a_grid_nobody_is_asked_for_notes():
    scene = plan_session(declare_all(make_scene(1, mode="none")))
    holder = holders_of(scene.voters[1].user, scene.at).get()
    assert [action.verb for action in member_actions(holder, scene.at)] == ["Voir la séance"]
    from juries.due_facts import due_facts

    assert list(late_members(scene.session, scene.at))
    assert list(due_facts(scene.at)) == []
