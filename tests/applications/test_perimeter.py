"""The page of the communes of a call: for everyone who may apply, once told who was selected; for staff who applied."""

import pytest
from django.test import Client
from django.urls import reverse

from applications.models import Decision, SectionAnswers
from calls.models import EligibilityRule
from calls.queries_perimeter import standings_of
from portal.core.clock import portal_now
from portal.territories.maps.queries import MOST_COMMUNES
from portal.territories.models import Commune
from tests.applications.staff.makers import client_of, make_decision, make_deposited, make_staffed_call, make_strata
from tests.calls.documents import ordinary
from tests.factories import (
    BENOUVILLE,
    ETRETAT,
    HARFLEUR,
    TILLEUL,
    make_application,
    make_call,
    make_institution,
    make_role,
    make_town_hall,
)

pytestmark = pytest.mark.django_db
DRAFT_TEXT = "Le secret du brouillon"


@pytest.fixture
def call_and_manager():
    """Étretat deposited, Harfleur writes, Le Tilleul and Bénouville have not begun; under 5 000 inhabitants only."""
    call, manager = make_staffed_call()
    make_strata(call)
    call.eligibility_rules.all().delete()
    EligibilityRule.objects.create(
        call=call, position=1, code="POP", kind="population", label="Population", effect="blocking",
        parameters={"sentence": "Moins de 5 000 habitants.", "of": "commune", "below": 5000, "population_kind": "municipale", "year": 2023},
    )  # fmt: skip
    for spec in (TILLEUL, BENOUVILLE):
        make_town_hall(spec)
    make_deposited(call, ETRETAT)
    draft = make_application(call, make_town_hall(HARFLEUR), title=DRAFT_TEXT)
    SectionAnswers.objects.create(
        application=draft, section_code="S1", values={"Q1": DRAFT_TEXT}, answered=1, updated_at=portal_now(),
        updated_by=draft.created_by,
    )  # fmt: skip
    return call, manager


def page(call, client=None, **query):
    response = (client or Client()).get(reverse("call_perimeter", args=[call.slug]), query)
    assert response.status_code == 200
    return response


def shown(response):
    return [row["standing"].name for row in response.context["rows"]]


def test_everyone_sees_who_may_apply_and_nothing_else(call_and_manager):
    call, _ = call_and_manager
    response = page(call)
    rows = {
        row["standing"].name: (row["standing"].overall, row["standing"].population) for row in response.context["rows"]
    }
    assert rows == {
        "Bénouville": ("eligible", 168),
        "Étretat": ("eligible", 1102),
        "Harfleur": ("ineligible", 8289),
        "Le Tilleul": ("eligible", 656),
    }
    html = ordinary(response.content.decode())
    assert "Sur 4 communes, 3 éligibles, 1 non éligible." in html
    assert [word in html for word in ("Déposé", "Brouillon", "Pas commencé", "Candidature<", "Retenue")] == [False] * 5
    assert [(shape.name, shape.state) for shape in response.context["map"].shapes] == [
        ("Bénouville", "eligible"), ("Étretat", "eligible"), ("Harfleur", "ineligible"), ("Le Tilleul", "eligible"),
    ]  # fmt: skip
    assert [(row["label"], row["total"], row["eligible"]) for row in response.context["strata"]] == [
        ("Moins de 1 000 hab.", 2, 2),
        ("1 000 hab. et plus", 2, 1),
    ]


def test_what_the_project_must_be_leaves_no_commune_to_be_checked(call_and_manager):
    call, _ = call_and_manager
    EligibilityRule.objects.create(
        call=call, position=2, code="JUGE", kind="judgement", label="Utilité", effect="blocking",
        parameters={"sentence": "Le projet est utile."},
    )  # fmt: skip
    response = page(call)
    assert {row["standing"].overall for row in response.context["rows"]} == {"eligible", "ineligible"}
    assert "Ce que le projet doit remplir reste à vérifier" in ordinary(response.content.decode())


def test_staff_see_who_applied_and_never_the_content_of_a_draft(call_and_manager):
    call, manager = call_and_manager
    response = page(call, client_of(manager))
    assert {row["standing"].name: row["file"] for row in response.context["rows"]} == {
        "Bénouville": "not_begun", "Étretat": "deposited", "Harfleur": "draft", "Le Tilleul": "not_begun",
    }  # fmt: skip
    assert {shape.name: shape.state for shape in response.context["map"].shapes} == {
        "Bénouville": "none", "Étretat": "deposited", "Harfleur": "draft", "Le Tilleul": "none",
    }  # fmt: skip
    assert [(row["deposited"], row["draft"], row["none"]) for row in response.context["strata"]] == [
        (0, 0, 2),
        (1, 1, 0),
    ]
    assert DRAFT_TEXT not in response.content.decode()


def test_a_role_of_some_communes_sees_the_files_of_these_only(call_and_manager):
    call, _ = call_and_manager
    officer = make_role(call, "officer")
    call.roles.filter(user=officer).update(scope=[ETRETAT[0]])
    response = page(call, client_of(officer))
    assert {row["standing"].name for row in response.context["rows"] if row["file"]} == {"Étretat"}


@pytest.mark.parametrize("role", ["adviser", None])
def test_whoever_does_not_read_the_files_sees_what_everyone_sees(call_and_manager, role):
    call, _ = call_and_manager
    other = make_call(make_institution("200023414", "Métropole Rouen Normandie", "rouen"))
    person = make_role(call, role) if role else make_role(other)
    assert not page(call, client_of(person)).context["staff"]


def test_the_selected_are_public_once_told():
    call, manager = make_staffed_call()
    decision = make_decision(call, manager)
    assert not page(call).context["told"]
    Decision.objects.filter(pk=decision.pk).update(notified_at=portal_now(), notified_by=manager)
    response = page(call)
    assert [row["standing"].name for row in response.context["rows"] if row["selected"]] == ["Étretat"]
    assert shown(page(call, retenue="oui")) == ["Étretat"]
    assert {shape.name: shape.state for shape in response.context["map"].shapes}["Étretat"] == "laureate"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "harf"}, ["Harfleur"]),
        ({"q": "le tilleul"}, ["Le Tilleul"]),
        ({"q": "76254"}, ["Étretat"]),
        ({"eligible": "ineligible"}, ["Harfleur"]),
        ({"eligible": "n’importe quoi"}, ["Bénouville", "Étretat", "Harfleur", "Le Tilleul"]),
        ({"candidature": "draft"}, ["Bénouville", "Étretat", "Harfleur", "Le Tilleul"]),
        ({"q": "introuvable"}, []),
    ],
)
def test_filters_of_everyone(call_and_manager, query, found):
    assert shown(page(call_and_manager[0], **query)) == found


def test_filters_of_staff(call_and_manager):
    call, manager = call_and_manager
    assert shown(page(call, client_of(manager), candidature="none")) == ["Bénouville", "Le Tilleul"]


def test_a_call_in_preparation_is_for_its_staff():
    call, manager = make_staffed_call(state="draft")
    url = reverse("call_perimeter", args=[call.slug])
    assert Client().get(url).status_code == 404
    assert client_of(manager).get(url).status_code == 200


def test_a_wide_perimeter_has_pages_and_no_map_of_one_departement(django_assert_num_queries):
    call, _ = make_staffed_call()
    model = make_town_hall(ETRETAT).commune
    Commune.objects.bulk_create(
        Commune(
            insee=f"99{n:03}", name=f"Essai {n:03}", search_name=f"essai {n:03}", department=model.department,
            intercommunality=model.intercommunality,
        )
        for n in range(MOST_COMMUNES)
    )  # fmt: skip
    response = page(call)
    assert (len(response.context["rows"]), response.context["map"]) == (60, None)
    assert len(standings_of(call)) == MOST_COMMUNES + 1
    with django_assert_num_queries(9):
        page(call)
