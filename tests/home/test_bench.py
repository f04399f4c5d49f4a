"""`make bench` measures what it says: the floor shows and writes the same rows, and the figures are computed right."""

import gc
import json
import re
import warnings
from collections.abc import Iterator
from html import unescape
from io import StringIO
from pathlib import Path

import pytest
from django.core import signals
from django.core.management import CommandError, call_command
from django.db import close_old_connections, connection
from django.test.utils import override_settings

from applications.models import Decision, Deposit, SectionAnswers
from juries.models import Assessment, FileScore, Score
from juries.queries import ranking_page
from portal.home.bench import crowd, eligibility, rush, supports
from portal.home.bench.caller import Caller, Request, UnexpectedAnswer
from portal.home.bench.copies import copy_row, run
from portal.home.bench.documents import measure_documents
from portal.home.bench.floor import RAW_RANKING
from portal.home.bench.measure import Figure, in_turn, measure_ranking, percentile
from portal.home.bench.notes import NAME, measure_notes, member_who_notes, typed
from portal.home.bench.probes import Probe, probes
from portal.home.bench.report import lines
from portal.home.bench.world import World, make_world
from portal.territories.models import Commune
from tests.factories import make_town_hall, make_user
from tests.harness import caches

SIZE = 25
TABLES_OF_A_DEPOSIT = (
    "applications_applicationtransition",
    "applications_depositattempt",
    "applications_deposit",
    "applications_depositedpiece",
    "applications_answerfact",
    "applications_eligibilityverdict",
    "core_frozendocument",
    "core_job",
    "core_outboundemail",
)


@pytest.fixture(autouse=True)
def one_connection() -> Iterator[None]:
    """Real requests end by giving back the connection, which holds the transaction of the test."""
    signals.request_started.disconnect(close_old_connections)
    signals.request_finished.disconnect(close_old_connections)
    yield
    signals.request_started.connect(close_old_connections)
    signals.request_finished.connect(close_old_connections)


@pytest.fixture
def world(db: None, settings, tmp_path: Path) -> World:
    settings.MEDIA_ROOT = tmp_path / "fichiers"
    made = make_world()
    crowd.grow(made, SIZE)
    return made


@pytest.fixture
def by_name(world: World) -> Iterator[dict[str, Probe]]:
    with override_settings(ROOT_URLCONF="portal.home.bench.urls"):
        yield {probe.name: probe for probe in probes(world, 3)}


def both(probe: Probe) -> tuple[str, str]:
    """What the portal and the floor answer."""
    caller = Caller()
    return caller.send(probe.portal())[1].decode(), caller.send(probe.floor())[1].decode()


def counts() -> dict[str, int]:
    with connection.cursor() as cursor:
        found = {}
        for table in TABLES_OF_A_DEPOSIT:
            cursor.execute(f"SELECT count(*) FROM {table}")
            found[table] = cursor.fetchone()[0]
    return found


# --- the crowd ----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_row_is_copied_with_what_changes_and_refuses_a_column_that_does_not_exist() -> None:
    town = make_town_hall()
    several = "generate_series(1, 3) AS g(i)"
    copy_row(
        town, several, uuid="gen_random_uuid()", siren="(100000000 + i)::text", commune_id="NULL",
        kind="'other'", name="'Ville ' || i || ' 100 %'",
    )  # fmt: skip
    rows = type(town).objects.exclude(pk=town.pk).order_by("name").values_list("name", "siren", "official_email")
    assert list(rows) == [(f"Ville {n} 100 %", f"{100000000 + n}", town.official_email) for n in (1, 2, 3)]
    with pytest.raises(ValueError, match="^accounts_organisation has no column colour$"):
        copy_row(town, several, colour="'bleu'")


def test_the_crowd_has_the_size_asked_for_and_grows(world: World) -> None:
    assert crowd.count_files(world) == SIZE
    crowd.grow(world, SIZE + 15)
    files = world.call.applications.filter(number__isnull=False)
    numbers = sorted(files.values_list("number", flat=True))
    assert numbers == [f"TPS-2027-{n:04d}" for n in range(1, SIZE + 16)]
    assert Deposit.objects.count() == FileScore.objects.count() == world.session.items.count() == SIZE + 15
    assert SectionAnswers.objects.count() == 10 * (SIZE + 15)
    members = [Assessment.objects.filter(application=pk).count() for pk in files.values_list("pk", flat=True)]
    assert {1, 3, 9} <= set(members) <= set(range(1, 10))


# --- same work ----------------------------------------------------------------------------------------------------


def test_the_measures_are_those_of_the_issue(by_name: dict[str, Probe]) -> None:
    assert list(by_name) == [
        "Page publique de l’appel",
        "Tableau des communes",
        "Page d’une section",
        "Enregistrement d’une section",
        "Dépôt",
        "Classement du jury",
        "Grand appel, rubriques",
        "Grand appel, une section",
        "Grand appel, aperçu",
        "Grand appel, export",
        "Grand appel, enregistrement",
    ]


def test_the_floor_shows_the_call(by_name: dict[str, Probe], world: World) -> None:
    portal, floor = (re.sub(r"\s+", " ", page) for page in both(by_name["Page publique de l’appel"]))
    criteria = [criterion.label for criterion in world.call.criteria.all()]
    for shown in (world.call.title, world.call.contact_email, *criteria):
        assert (shown in floor, shown.replace(" : ", "\u00a0: ") in portal or shown in portal) == (True, True), shown


def test_the_floor_lists_the_same_communes_in_the_same_order(by_name: dict[str, Probe]) -> None:
    portal, floor = both(by_name["Tableau des communes"])
    rows = [re.findall(r"<th[^>]*><a [^>]*>(Commune \d+)</a>", page) for page in (portal, floor)]
    assert len(rows[0]) == SIZE + 2 + 8  # two silent communes, eight drafts
    assert rows[0] == rows[1]


def test_the_floor_asks_the_same_questions(by_name: dict[str, Probe]) -> None:
    portal, floor = both(by_name["Page d’une section"])
    names = [
        set(re.findall(r'name="([^"]+)"', page[page.index("<form") :]))
        - {"csrfmiddlewaretoken", "version", "affichees"}
        for page in (portal, floor)
    ]
    assert names[0] == names[1]
    assert len(names[0]) == 5


def test_both_keep_what_was_typed(by_name: dict[str, Probe]) -> None:
    before = set(SectionAnswers.objects.values_list("pk", "version"))
    both(by_name["Enregistrement d’une section"])
    changed = set(SectionAnswers.objects.values_list("pk", "version")) - before
    rows = SectionAnswers.objects.filter(pk__in=[pk for pk, _ in changed])
    assert [row.values["besoins"].startswith("Ombre et repos.") for row in rows] == [True, True]
    assert {row.application_id for row in rows} != {rows[0].application_id}


def test_both_write_the_same_rows_at_a_deposit(by_name: dict[str, Probe]) -> None:
    probe, caller = by_name["Dépôt"], Caller()
    written = []
    for request in (probe.portal(), probe.floor()):
        before = counts()
        caller.send(request)
        written.append({table: n - before[table] for table, n in counts().items()})
    assert written[0] == written[1]
    assert written[0]["applications_deposit"] == 1
    assert all(written[0].values())


def test_the_floor_ranks_a_page_of_the_same_files(by_name: dict[str, Probe]) -> None:
    portal, floor = both(by_name["Classement du jury"])
    files = [set(re.findall(r"TPS-2027-\d{4}", page)) for page in (portal, floor)]
    assert files[0] == files[1]
    assert len(files[0]) == SIZE


def test_both_write_every_note_and_give_the_session_back(world: World) -> None:
    with override_settings(ROOT_URLCONF="portal.home.bench.urls"):
        figure = measure_notes(world, Caller(), SIZE, 10)
    assert (figure.name, figure.n, len(figure.portal), len(figure.floor)) == (NAME, SIZE, 10, 10)
    assert (figure.queries <= 24, figure.floor_queries > 12) == (True, True), (figure.queries, figure.floor_queries)
    world.session.refresh_from_db()
    assert (world.session.state, Score.objects.count()) == ("open", 0)


def test_the_plain_view_keeps_the_notes(world: World) -> None:
    holder = member_who_notes(world)
    type(world.session).objects.update(state="planned")
    path = f"dossiers/{world.template.uuid}/notes/"
    kept = []
    with override_settings(ROOT_URLCONF="portal.home.bench.urls"):
        for start in ("/jury/", "/plancher/"):
            Caller().send(Request(f"{start}{path}", crowd.log_in(holder.user), typed(world, 4)))
            kept.append(sorted(Score.objects.values_list("criterion__code", "note")))
            Score.objects.all().delete()
    assert kept[0] == kept[1]
    assert len(kept[0]) == world.call.criteria.count()


def test_the_big_call_is_as_big_as_the_issue_says_and_both_sides_show_it(
    by_name: dict[str, Probe], world: World
) -> None:
    call = world.large
    counts = call.questions.count(), call.criteria.count(), len(call.extras["documents"])
    assert counts == (200, 60, 40)
    questions = list(call.questions.filter(section__code="s3").values_list("label", flat=True))
    for name in ("Grand appel, une section", "Grand appel, aperçu"):
        for page in both(by_name[name]):
            assert [label for label in questions if label not in page] == [], name
    for page in both(by_name["Grand appel, rubriques"]):
        assert "Document 3" in page
    for page in both(by_name["Grand appel, export"]):
        assert [word for word in ("q9_19", "K59", "Document 39") if word not in page] == []


def test_both_write_one_question_of_the_big_call(by_name: dict[str, Probe], world: World) -> None:
    probe, caller = by_name["Grand appel, enregistrement"], Caller()
    for request in (probe.portal(), probe.floor()):
        before = set(world.large.questions.values_list("code", "label"))
        caller.send(request)
        changed = set(world.large.questions.values_list("code", "label")) - before
        assert [code for code, _ in changed] == ["q3_4"]


def test_the_ranking_alone_is_held_to_the_same_rows_in_sql(world: World) -> None:
    figure = measure_ranking(world, SIZE, 10)
    assert (figure.name, len(figure.portal), len(figure.floor)) == ("Classement seul, face à SQL", 10, 10)
    ranked = {row.item.application.number for row in ranking_page(world.session, None)}
    assert {number for number, *_ in run(RAW_RANKING, world.session.pk)} == ranked
    assert len(ranked) == SIZE


def test_an_answer_that_is_not_the_expected_one_stops_the_measure(world: World) -> None:
    with pytest.raises(UnexpectedAnswer, match="^/gestion/ : 302 Found"):
        Caller().send(Request("/gestion/"))


# --- figures ------------------------------------------------------------------------------------------------------


def test_percentiles_are_by_nearest_rank() -> None:
    values = tuple(n / 100 for n in range(1, 101))
    assert (percentile(values, 50), percentile(values, 95), percentile((3.0,), 95)) == (0.5, 0.95, 3.0)


def test_both_sides_are_tried_as_often_each_beginning_in_turn() -> None:
    order: list[str] = []

    def side(name: str, seconds: float):
        def act() -> float:
            order.append(name)
            return seconds

        return act

    assert in_turn(side("portail", 3.0), side("plancher", 1.0), 4) == ((3.0,) * 4, (1.0,) * 4)
    assert order == ["plancher", "portail", "portail", "plancher"] * 2


def test_the_row_of_the_file_gives_the_ratio_to_the_limit() -> None:
    figure = Figure("Dépôt", 1000, (0.060, 0.080, 0.070), (0.02, 0.02, 0.02), 50, 20)
    assert figure.row() == {
        "name": "Dépôt", "n": 1000, "p50_s": 0.07, "p95_s": 0.08, "ratio_to_limit": 1.167, "queries": 50,
    }  # fmt: skip


def test_the_report_says_what_exceeds_and_how_it_grows() -> None:
    figures = [
        Figure("Dépôt", 1000, (0.06,), (0.03,), 50, 20),
        Figure("Dépôt", 10000, (0.12,), (0.03,), 50, 20),
    ]
    text = list(lines(figures))
    assert text[-1] == "Au-dessus de la limite : Dépôt (10\u202f000, limite ×3,00)."
    assert "×2,00" in text[2]
    assert "×4,00 !" in text[3]
    assert f"  {'Dépôt':<32}   ×2,00 (plancher ×1,00)" in text
    assert list(lines(figures[:1]))[-1] == "Tout est dans sa limite."


@pytest.mark.django_db
def test_it_refuses_a_base_in_use() -> None:
    make_user()
    with pytest.raises(CommandError, match="^Les mesures se font dans une base vide : lancez « make bench ».$"):
        call_command("bench", "--n", "10")


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_command_writes_its_file(settings, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(eligibility, "COMMUNES", 90)
    monkeypatch.setattr(rush, "AT_ONCE", 8)
    monkeypatch.setattr(supports, "PLANS", 30)
    monkeypatch.setattr(supports, "ACTIONS", 80)
    settings.VAR, settings.MEDIA_ROOT = tmp_path, tmp_path / "fichiers"
    out = StringIO()
    call_command("bench", "--n", "20", "60", "--trials", "10", stdout=out)
    rows = json.loads((tmp_path / "bench.json").read_text())
    assert [set(row) for row in rows] == [{"name", "n", "p50_s", "p95_s", "ratio_to_limit", "queries"}] * 32
    assert [row["n"] for row in rows] == [20] * 13 + [60] * 13 + [30, 80] + [34_969] * 2 + [90] * 2
    assert all(0 < row["p50_s"] <= row["p95_s"] and row["queries"] > 0 for row in rows)
    assert "Classement du jury" in out.getvalue()
    assert [row["name"] for row in rows[-4:]] == [
        "Recherche d’une commune", "Import à blanc du code officiel", "Éligibilité de toutes les communes",
        "Périmètre de tout le pays",
    ]  # fmt: skip
    assert not Commune.objects.filter(insee="76351").exists()


# --- eligibility of the country ----------------------------------------------------------------------------------


def test_the_floor_of_the_verdicts_gives_the_same_outcomes(world: World, monkeypatch) -> None:
    monkeypatch.setattr(eligibility, "COMMUNES", 60)
    eligibility.make_country(world)
    ours, plain = eligibility.every_verdict(world.call), eligibility.plain_verdicts(world.call)
    assert len(ours) == len(plain) == 60
    assert ours == [[outcome for outcome, _ in row] for row in plain]
    assert {outcome for row in ours for outcome in row} == {"pass", "warning", "unknown"}
    assert eligibility.statements(world.call) == (3, 1)


def test_the_perimeter_page_costs_as_much_of_the_database_and_shows_the_communes_of_its_floor(
    world: World, settings, monkeypatch
) -> None:
    settings.ROOT_URLCONF = "portal.home.bench.urls"
    caller, call = Caller(), f"/appels/{world.call.slug}/"
    path, floor = f"{call}communes/", f"/plancher{call}perimetre/"
    asked = []
    for n in (Commune.objects.count(), 90):
        monkeypatch.setattr(eligibility, "COMMUNES", n)
        eligibility.open_to_the_country(world)
        caches.forget()
        asked.append(caller.queries(Request(path)))
        ours, plain = (caller.send(Request(one))[1].decode() for one in (path, floor))
        assert f"{n} communes" in plain
        assert f"Sur {n}\u00a0communes" in ours
        names = re.findall(r"<th><a [^>]*>([^<]+)</a>", plain)
        assert len(names) == min(n, 60)
        assert [name for name in names if name.replace("'", "’") not in unescape(ours)] == []
    assert asked[0] == asked[1]


# --- the support --------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_desks_and_their_floor_show_the_same_communes_and_actions(world: World) -> None:
    session = supports.make_supports(world, SIZE, 3 * SIZE)
    with override_settings(ROOT_URLCONF="portal.home.bench.urls"):
        ours, floor = both(supports.desk(session))
        found = [set(re.findall(r"/accompagnement/([0-9a-f-]{36})/", page)) for page in (ours, floor)]
        assert (len(found[0]), found[0]) == (20, found[1])
        ours, floor = both(supports.actions(session))
        found = [set(re.findall(r"/actions/([0-9]+)/", page)) for page in (ours, floor)]
        assert (len(found[0]), found[0]) == (25, found[1])


# --- documents -----------------------------------------------------------------------------------------------------


def test_a_batch_of_documents_is_measured_beside_the_bare_library_and_leaves_nothing(world: World) -> None:
    with warnings.catch_warnings():
        # The bare library leaves the file of its colours to the collector.
        warnings.simplefilter("ignore", ResourceWarning)
        figures = measure_documents(world, letters=1, agreements=1)
        gc.collect()
    assert [(figure.name, figure.n) for figure in figures] == [("Lettre, processeur", 1), ("Convention, processeur", 1)]
    assert all(figure.p50 > 0 and figure.floor_p50 > 0 for figure in figures)
    assert Decision.objects.count() == 0
