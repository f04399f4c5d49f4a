"""iCalendar, Atom, JSON, Open Graph: what leaves the pages for other tools; all say the same instants."""

import re
from datetime import UTC, date, datetime, timedelta
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from lxml import etree

from calls.models import Call, CallRevision, CallTransition, Milestone, Track, Window
from calls.services import enquiries
from portal.core.calendar import PARIS
from portal.core.clock import at_instant, portal_now
from portal.core.models import StoredFile
from tests.calls.documents import ordinary
from tests.factories import ETRETAT, make_call, make_commune, make_institution, make_role, make_user, paris

pytestmark = pytest.mark.django_db

ATOM = {"a": "http://www.w3.org/2005/Atom"}


def get(client: Client, name: str, *args: str, **query: str):
    response = client.get(reverse(name, args=args), query)
    assert response.status_code == 200
    return response


def feed(client: Client, name: str, *args: str) -> etree._Element:
    response = get(client, name, *args)
    assert response.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    return etree.fromstring(response.content)


def texts(root: etree._Element, path: str) -> list[str]:
    return [ordinary(node.text or "") for node in root.findall(path, ATOM)]


# --- iCalendar ---------------------------------------------------------------------------------------------------


def events(client: Client, call: Call) -> dict[str, dict[str, str]]:
    """The calendar read as RFC 5545 says: unfolded lines, balanced components, unescaped values; by UID."""
    body = get(client, "call_calendar", call.slug).content.decode()
    assert body.endswith("\r\n")
    assert all(len(line.encode()) <= 75 for line in body.split("\r\n"))
    lines = re.sub(r"\r\n[ \t]", "", body).rstrip("\r\n").split("\r\n")
    assert (lines[0], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    found: dict[str, dict[str, str]] = {}
    event: dict[str, str] | None = None
    for line in lines[1:-1]:
        name, _, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            assert event is None
            event = {}
        elif line == "END:VEVENT":
            assert event is not None
            assert event.keys() >= {"UID", "DTSTAMP", "SUMMARY"}
            assert event["UID"] not in found
            found[event.pop("UID")] = event
            event = None
        elif event is not None:
            assert name not in event
            event[name] = re.sub(r"\\(.)", r"\1", value)
    assert event is None
    return found


def test_the_calendar_holds_every_public_date(client: Client) -> None:
    call = make_call(
        title="Places, cours ; jardins", opens_at=paris(2027, 1, 15, 9), closes_at=paris(2027, 3, 31, 23, 59, 59)
    )
    Milestone.objects.create(
        call=call, code="webinar", position=2, label="", at=paris(2027, 1, 28, 14), note="En ligne, une heure"
    )
    found = {uid.removeprefix(f"{call.uuid}-"): event for uid, event in events(client, call).items()}
    assert {uid: (event["SUMMARY"], {k: v for k, v in event.items() if k.startswith("DT") and k != "DTSTAMP"})
            for uid, event in found.items()} == {
        "W1-opens@portail-ami": ("Places, cours ; jardins : Ouverture des candidatures", {"DTSTART": "20270115T080000Z"}),
        "webinar@portail-ami": (f"Places, cours ; jardins : {'Webinaire de présentation'}", {"DTSTART": "20270128T130000Z"}),
        "W1-closes@portail-ami": ("Places, cours ; jardins : Clôture des candidatures", {"DTSTART": "20270331T215959Z"}),
        "jury@portail-ami": (
            "Places, cours ; jardins : Jury",
            {"DTSTART;VALUE=DATE": "20270505", "DTEND;VALUE=DATE": "20270506"},
        ),
    }  # fmt: skip
    assert found["webinar@portail-ami"]["DESCRIPTION"] == "En ligne, une heure"


def test_a_date_that_moves_keeps_its_uid_and_bears_a_higher_sequence(client: Client) -> None:
    call = make_call()
    before = events(client, call)
    Milestone.objects.create(call=call, code="publication", position=0, label="", on=date(2027, 1, 1))
    call.windows.update(closes_at=call.windows.get().closes_at + timedelta(days=5))
    CallRevision.objects.create(
        call=call, n=2, document="", sha256="0" * 64, made_at=portal_now(), made_by=make_user(), note="Prolongation"
    )
    after = events(client, call)
    assert set(after) - set(before) == {f"{call.uuid}-publication@portail-ami"}
    closing = f"{call.uuid}-W1-closes@portail-ami"
    assert after[closing]["DTSTART"] > before[closing]["DTSTART"]
    assert (before[closing]["SEQUENCE"], after[closing]["SEQUENCE"]) == ("0", "1")


def test_several_windows_are_told_apart_and_a_dropped_call_says_so(client: Client) -> None:
    call = make_call(state="cancelled", opens_at=paris(2027, 1, 4), closes_at=paris(2027, 2, 1, 12))
    track = Track.objects.create(call=call, code="A", position=1, label="Quartiers")
    Window.objects.create(
        call=call,
        code="W2",
        position=2,
        wave=2,
        track=track,
        opens_at=paris(2027, 3, 1),
        closes_at=paris(2027, 4, 1, 12),
    )
    Window.objects.create(
        call=call, code="W0", position=0, stage="intent", opens_at=paris(2026, 12, 1), closes_at=paris(2026, 12, 20, 12)
    )
    found = events(client, call)
    assert {ordinary(event["SUMMARY"]).partition(" : ")[2] for event in found.values()} == {
        "Ouverture des lettres d’intention, vague 1", "Clôture des lettres d’intention, vague 1",
        "Ouverture des candidatures, vague 1", "Clôture des candidatures, vague 1",
        "Ouverture des candidatures, volet « Quartiers », vague 2", "Clôture des candidatures, volet « Quartiers », vague 2",
        "Jury",
    }  # fmt: skip
    CallTransition.objects.create(
        call=call, transition="cancel", from_state="published", to_state="cancelled", by=make_user(),
        happened_at=paris(2027, 2, 20), reason="Motif interne",
    )  # fmt: skip
    dropped = {uid.removeprefix(f"{call.uuid}-") for uid, event in events(client, call).items() if "STATUS" in event}
    assert dropped == {"W2-opens@portail-ami", "W2-closes@portail-ami", "jury@portail-ami"}


# --- JSON --------------------------------------------------------------------------------------------------------


def test_the_list_is_filtered_ordered_and_paginated_like_the_page(client: Client, django_assert_num_queries) -> None:
    owner, now = make_institution(), portal_now()
    for n in range(21):
        make_call(owner, title=f"Ouvert {n}", closes_at=now + timedelta(days=n + 1))
    make_call(owner, title="Clos", opens_at=now - timedelta(days=9), closes_at=now - timedelta(days=1))
    make_call(owner, title="Secret", state="draft")
    first = get(client, "calls_json", etat="ouvert").json()
    assert (first["count"], first["pages"], first["previous"]) == (21, 2, None)
    assert [entry["title"] for entry in first["results"]] == [f"Ouvert {n}" for n in range(20)]
    assert first["next"] == "https://ami.exemple.fr/appels.json?etat=ouvert&page=2"
    second = get(client, "calls_json", etat="ouvert", page="2").json()
    assert ([entry["title"] for entry in second["results"]], second["next"]) == (["Ouvert 20"], None)
    assert [entry["title"] for entry in get(client, "calls_json", q="clos").json()["results"]] == ["Clos"]
    with django_assert_num_queries(8):
        get(client, "calls_json")


def test_the_json_of_the_list_costs_the_same_at_one_and_three(client: Client, django_assert_num_queries) -> None:
    make_call()
    get(client, "calls_json")
    for more in (0, 2):
        for _ in range(more):
            make_call()
        with django_assert_num_queries(8):
            get(client, "calls_json")
        with django_assert_num_queries(5):
            get(client, "calls_feed")


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ({"etat": "jamais"}, "Valeur inconnue pour « etat »."),
        ({"page": "9"}, "« page » va de 1 à 1."),
        ({"page": "x"}, "« page » va de 1 à 1."),
        ({"territoire": "Nulle-Part"}, "Aucun territoire ne porte ce nom."),
        ({"territoire": "etreta"}, "Plusieurs territoires répondent à ce nom : Étretat (76), Étretat-sur-Mer (76)."),
    ],
)
def test_a_machine_is_told_what_is_wrong(client: Client, query: dict[str, str], error: str) -> None:
    make_commune(ETRETAT)
    make_commune(("76999", "217609999", "Étretat-sur-Mer", 0, 40))
    response = client.get(reverse("calls_json"), query)
    assert (response.status_code, response.json()) == (400, {"error": error})


def test_one_call_says_its_public_facts_and_any_site_may_read_them(client: Client) -> None:
    call = make_call(
        opens_at=paris(2027, 1, 15, 9),
        closes_at=paris(2027, 3, 31, 23, 59, 59),
        themes=["Santé"],
        texts={"goal": "Vivre."},
    )
    with at_instant(paris(2027, 2, 1)):
        response = get(client, "call_json", call.slug)
    facts = response.json()
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert facts["url"] == f"https://ami.exemple.fr/appels/{call.slug}/"
    assert (facts["state"], facts["state_label"]) == ("ouvert", "Ouvert aux candidatures")
    assert facts["windows"] == [
        {
            "code": "W1", "stage": "file", "wave": 1, "track": None,
            "opens_at": "2027-01-15T09:00:00+01:00", "closes_at": "2027-03-31T23:59:59+02:00",
        }
    ]  # fmt: skip
    assert [(entry["code"], entry["when"]) for entry in facts["calendar"]] == [
        ("W1-opens", "2027-01-15T09:00:00+01:00"), ("W1-closes", "2027-03-31T23:59:59+02:00"), ("jury", "2027-05-05"),
    ]  # fmt: skip
    assert facts["eligibility"][0]["sentence"] == "La commune est membre de Le Havre Seine Métropole."
    assert facts["criteria"] == [
        {"code": "C1", "label": "Santé", "points": 60}, {"code": "C2", "label": "Nature", "points": 40},
    ]  # fmt: skip
    assert facts["laureates"] is None


@pytest.mark.parametrize("name", ["call_json", "call_feed"])
def test_a_call_in_preparation_is_not_data_even_for_its_staff(client: Client, name: str) -> None:
    call = make_call(state="draft")
    client.force_login(make_role(call))
    assert client.get(reverse(name, args=[call.slug])).status_code == 404
    assert call.title not in get(client, "calls_feed").content.decode()


# --- Atom --------------------------------------------------------------------------------------------------------


def test_the_feed_of_calls_is_well_made(client: Client) -> None:
    owner = make_institution()
    old = make_call(owner, title="Ancien & <b>", published_at=portal_now() - timedelta(days=40))
    new = make_call(owner, title="Nouveau")
    make_call(owner, title="Secret", state="draft")
    root = feed(client, "calls_feed")
    assert texts(root, "a:entry/a:title") == ["Nouveau 2027", "Ancien & <b> 2027"]
    assert texts(root, "a:entry/a:id") == [new.uuid.urn, old.uuid.urn]
    assert [node.get("href") for node in root.findall("a:entry/a:link", ATOM)] == [
        f"https://ami.exemple.fr/appels/{call.slug}/" for call in (new, old)
    ]
    links = {node.get("rel"): node.get("href") for node in root.findall("a:link", ATOM)}
    assert links == {"alternate": "https://ami.exemple.fr/appels/", "self": "https://ami.exemple.fr/appels/flux.xml"}
    assert all(datetime.fromisoformat(text).tzinfo for text in texts(root, "a:entry/a:updated"))
    assert texts(root, "a:author/a:name")


def test_the_feed_of_a_call_tells_publication_corrections_answers_and_end(client: Client) -> None:
    call = make_call()
    manager, start = make_role(call), portal_now() + timedelta(hours=1)
    CallRevision.objects.create(
        call=call, n=2, document="", sha256="0" * 64, made_at=start, made_by=manager, note="Date du webinaire corrigée"
    )
    asked = enquiries.ask_question(
        call=call, email="camille@exemple.fr", text="Camille Dupuis demande", at=portal_now()
    )
    enquiries.ask_question(call=call, email="camille@exemple.fr", text="Sans réponse", at=portal_now())
    enquiries.publish_answer(
        enquiry=asked, question="À trois ?\x0b", answer="Oui <b>.", by=manager, at=start + timedelta(hours=1)
    )
    CallTransition.objects.create(
        call=call, transition="cancel", from_state="published", to_state="cancelled", by=manager,
        happened_at=start + timedelta(hours=2), reason="Motif interne",
    )  # fmt: skip
    root = feed(client, "call_feed", call.slug)
    assert texts(root, "a:entry/a:title") == [
        "L’appel est classé sans suite", "Question : À trois ? ", "Version 2 : Date du webinaire corrigée",
        "L’appel est publié",
    ]  # fmt: skip
    ids = texts(root, "a:entry/a:id")
    assert len(set(ids)) == 4
    assert ids == texts(feed(client, "call_feed", call.slug), "a:entry/a:id")
    body = etree.tostring(root, encoding="unicode")
    assert [word in body for word in ("Camille", "camille@", "Sans réponse", "Motif interne", manager.email)] == [
        False
    ] * 5
    assert texts(root, "a:entry/a:summary")[1] == "Oui &lt;b&gt;."


# --- the head of the pages ---------------------------------------------------------------------------------------


def head_of(client: Client, name: str, *args: str) -> dict[str, str]:
    html = get(client, name, *args).content.decode()
    metas = re.findall(r'<meta (?:name|property)="([^"]+)" content="([^"]*)">', html)
    links = re.findall(r'<link rel="(?:alternate|canonical)"(?: type="([^"]+)")?[^>]* href="([^"]+)">', html)
    return {key or "canonical": ordinary(unescape(value)) for key, value in [*metas, *links]}


def test_the_page_tells_other_sites_what_it_is(client: Client) -> None:
    call = make_call()
    head = head_of(client, "call_page", call.slug)
    assert head["description"] == head["og:description"] == call.summary
    assert (head["og:title"], head["og:locale"]) == (str(call), "fr_FR")
    assert head["canonical"] == head["og:url"] == f"https://ami.exemple.fr/appels/{call.slug}/"
    assert head["application/atom+xml"] == reverse("call_feed", args=[call.slug])
    assert head["application/json"] == reverse("call_json", args=[call.slug])
    assert head["text/calendar"] == reverse("call_calendar", args=[call.slug])
    assert "og:image" not in head
    listed = head_of(client, "call_list")
    assert (listed["application/atom+xml"], listed["application/json"]) == ("/appels/flux.xml", "/appels.json")


@pytest.mark.parametrize(("kind", "shown"), [("image/png", True), ("image/svg+xml", False)])
def test_the_image_is_the_logo_when_it_is_a_png(client: Client, kind: str, shown: bool) -> None:
    call = make_call()
    call.owner.profile.logo = StoredFile.objects.create(
        name="logo", sha256="0" * 64, size=1, detected_type=kind, created_at=portal_now()
    )
    call.owner.profile.save()
    logo = f"https://ami.exemple.fr{reverse('institution_logo', args=[call.owner.profile.slug])}"
    assert head_of(client, "call_page", call.slug).get("og:image") == (logo if shown else None)


# --- the five surfaces say the same instants ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("closes_at", "words", "iso", "stamp"),
    [
        (paris(2027, 3, 31, 23, 59, 59), "mercredi 31 mars 2027 à 23 h 59", "2027-03-31T23:59:59+02:00", "20270331T215959Z"),
        (paris(2027, 1, 29, 12), "vendredi 29 janvier 2027 à 12 h 00", "2027-01-29T12:00:00+01:00", "20270129T110000Z"),
        (paris(2027, 3, 28, 3, 0, 0), "dimanche 28 mars 2027 à 3 h 00", "2027-03-28T03:00:00+02:00", "20270328T010000Z"),
        (paris(2027, 2, 1, 0, 30, 0), "lundi 1er février 2027 à 0 h 30", "2027-02-01T00:30:00+01:00", "20270131T233000Z"),
    ],
)  # fmt: skip
def test_the_five_public_surfaces_say_the_same_limit(
    client: Client, closes_at, words: str, iso: str, stamp: str
) -> None:
    call = make_call(opens_at=paris(2027, 1, 15, 9), closes_at=closes_at)
    with at_instant(paris(2027, 1, 20, 10)):
        pages = {
            name: get(client, name, *args).content.decode()
            for name, args in (("call_list", ()), ("call_page", (call.slug,)))
        }
        facts = get(client, "call_json", call.slug).json()
        listed = get(client, "calls_json").json()["results"][0]
        feeds = [
            texts(feed(client, "calls_feed"), "a:entry/a:summary"),
            texts(feed(client, "call_feed", call.slug), "a:entry/a:summary"),
        ]
        found = events(client, call)
    instants = set()
    for html in pages.values():
        (told,) = re.findall(r'class="deadline-big num" datetime="([^"]+)"', html)
        instants.add(datetime.fromisoformat(told))
        assert words.replace(" à ", ", ") in ordinary(re.sub(r"<sup>|</sup>", "", html))
    short = f"{words[:3]}. {words.split(' ', 1)[1]}".replace(" 2027 à ", ", ")
    assert f">{short}<" in ordinary(re.sub(r"<sup>|</sup>", "", pages["call_page"]))
    assert (facts["closes_at"], listed["closes_at"]) == (iso, iso)
    instants |= {datetime.fromisoformat(facts["closes_at"]), datetime.fromisoformat(facts["windows"][0]["closes_at"])}
    assert all(f"au {words}, heure de Paris." in summaries[-1] for summaries in feeds)
    told = found[f"{call.uuid}-W1-closes@portail-ami"]["DTSTART"]
    assert told == stamp
    instants.add(datetime.strptime(told, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC))
    assert {instant.astimezone(PARIS) for instant in instants} == {closes_at}
