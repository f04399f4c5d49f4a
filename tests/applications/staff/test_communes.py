"""The table of all communes: rows, counts, filters, order, export, rights, bounded queries."""

import pytest
from django.urls import reverse

from applications.models import SavedView, SectionAnswers
from applications.queries.staff import commune_row, communes_table, counts_of
from applications.queries.tally import communes_by_situation, tally_of
from portal.core.clock import portal_now
from portal.core.models import OutboundEmail
from portal.territories.maps.queries import MOST_COMMUNES
from portal.territories.models import Commune, Department
from tests.applications.staff.makers import client_of, make_deposited, make_staffed_call, make_strata
from tests.factories import (
    BENOUVILLE,
    ETRETAT,
    HARFLEUR,
    TILLEUL,
    make_application,
    make_call,
    make_commune,
    make_institution,
    make_role,
    make_town_hall,
    make_user,
)

pytestmark = pytest.mark.django_db
DRAFT_TEXT = "Le secret du brouillon"


@pytest.fixture
def call_and_manager():
    """Étretat deposited, Harfleur writes, Le Tilleul and Bénouville have not begun."""
    call, manager = make_staffed_call()
    make_strata(call)
    for spec in (TILLEUL, BENOUVILLE):
        make_town_hall(spec)
    make_deposited(call, ETRETAT)
    draft = make_application(call, make_town_hall(HARFLEUR), title=DRAFT_TEXT)
    SectionAnswers.objects.create(
        application=draft, section_code="S1", values={"Q1": DRAFT_TEXT}, answered=1, updated_at=portal_now(),
        updated_by=draft.created_by,
    )  # fmt: skip
    return call, manager


def page(call, user, **query):
    return client_of(user).get(reverse("staff_communes", args=[call.slug]), query)


def names(response):
    return [row.name for row in response.context["rows"]]


def test_every_commune_of_the_perimeter_is_there(call_and_manager):
    call, _ = call_and_manager
    table = communes_table(call, strata=list(call.strata.all()))
    rows = {(c.name, c.situation, c.population, c.begun_sections) for c in table}
    assert rows == {
        ("Étretat", "submitted", 1102, 0),
        ("Harfleur", "draft", 8289, 1),
        ("Le Tilleul", "not_begun", 656, 0),
        ("Bénouville", "not_begun", 168, 0),
    }


def test_counts_and_strata(call_and_manager):
    call, _ = call_and_manager
    strata = list(call.strata.all())
    table = communes_table(call, strata=strata)
    counts = counts_of(table)
    assert {name: n for name, n in counts.items() if n} == {
        "total": 4,
        "deposited": 1,
        "draft": 1,
        "none": 2,
        "to_examine": 1,
    }
    tally = tally_of(table, strata)
    assert [(s.label, s.deposited, s.draft, s.total) for s in tally.strata] == [
        ("Moins de 1 000 hab.", 0, 0, 2),
        ("1 000 hab. et plus", 1, 1, 2),
    ]
    assert tally.counts == counts
    assert {code: row["deposited"] for code, row in tally.departments.items()} == {"76": 1}
    assert {name: sorted(codes) for name, codes in communes_by_situation(table).items()} == {
        "submitted": [ETRETAT[0]],
        "draft": [HARFLEUR[0]],
        "not_begun": sorted([TILLEUL[0], BENOUVILLE[0]]),
    }


def test_a_departement_where_nobody_deposited_is_drawn_too():
    """A wide call: its map is of départements."""
    call, manager = make_staffed_call(perimeter_kind="region", perimeter_codes=["28"])
    make_deposited(call, ETRETAT)
    model = make_commune(TILLEUL)
    other = Department.objects.create(code="27", name="Eure", region=model.department.region)
    Commune.objects.bulk_create(
        Commune(insee=f"27{n:03}", name=f"Essai {n:03}", search_name=f"essai {n:03}", department=other)
        for n in range(MOST_COMMUNES)
    )
    drawn = page(call, manager).context["map"]
    assert [(shape.name, shape.state, shape.figure) for shape in drawn.shapes] == [
        ("Eure", "quiet", "0"),
        (model.department.name, "counted", "1"),
    ]


def test_nothing_of_a_draft_is_shown(call_and_manager):
    call, manager = call_and_manager
    response = page(call, manager)
    facts = {row.name: row.fact for row in response.context["rows"]}
    assert facts == {
        "Étretat": "À examiner",
        "Harfleur": "1\u00a0section commencée",
        "Le Tilleul": "Pas encore de courriel d’ouverture",
        "Bénouville": "Pas encore de courriel d’ouverture",
    }
    commune = client_of(manager).get(reverse("staff_commune", args=[call.slug, HARFLEUR[0]]))
    assert DRAFT_TEXT not in response.content.decode() + commune.content.decode()


def test_a_bounced_opening_mail_is_said(call_and_manager):
    call, _ = call_and_manager
    now = portal_now()
    OutboundEmail.objects.create(
        kind="call.invitation", object_key=f"call:{call.slug}", recipient=f"mairie.{TILLEUL[0]}@exemple.fr",
        guarantee="at_least_once", subject="s", body="b", from_name="n", state="failed", created_at=now, not_before=now,
    )  # fmt: skip
    states = {c.name: c.opening_mail for c in communes_table(call)}
    assert states == {"Étretat": "", "Harfleur": "", "Le Tilleul": "failed", "Bénouville": ""}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ["Harfleur", "Étretat", "Bénouville", "Le Tilleul"]),
        ({"etat": "deposee"}, ["Étretat"]),
        ({"etat": "a-examiner"}, ["Étretat"]),
        ({"etat": "recevable"}, []),
        ({"etat": "brouillon"}, ["Harfleur"]),
        ({"etat": "pas-commence"}, ["Bénouville", "Le Tilleul"]),
        ({"strate": "A"}, ["Bénouville", "Le Tilleul"]),
        ({"q": "tilleul"}, ["Le Tilleul"]),
        ({"q": "ETRETAT"}, ["Étretat"]),
        ({"q": "76341"}, ["Harfleur"]),
        ({"tri": "population"}, ["Bénouville", "Le Tilleul", "Étretat", "Harfleur"]),
        ({"tri": "-population"}, ["Harfleur", "Étretat", "Le Tilleul", "Bénouville"]),
        ({"tri": "commune"}, ["Bénouville", "Étretat", "Harfleur", "Le Tilleul"]),
        ({"etat": "brouillon", "strate": "A"}, []),
        ({"etat": "n’importe quoi", "tri": "hasard"}, ["Harfleur", "Étretat", "Bénouville", "Le Tilleul"]),
    ],
)
def test_filters_and_order(call_and_manager, query, found):
    call, manager = call_and_manager
    response = page(call, manager, **query)
    assert names(response) == found
    assert response.context["matched"]["total"] == len(found)
    assert response.context["total"] == 4


def test_a_territorial_scope_hides_the_rest(call_and_manager):
    call, _ = call_and_manager
    officer = make_role(call, "officer")
    officer.call_roles.update(scope=[TILLEUL[0], ETRETAT[0]])
    assert set(names(page(call, officer))) == {"Le Tilleul", "Étretat"}
    client = client_of(officer)
    assert client.get(reverse("staff_commune", args=[call.slug, HARFLEUR[0]])).status_code == 404
    assert client.get(reverse("staff_commune", args=[call.slug, TILLEUL[0]])).status_code == 200


@pytest.mark.parametrize("role", ["manager", "officer", "reader", "secretary", "adviser"])
def test_every_role_of_the_call_opens_the_table(role):
    call, _ = make_staffed_call()
    assert page(call, make_role(call, role)).status_code == 200


def test_others_do_not_know_that_the_table_exists():
    call, _ = make_staffed_call()
    other = make_call(make_institution("200023414", "Métropole Rouen Normandie", "rouen"))
    strangers = [make_user(), make_role(other, "manager")]
    addresses = [
        reverse("staff_communes", args=[call.slug]),
        reverse("staff_commune", args=[call.slug, make_commune().insee]),
        reverse("decision", args=[call.slug]),
    ]
    assert {client_of(user).get(url).status_code for user in strangers for url in addresses} == {404}


def test_a_commune_of_another_perimeter_is_not_in_the_call():
    call, _ = make_staffed_call()
    assert commune_row(call, "14060", scope=None, strata=[]) is None


def table_queries(django_assert_num_queries, call, manager, count):
    client = client_of(manager)
    with django_assert_num_queries(count):
        assert client.get(reverse("staff_communes", args=[call.slug])).status_code == 200


def test_queries_do_not_grow(django_assert_num_queries):
    call, manager = make_staffed_call()
    make_strata(call)
    make_deposited(call, ETRETAT)
    page(call, manager)
    table_queries(django_assert_num_queries, call, manager, 17)
    for spec in (HARFLEUR, TILLEUL):
        make_deposited(call, spec)
    table_queries(django_assert_num_queries, call, manager, 17)


# --- export ---------------------------------------------------------------------------------------------------------


def exported(call, user, **query):
    client = client_of(user, stepped_up=True)
    response = client.get(reverse("staff_communes_export", args=[call.slug]), query)
    return b"".join(response.streaming_content).decode()


def test_the_export_holds_what_is_shown(call_and_manager):
    call, manager = call_and_manager
    assert exported(call, manager, etat="pas-commence", tri="population") == (
        "\ufeffCommune;Code INSEE;Habitants;État;Candidature;Volet et vague;Dernière activité;À savoir;Classement;Rang;Instruction;Avis;Compléments\r\n"
        "Bénouville;76079;168;Pas commencé;;;aucune;Pas encore de courriel d’ouverture;;;;;\r\n"
        "Le Tilleul;76693;656;Pas commencé;;;aucune;Pas encore de courriel d’ouverture;;;;;\r\n"
    )


def test_the_export_runs_no_formula(call_and_manager):
    call, manager = call_and_manager
    make_commune().__class__.objects.filter(insee=TILLEUL[0]).update(name="=HYPERLINK(1)")
    assert "\r\n'=HYPERLINK(1);76693;" in exported(call, manager)


def test_the_export_asks_for_a_fresh_code(call_and_manager):
    call, manager = call_and_manager
    response = client_of(manager).get(reverse("staff_communes_export", args=[call.slug]))
    assert (response.status_code, response.url.split("?")[0]) == (302, reverse("step_up"))


@pytest.mark.parametrize("role", ["officer", "reader", "secretary", "adviser"])
def test_only_the_manager_exports(call_and_manager, role):
    call, manager = call_and_manager
    person, address = make_role(call, role), reverse("staff_communes_export", args=[call.slug])
    refused = client_of(person, stepped_up=True).get(address)
    assert (refused.status_code, "Seule la gestion de l’appel exporte" in refused.content.decode()) == (403, True)
    page = reverse("staff_communes", args=[call.slug])
    shown = {
        who: address in client_of(user).get(page).content.decode() for who, user in (("m", manager), (role, person))
    }
    assert shown == {"m": True, role: False}


@pytest.mark.parametrize(("role", "leads"), [("manager", True), ("secretary", True), ("officer", False)])
def test_the_chain_leads_to_the_jury_only_who_keeps_it(call_and_manager, role, leads):
    call, manager = call_and_manager
    user = manager if role == "manager" else make_role(call, role)
    page = client_of(user).get(reverse("staff_communes", args=[call.slug])).content.decode()
    assert (reverse("jury_staff", args=[call.slug]) in page) is leads


# --- saved views -------------------------------------------------------------------------------------------------


def test_filters_are_kept_by_name_found_again_and_let_go(call_and_manager):
    call, manager = call_and_manager
    client = client_of(manager)
    table, save = (reverse(name, args=[call.slug]) for name in ("staff_communes", "view_save"))
    sent = {"nom": "À voir", "vue": "etat=a-examiner&q=tilleul&page=3&autre=x"}
    assert client.post(save, sent).url == f"{table}?q=tilleul&etat=a-examiner"
    view = SavedView.objects.get()
    assert (view.name, view.query, view.user) == ("À voir", "q=tilleul&etat=a-examiner", manager)
    client.post(save, {"nom": "À voir", "vue": "etat=brouillon"})
    assert SavedView.objects.get().query == "etat=brouillon"
    assert "?etat=brouillon" in client.get(table).content.decode()
    other = client_of(make_role(call, "officer"))
    drop = reverse("view_drop", args=[call.slug, view.pk])
    assert ("?etat=brouillon" in other.get(table).content.decode(), other.post(drop).status_code) == (False, 404)
    assert client.post(drop).url == table
    assert not SavedView.objects.exists()
    for wrong in ({"nom": "", "vue": "etat=brouillon"}, {"nom": "Tout", "vue": "page=2"}):
        assert client.post(save, wrong).status_code == 403
