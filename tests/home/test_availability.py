"""The portal visits itself; one command tells what it saw around a limit, and who tried to deposit."""

import csv
import hashlib
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from applications.models import DepositAttempt
from portal.core.clock import at_instant
from portal.core.models import ServiceProbe
from portal.core.probing import probe
from portal.home.availability import AROUND, KEPT, Silence, purge_probes, silences_of
from tests.applications.files import deposit, make_ready, make_town
from tests.factories import HARFLEUR, make_call, paris

START, LIMIT, END = paris(2027, 3, 31, 21), paris(2027, 3, 31, 23, 59, 59), paris(2027, 4, 1, 0, 30)
STEP = timedelta(seconds=30)


def probed(at, *, answered: bool = True, seconds: float = 0.2, detail: str = "") -> ServiceProbe:
    return ServiceProbe(at=at, seconds=seconds, answered=answered, detail=detail)


def every_half_minute(start, end) -> list[ServiceProbe]:
    return [probed(start + n * STEP) for n in range(int((end - start) / STEP) + 1)]


@pytest.mark.parametrize(
    ("probes", "silences"),
    [
        ([], [Silence(START, END)]),
        (every_half_minute(START, END), []),
        (
            [*every_half_minute(START, START + timedelta(minutes=10)), *every_half_minute(START + timedelta(minutes=20), END)],
            [Silence(START + timedelta(minutes=10), START + timedelta(minutes=20))],
        ),
        (
            [
                *every_half_minute(START, START + timedelta(minutes=1)),
                probed(START + timedelta(minutes=2), answered=False, detail="HTTPError : 502"),
                probed(START + timedelta(minutes=3), answered=False, detail="HTTPError : 503"),
                *every_half_minute(START + timedelta(minutes=4), END),
            ],
            [Silence(START + timedelta(minutes=1), START + timedelta(minutes=4), "HTTPError : 502")],
        ),
        # Two failures in a row, then an answer 90 s after the last: not a silence.
        (
            [
                probed(START),
                probed(START + STEP, answered=False, detail="x"),
                probed(START + 2 * STEP, answered=False, detail="x"),
                *every_half_minute(START + 3 * STEP, END),
            ],
            [],
        ),
    ],
)  # fmt: skip
def test_a_silence_is_a_time_for_which_nothing_proves_an_answer(probes, silences):
    assert silences_of(probes, START, END) == silences


@pytest.mark.django_db(transaction=True)
def test_the_portal_visits_itself(live_server):
    answered = probe(f"{live_server.url}/appels/")
    assert (answered.answered, answered.detail) == (True, "")
    missing = probe(f"{live_server.url}/nulle-part/")
    assert (missing.answered, missing.detail) == (False, "HTTPError : HTTP Error 404: Not Found")
    refused = probe("http://127.0.0.1:9/")
    assert (refused.answered, refused.detail[:8]) == (False, "URLError")
    assert probe("file:///etc/passwd").detail == "adresse illisible : file:///etc/passwd"
    assert ServiceProbe.objects.count() == 4


@pytest.fixture
def closed(db):
    """A call that closed, an outage of ten minutes in its last hour, deposits accepted and refused."""
    call = make_call(opens_at=paris(2027, 1, 15, 9), closes_at=LIMIT, title="Places de village", prefix="PLV")
    with at_instant(paris(2027, 3, 31, 22)):
        taken, _, mayor = make_ready(call)
        left, _, neighbour = make_ready(call, make_town(HARFLEUR))
    down = paris(2027, 3, 31, 23, 20)
    ServiceProbe.objects.bulk_create(
        [
            *every_half_minute(START, down),
            probed(down + timedelta(minutes=5), answered=False, seconds=10, detail="TimeoutError : timed out"),
            *every_half_minute(down + timedelta(minutes=10), END),
        ]
    )
    with at_instant(paris(2027, 3, 31, 23, 58)):
        deposit(taken, mayor)
    late = "L’appel est clos depuis le mercredi 31 mars 2027 à 23 h 59."
    for minutes in (1, 2):
        DepositAttempt.objects.create(
            application=left, at=LIMIT + timedelta(minutes=minutes), by=neighbour, accepted=False, reason=late
        )
    return call, taken, left


def report(call, capsys, **options) -> str:
    with at_instant(END):
        call_command("availability", call.slug, before=3, after=0.5, **options)
    return capsys.readouterr().out.replace("\u00a0", " ").replace("\u202f", " ")


def test_the_report_says_all(closed, capsys):
    call, _, _ = closed
    lines = report(call, capsys).splitlines()
    # From 20:59:59 to 00:29:59: 281 probes before the outage, one failed, 120 answered after it.
    assert lines[3:] == [
        "Clôture : mercredi 31 mars 2027 à 23 h 59 min 59 s, heure de Paris (UTC + 2)",
        "Période : du mercredi 31 mars 2027 à 20 h 59 au jeudi 1er avril 2027 à 0 h 29",
        "",
        "Sondes : 402 visites, 1 échec.",
        "Temps de réponse : moins de 0,20 s pour la moitié des visites, 0,20 s pour 95 sur 100.",
        (
            "Rien ne prouve que le portail répondait du 31 mars 2027 à 23 h 20 min 00 s au 31 mars 2027 à 23 h 30 min 00 s."
            " Première erreur : TimeoutError : timed out."
        ),
        "",
        "Tentatives de dépôt : 3, dont 1 acceptée.",
        "Dernier dépôt accepté : 31 mars 2027 à 23 h 58 min 00 s.",
        "  refusée 2 fois : L’appel est clos depuis le mercredi 31 mars 2027 à 23 h 59.",
        "Brouillons jamais déposés : 1, que leurs communes lisent toujours.",
    ]


def test_the_folder_holds_every_attempt_and_vouches_for_its_tables(closed, capsys, tmp_path):
    call, taken, left = closed
    report(call, capsys, folder=tmp_path)
    with (tmp_path / "tentatives.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    assert [(row["candidature"], row["acceptée"]) for row in rows] == [
        (taken.number or str(taken.uuid), "oui"), (str(left.uuid), "non"), (str(left.uuid), "non"),
    ]  # fmt: skip
    text = (tmp_path / "rapport.txt").read_text(encoding="utf-8")
    for name in ("sondes.csv", "tentatives.csv"):
        assert f"SHA-256 de {name} : {hashlib.sha256((tmp_path / name).read_bytes()).hexdigest()}" in text


def test_an_unknown_call_is_said(db):
    with pytest.raises(CommandError, match="Aucun appel à cette adresse"):
        call_command("availability", "inconnu")


def test_probes_around_a_limit_are_kept_for_good(db):
    make_call(closes_at=LIMIT)
    now = LIMIT + KEPT + timedelta(days=10)
    instants = {
        "before": LIMIT - AROUND - timedelta(hours=1),
        "near": LIMIT - timedelta(hours=1),
        "after": LIMIT + AROUND + timedelta(hours=1),
        "recent": now - KEPT + timedelta(hours=1),
    }
    ServiceProbe.objects.bulk_create(probed(at) for at in instants.values())
    assert purge_probes(now) == 2
    assert set(ServiceProbe.objects.values_list("at", flat=True)) == {instants["near"], instants["recent"]}
