"""Rankings apart, from the notes to the letters: each file in its own, everything recomputed from the raw rows."""

from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications.documents.notices import not_selected_body, rank_sentence, reserve_body, selected_body
from applications.models import DecisionLine
from applications.rankings import places_of, ranking_code_of, ranking_codes
from applications.services.decision import Line, problems, proposal_for, record_decision
from applications.services.notices import round_of
from calls.models import Call, Criterion, JuryRules, Ranking, Track
from juries.documents import minutes_snapshot
from juries.models import FileScore, Score
from juries.queries import file_result, grid_rules, minutes_document, ranking_of
from juries.scoring import scaling_sentence
from juries.services.assessments import save_technical_notes, submit_technical
from juries.services.scores import refresh_score
from juries.services.sessions import close_session
from portal.core.calendar import day_of
from portal.core.outbox import run_jobs
from portal.core.uploads import read_bytes
from tests.factories import make_role
from tests.juries.clicks import enter, text_of
from tests.juries.scenes import Scene, declare_all, hold_ballot, make_scene, note_all, open_the_session, plan_session

pytestmark = pytest.mark.django_db
NOTES = ((4, 4), (4, 3), (5, 1), (3, 4), (3, 3), (2, 4))


def set_apart(scene: Scene) -> Scene:
    """Two tracks, the files turn by turn in each; a ranking for each, with its own places and threshold."""
    call = scene.call
    tracks = [
        Track.objects.create(call=call, code=c, position=n, label=c.title())
        for n, c in enumerate(("ETUDES", "TRAVAUX"))
    ]
    for n, file in enumerate(scene.files):
        file.track = tracks[n % 2]
        file.save(update_fields=["track"])
    apart = {"call": call, "max_selected": 1, "reserve_size": 1}
    for n, (code, label, threshold) in enumerate((("E", "Volet études", 60), ("T", "Volet travaux", None))):
        condition = {"kind": "track", "codes": [tracks[n].code]}
        Ranking.objects.create(code=code, label=label, position=n, condition=condition, threshold=threshold, **apart)
    return scene


def apart_scene(files: int = 6) -> Scene:
    return set_apart(make_scene(files, max_selected=4, reserve_size=4))


def held(scene: Scene, notes=NOTES) -> Scene:
    """Noted, voted, closed."""
    declare_all(scene)
    note_all(scene, *notes[: len(scene.files)])
    open_the_session(plan_session(scene))
    for item in scene.items:
        hold_ballot(scene, item, "ppppppa", reason=f"Motif {item.position}.")
    return scene


def closed(scene: Scene, **settled) -> Scene:
    close_session(session=scene.session, by=scene.president, at=scene.at, **settled)
    return scene


def reference(scene: Scene) -> dict[str, list[int]]:
    """The files of each ranking, best first, from the raw notes alone: no code of the portal."""
    points = {c.pk: Fraction(c.points, 5) for c in scene.call.criteria.all()}
    sheets: dict[int, dict[int, Fraction]] = defaultdict(lambda: defaultdict(Fraction))
    for row in Score.objects.select_related("assessment"):
        sheets[row.assessment.application_id][row.assessment_id] += points[row.criterion_id] * Fraction(row.note)
    found: dict[str, list[tuple[Fraction, int]]] = defaultdict(list)
    for file in scene.files:
        mean = sum(sheets[file.pk].values(), Fraction(0)) / len(sheets[file.pk])
        total = min(mean + 10, Fraction(100))
        found["E" if file.track.code == "ETUDES" else "T"].append((-total, file.pk))
    return {code: [pk for _, pk in sorted(rows)] for code, rows in found.items()}


def test_the_session_ranks_each_apart_and_the_minutes_say_so(pdf_text):
    scene = closed(held(apart_scene()))
    expected = reference(scene)
    lines = list(scene.session.proposal.all())
    for code in ("E", "T"):
        ranked = sorted((x for x in lines if x.ranking == code and x.rank), key=lambda x: x.rank)
        assert [x.application_id for x in ranked] == expected[code][: len(ranked)]
        assert [(x.rank, x.outcome) for x in ranked] == [(1, "selected"), (2, "reserve")]
    found = minutes_snapshot(scene.session)
    assert [(r["label"], r["threshold"], len(r["scores"]), len(r["ranking"])) for r in found["rankings"]] == [
        ("Volet études", "60.00", 3, 2),
        ("Volet travaux", "50", 3, 2),
    ]
    assert found["session"]["counts"]["places"] == 2
    assert found["proposal"][0] == "Volet études : 1\u00a0retenue, 1 en liste complémentaire, 1\u00a0non retenue."
    run_jobs()
    text = pdf_text(read_bytes(minutes_document(scene.session).file))
    assert "Tableau 6.1. Classement arrêté par le jury, Volet études" in text
    assert "Tableau 6.2. Classement arrêté par le jury, Volet travaux" in text


def test_every_stored_score_is_what_the_raw_notes_give():
    """`base` is the mean of the members over the points of each criterion, rounded once."""
    scene = held(apart_scene())
    points = {c.pk: c for c in scene.call.criteria.all()}
    for row in FileScore.objects.select_related("application"):
        notes = defaultdict(list)
        for score in Score.objects.filter(assessment__application=row.application):
            notes[score.criterion_id].append(Fraction(score.note))
        per = {pk: Fraction(points[pk].points, 5) * sum(given) / len(given) for pk, given in notes.items()}
        cents = Decimal(str(float(sum(per.values())))).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
        first = next(pk for pk, c in points.items() if c.code == "C1")
        assert (row.base, row.total, row.tie_break) == (cents, min(cents + 10, Decimal(100)), [Decimal(per[first].numerator) / per[first].denominator])  # fmt: skip
        assert row.ranking == ranking_code_of(row.application)


def test_a_file_is_in_the_first_ranking_whose_condition_holds_else_in_none():
    scene = apart_scene(3)
    first, second, third = scene.files
    Ranking.objects.create(
        call=scene.call, code="A", label="Communes", position=9, condition={"kind": "applicant", "kinds": ["commune"]}
    )
    third.track = None
    third.save()
    call = Call.objects.get(pk=scene.call.pk)
    assert ranking_codes(call, call.applications.order_by("pk")) == {first.pk: "E", second.pk: "T", third.pk: "A"}
    Ranking.objects.filter(code="A").delete()
    assert ranking_code_of(call.applications.get(pk=third.pk)) == "A"  # read once for the same call
    call = Call.objects.get(pk=scene.call.pk)
    assert ranking_code_of(call.applications.get(pk=third.pk)) == ""
    assert [(p.code, p.label, p.max_selected) for p in places_of(call).values()] == [
        ("E", "Volet études", 1), ("T", "Volet travaux", 1), ("", "Autres candidatures", 4),
    ]  # fmt: skip


def test_the_rankings_of_many_files_cost_the_same(django_assert_max_num_queries):
    scene = apart_scene(6)
    counts = []
    for n in (2, 6):
        call = Call.objects.get(pk=scene.call.pk)
        with CaptureQueriesContext(connection) as captured:
            assert len(ranking_codes(call, call.applications.order_by("pk").select_related("lead")[:n])) == n
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_the_screens_show_each_ranking_apart(client):
    scene = held(apart_scene(4))
    enter(client, scene.president)
    for name in ("jury_ranking", "jury_close"):
        text = text_of(client.get(reverse(name, args=[scene.session.uuid])))
        assert "Volet études" in text
        assert "1\u00a0place, 1 en liste complémentaire\u202f; seuil de 60\u00a0points." in text
    assert [(row.line.ranking, row.line.rank) for row in ranking_of(scene.session)] == [
        ("E", 1), ("E", 2), ("T", 1), ("T", 2),
    ]  # fmt: skip


def test_a_tie_is_settled_inside_its_ranking(client):
    """The same total in both rankings is no tie; two equal files of one ranking are."""
    scene = held(apart_scene(4), ((4, 4), (4, 4), (4, 4), (3, 3)))
    tied = [row for row in ranking_of(scene.session) if row.line.must_settle]
    assert {row.item.application_id for row in tied} == {scene.files[0].pk, scene.files[2].pk}
    enter(client, scene.president)
    url = reverse("jury_close", args=[scene.session.uuid])
    assert "Rang 1 à égalité, Volet études" in text_of(client.get(url))
    places = {f"place_{scene.files[2].pk}": "1", f"place_{scene.files[0].pk}": "2", "reason": "Le projet est plus mûr."}
    assert client.post(url, places).status_code == 302
    assert scene.session.proposal.get(ranking="E", rank=1).application == scene.files[2]


# --- decision, letters, laureates ------------------------------------------------------------------------------------


def decided(scene: Scene):
    lines = list(proposal_for(scene.call).values())
    return record_decision(
        call=scene.call, body="le bureau", act_number="BU-1", act_on=day_of(scene.at), lines=lines, by=scene.manager,
        at=scene.at,
    )  # fmt: skip


def test_the_decision_keeps_the_ranking_of_each_file_and_its_letters_stay_in_it(client):
    scene = closed(held(apart_scene()))
    decision = decided(scene)
    assert set(DecisionLine.objects.values_list("ranking", "rank", "outcome")) == {
        ("E", 1, "selected"), ("E", 2, "reserve"), ("E", None, "not_selected"),
        ("T", 1, "selected"), ("T", 2, "reserve"), ("T", None, "not_selected"),
    }  # fmt: skip
    told = round_of(decision)
    best = {line.ranking: line for line in told.lines if line.outcome == "selected"}
    assert rank_sentence(best["T"], told) == (
        "Elle est classée première sur trois dans le classement «\u202fVolet travaux\u202f», avec 90,00 points sur 100."
    ).replace("90,00", f"{best['T'].score}".replace(".", ","))
    for line in told.lines:
        other = [x for x in told.lines if x.ranking != line.ranking]
        body = {"selected": selected_body, "reserve": reserve_body, "not_selected": not_selected_body}[line.outcome]
        text = str(body(line, told, [], scene.at))
        own = {str(x.score) for x in told.lines if x.ranking == line.ranking}
        assert not any(
            str(x.score) in text or str(x.score).replace(".", ",") in text for x in other if str(x.score) not in own
        )
    decision.notified_at = scene.at
    decision.notified_by = scene.manager
    decision.save()
    page = client.get(reverse("call_laureates", args=[scene.call.slug]))
    assert [(g["label"], len(g["rows"])) for g in page.context["groups"]] == [("Volet études", 1), ("Volet travaux", 1)]


def test_places_and_ranks_are_checked_in_each_ranking():
    scene = apart_scene(4)
    places = places_of(scene.call)
    codes = ranking_codes(scene.call, scene.files)
    lines = [Line(f, "selected", "Motif.", n // 2 + 1, None, codes[f.pk]) for n, f in enumerate(scene.files)]
    said = problems(lines, scene.files, places)
    assert [text.replace("\u00a0", " ") for text in said] == [
        "Volet études : le règlement prévoit au plus 1 candidature retenue : vous en retenez 2.",
        "Volet travaux : le règlement prévoit au plus 1 candidature retenue : vous en retenez 2.",
    ]
    assert problems(lines[:2], scene.files[:2], places) == []
    assert len(problems(lines[:1], scene.files[:1], places, {"E": 1})) == 1
    assert problems(lines[:1], scene.files[:1], places, {"T": 1}) == []


def test_without_computed_ranking_files_may_be_selected_without_order():
    scene = apart_scene(2)
    places = places_of(scene.call) | {}
    lines = [Line(f, "selected", "Motif.", None, None, c) for f, c in ranking_codes(scene.call, scene.files).items()]
    files = {f.pk: f for f in scene.files}
    lines = [Line(files[x.application], x.outcome, x.reason, None, None, x.ranking) for x in lines]
    assert problems(lines, scene.files, places, computed=False) == []
    assert len(problems(lines, scene.files, places)) == 2


# --- criteria of some files ------------------------------------------------------------------------------------------


def test_a_criterion_of_some_files_is_asked_of_them_only_and_the_total_is_brought_back(client):
    scene = apart_scene(2)
    Criterion.objects.filter(call=scene.call, code="C2").update(condition={"kind": "track", "codes": ["TRAVAUX"]})
    Criterion.objects.create(call=scene.call, code="C3", position=3, label="Originalité", points=0, informational=True)
    declare_all(scene)
    study, works = scene.files
    juror = scene.voters[1].user
    enter(client, juror)
    assert 'name="note_C2"' not in client.get(reverse("jury_file", args=[study.uuid])).content.decode()
    assert 'name="note_C2"' in client.get(reverse("jury_file", args=[works.uuid])).content.decode()
    url = reverse("jury_file", args=[study.uuid])
    assert client.post(url, {"note_C1": "4", "note_C3": "2", "act": "submit"}).status_code == 302
    refresh_score(application=study, at=scene.at)
    result, rules = file_result(study), grid_rules(study)
    assert (result.raw, result.base, dict(result.means)) == (
        Decimal("48.00"),
        Decimal("80.00"),
        {"C3": Decimal("2.00")},
    )
    assert scaling_sentence(rules, result) == "48\u00a0points sur 60 applicables, ramenés à 80 sur 100."
    assert "ramenés à 80 sur 100" in text_of(client.get(url))
    assert FileScore.objects.get(application=study).total == Decimal("90.00")
    refused = client.post(reverse("jury_notes", args=[study.uuid]), {"note_C2": "5"})
    assert (refused.status_code, Score.objects.filter(criterion__code="C2").exists()) == (403, False)


# --- a call without jury ---------------------------------------------------------------------------------------------


def test_without_jury_the_examination_proposes_and_no_room_of_the_jury_is_left(client):
    scene = apart_scene(4)
    scene.call.seats.all().update(president=False)
    JuryRules.objects.filter(call=scene.call).delete()
    officer = make_role(scene.call, "officer")
    call = Call.objects.get(pk=scene.call.pk)
    assert proposal_for(call) == {}
    for file, pair in zip(call.applications.order_by("pk"), NOTES, strict=False):
        notes = dict(zip(("C1", "C2"), map(Decimal, pair), strict=True))
        save_technical_notes(application=file, by=officer, notes=notes, comment="", at=scene.at)
        submit_technical(application=file, by=officer, at=scene.at)
    found = proposal_for(Call.objects.get(pk=scene.call.pk))
    assert [(found[f.pk].outcome, found[f.pk].rank) for f in scene.files] == [
        ("selected", 1), ("selected", 1), ("reserve", 2), ("reserve", 2),
    ]  # fmt: skip
    enter(client, scene.manager)
    assert client.get(reverse("jury_staff", args=[scene.call.slug])).status_code == 404
    text = text_of(client.get(reverse("decision", args=[scene.call.slug])))
    assert "ceux que donnent les avis techniques" in text
    assert "Les rangs se donnent dans ce classement" in text
    assert "jury" not in text.lower().replace("jury_", "")
