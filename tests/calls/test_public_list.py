"""The public list: search in any spelling, filters kept in the address, order, count."""

import random
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from calls.models import Call, CallTransition, Milestone, Window
from calls.queries import published_calls
from calls.queries_public import phase_of, with_phase
from portal.core.calendar import day_of
from portal.core.clock import portal_now
from portal.territories.models import Department, Region
from tests.calls.documents import ordinary
from tests.factories import BENOUVILLE, ETRETAT, make_call, make_commune, make_institution, make_intercommunality
from tests.factories import paris as at

pytestmark = pytest.mark.django_db


def shown(client: Client, **query: str) -> list[str]:
    """The titles of the list, in order."""
    response = client.get(reverse("call_list"), query)
    return [row.call.title for row in response.context["rows"]]


def page(client: Client, **query: str) -> str:
    return ordinary(client.get(reverse("call_list"), query).content.decode())


def of_dates(title: str, opens: int, closes: int, **fields) -> Call:
    """A call that opens and closes so many days from now."""
    now = portal_now()
    return make_call(
        title=title, opens_at=now + timedelta(days=opens), closes_at=now + timedelta(days=closes), **fields
    )


# --- order, count, pages -----------------------------------------------------------------------------------------


def test_open_ones_come_by_nearest_limit_then_those_to_come_then_the_others(client: Client) -> None:
    of_dates("Clos hier", -20, -1)
    of_dates("Ouvert loin", -5, 40)
    of_dates("À venir tard", 30, 60)
    of_dates("Clos avant-hier", -20, -2)
    of_dates("Ouvert près", -1, 3)
    of_dates("À venir tôt", 3, 90)
    of_dates("Abandonné", -1, 2, state="cancelled")
    assert shown(client) == [
        "Ouvert près", "Ouvert loin", "À venir tôt", "À venir tard", "Abandonné", "Clos hier", "Clos avant-hier",
    ]  # fmt: skip


def test_the_number_of_queries_does_not_depend_on_the_number_of_calls(
    client: Client, django_assert_num_queries
) -> None:
    make_commune(ETRETAT)
    make_call()
    client.get(reverse("call_list"))
    for query, count in (({}, 11), ({"territoire": "Étretat (76)"}, 14)):
        with django_assert_num_queries(count):
            client.get(reverse("call_list"), query)
    of_dates("Clos", -9, -1)
    of_dates("À venir", 9, 20)
    for query, count in (({}, 11), ({"territoire": "Étretat (76)"}, 14)):
        with django_assert_num_queries(count):
            assert len(client.get(reverse("call_list"), query).context["rows"]) == 3


def test_the_count_follows_the_filters_and_pages_keep_them(client: Client) -> None:
    owner = make_institution()
    for n in range(12):
        make_call(owner, title=f"Ombre {n}", themes=["Eau"])
    make_call(owner, title="Vélo", themes=["Air"])
    html = page(client, theme="Eau")
    assert "<b>12 appels</b>" in html
    assert "?theme=Eau&amp;page=2" in html
    assert len(shown(client, theme="Eau", page="2")) == 2
    assert "<b>1 appel</b>" in page(client, theme="Air")


def test_an_unknown_value_of_a_filter_is_ignored(client: Client) -> None:
    make_call(title="Ouvert")
    assert shown(client, etat="jamais", theme="rien", candidat="personne", page="abc") == ["Ouvert"]
    assert client.get(reverse("call_list"), {"q": "a\x00b", "territoire": "x" * 300}).status_code == 200


# --- search ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [
        "coeurs d'ecole",
        "CŒURS D’ÉCOLE",
        "ecole rafraichies",
        "saint etienne",
        "st-étienne",
        "ilots",
        "Mobilites actives",
    ],
)
def test_spelling_is_forgiven(client: Client, typed: str) -> None:
    make_call(
        title="Cœurs d’école rafraîchies",
        summary="Saint-Étienne : désimperméabiliser des îlots.",
        themes=["Mobilités actives"],
    )
    make_call(title="Ouverture des ports")
    assert shown(client, q=typed) == ["Cœurs d’école rafraîchies"]


def test_a_search_without_answer_says_so(client: Client) -> None:
    make_call()
    html = page(client, q="introuvable")
    assert "Aucun appel ne correspond" in html
    assert "<b>0 appel</b>" in html


def test_signs_of_patterns_are_plain_words(client: Client) -> None:
    make_call(title="Ouvert")
    assert shown(client, q="100 % _ \\") == []
    assert shown(client, q="% _") == ["Ouvert"]


# --- states ------------------------------------------------------------------------------------------------------


def milestones(call: Call, **days: int) -> None:
    today = day_of(portal_now())
    call.milestones.all().delete()
    for n, (code, day) in enumerate(days.items()):
        Milestone.objects.create(call=call, code=code, position=n, label=code, on=today + timedelta(days=day))


def test_each_state_finds_its_calls(client: Client) -> None:
    of_dates("Ouvert", -1, 3)
    of_dates("Vagues", 5, 9)
    Window.objects.create(
        call=Call.objects.get(title="Vagues"), code="W0", position=2, wave=2,
        opens_at=portal_now() - timedelta(days=9), closes_at=portal_now() - timedelta(days=5),
    )  # fmt: skip
    of_dates("Abandonné", -1, 3, state="cancelled")
    wanted = {
        "instruction": {"jury": 3, "decision": 9},
        "jury": {"jury": -1, "decision": 0},
        "convention": {"jury": -3, "decision": -2, "kickoff": 2},
        "accompagnement": {"jury": -3, "decision": -2, "kickoff": 0, "end": 0},
        "termine": {"jury": -9, "decision": -8, "kickoff": -7, "end": -1},
    }
    for state, days in wanted.items():
        milestones(of_dates(state, -30, -20), **days)
    found = {state: shown(client, etat=state) for state in ("ouvert", "a-venir", "sans-suite", *wanted)}
    assert found == {
        "ouvert": ["Ouvert"],
        "a-venir": ["Vagues"],
        "sans-suite": ["Abandonné"],
        **{state: [state] for state in wanted},
    }


def test_sql_and_python_tell_the_same_phase() -> None:
    """A hundred calls of any dates, some without some milestones."""
    dice, now = random.Random(7), portal_now()
    base = make_call()
    for n in range(100):
        call = Call.objects.create(
            owner=base.owner, programme=base.programme, slug=f"c{n}", code_prefix=f"C{n}", edition="1", title=f"{n}",
            perimeter_kind="region", perimeter_codes=["28"], contact_email="a@exemple.fr", created_at=now,
            published_at=now, state=dice.choice(["published", "published", "published", "archived", "cancelled"]),
        )  # fmt: skip
        for w in range(dice.randint(1, 2)):
            opens = now + timedelta(days=dice.randint(-9, 4), hours=dice.randint(0, 23))
            Window.objects.create(
                call=call,
                code=f"W{w}",
                position=w,
                opens_at=opens,
                closes_at=opens + timedelta(days=dice.randint(1, 6)),
            )
        for code in ("jury", "decision", "kickoff", "end"):
            when = now + timedelta(days=dice.randint(-6, 6))
            if dice.random() < 0.7:
                moment = {"on": when.date()} if dice.random() < 0.5 else {"at": when}
                Milestone.objects.create(call=call, code=code, position=1, label=code, **moment)
        if call.state != "published" and dice.random() < 0.5:
            CallTransition.objects.create(
                call=call, transition="cancel", from_state="published", to_state="cancelled", happened_at=now
            )
    calls = list(with_phase(published_calls(), now))
    assert [call.phase for call in calls] == [phase_of(call, now) for call in calls]
    assert {call.phase for call in calls} == {
        "application", "call", "examination", "jury", "agreement", "support", "impact", "cancelled", "archived",
    }  # fmt: skip


def test_an_instant_at_night_counts_for_its_day_in_paris() -> None:
    """A jury at 0 h 30 in Paris is on the day before in UTC."""
    call = make_call(opens_at=at(2027, 1, 1), closes_at=at(2027, 2, 1))
    call.milestones.all().delete()
    Milestone.objects.create(call=call, code="jury", position=1, label="Jury", at=at(2027, 5, 6, 0, 30))
    Milestone.objects.create(call=call, code="decision", position=2, label="Décision", on=at(2027, 5, 9).date())
    for now, phase in ((at(2027, 5, 5, 23), "examination"), (at(2027, 5, 6, 1), "jury")):
        found = with_phase(published_calls(), now).get()
        assert (found.phase, phase_of(found, now)) == (phase, phase)


# --- territory, theme, applicant ---------------------------------------------------------------------------------


@pytest.fixture
def territories() -> None:
    """Étretat (76, Normandie) in Le Havre Seine Métropole; Gap (05) far away."""
    make_commune(ETRETAT)
    sud = Region.objects.create(code="93", name="Provence-Alpes-Côte d’Azur")
    alps = Department.objects.create(code="05", name="Hautes-Alpes", region=sud)
    gap = make_commune(("05061", "210500617", "Gap", 0, 40000), make_intercommunality("200067825", "Gap-Tallard", "CA"))
    gap.department = alps
    gap.save()
    owner = make_institution()
    make_call(owner, title="Intercommunalité")
    make_call(owner, title="Département", perimeter_kind="department", perimeter_codes=["76"])
    make_call(owner, title="Région", perimeter_kind="region", perimeter_codes=["28", "11"])
    make_call(owner, title="Liste", perimeter_kind="communes", perimeter_codes=["76254", "01004"])
    make_call(owner, title="Alpes", perimeter_kind="region", perimeter_codes=["93"])


NORMAN = {"Intercommunalité", "Département", "Région", "Liste"}


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Étretat (76)", NORMAN),
        ("etretat", NORMAN),
        ("ETRETAT (76)", NORMAN),
        ("seine-maritime (departement)", NORMAN),
        ("76254", NORMAN),
        ("Seine-Maritime (département)", NORMAN),
        ("seine maritime", NORMAN),
        ("76", NORMAN),
        ("Normandie (région)", NORMAN),
        ("Gap (05)", {"Alpes"}),
        ("provence alpes cote d'azur", {"Alpes"}),
        ("Nulle-Part", set()),
    ],
)
def test_a_territory_finds_the_calls_whose_perimeter_holds_it(client, territories, typed: str, found: set[str]) -> None:
    assert set(shown(client, territoire=typed)) == found


def test_an_ambiguous_name_is_chosen_among_links_that_keep_the_filters(client: Client, territories: None) -> None:
    make_commune(("76999", "217609999", "Étretat-sur-Mer", 0, 40))
    html = page(client, territoire="etreta", etat="ouvert")
    assert "Plusieurs territoires répondent à ce nom." in html
    assert 'href="?territoire=%C3%89tretat+%2876%29&amp;etat=ouvert"' in html
    assert shown(client, territoire="etreta") == []
    assert "Aucun territoire ne porte ce nom" in page(client, territoire="Nulle-Part")


def proposed(client: Client, text: str) -> list[dict[str, str]]:
    address = reverse("place_search", query={"q": text, "genre": "territoire", "format": "json"})
    return client.get(address).json()["results"]


def test_the_combobox_proposes_communes_departements_and_regions(client: Client, territories: None) -> None:
    make_commune(BENOUVILLE)
    assert proposed(client, "normand") == [{"value": "28", "label": "Normandie (région)", "detail": ""}]
    assert [line["label"] for line in proposed(client, "76")] == ["Seine-Maritime (département)"]
    assert proposed(client, "benouv")[0]["detail"].startswith("76790, Seine-Maritime (76), ")
    assert proposed(client, "") == []


def test_the_list_filters_by_theme(client: Client) -> None:
    make_call(title="Ombre", themes=["Nature en ville", "Santé"])
    make_call(title="Vélo", themes=["Mobilités actives"])
    make_call(title="Secret", themes=["Confidentiel"], state="draft")
    assert shown(client, theme="Santé") == ["Ombre"]
    html = page(client)
    assert "Confidentiel" not in html
    assert html.index(">Mobilités actives<") < html.index(">Nature en ville<") < html.index(">Santé<")


def test_the_list_filters_by_kind_of_applicant(client: Client) -> None:
    make_call(title="Pour les communes")
    make_call(title="Pour tous", applicant_kinds=["commune", "operator"])
    make_call(title="Secret", applicant_kinds=["state"], state="draft")
    assert shown(client, candidat="operator") == ["Pour tous"]
    assert len(shown(client, candidat="commune")) == 2
    html = page(client)
    assert "Opérateurs et établissements publics" in html
    assert "Services de l’État" not in html
