"""The back office makes every kind of rule by hand, without script, and gives back what the file says."""

import pytest
from django.test import Client

from calls.definition.eligibility import MODELS, read_rule
from calls.definition.reading import canonical, read
from calls.models import Call
from tests.calls.pages import at, document_of, errors, save, typed

pytestmark = pytest.mark.django_db
PROPER: dict[str, dict[str, object]] = {
    "perimeter": {},
    "place": {"place__kind": "department", "place__codes": "76\n27", "place__label": "Normandie orientale"},
    "excluded": {"intercommunalities": "200084952\n200065597", "bears_on": "lead"},
    "attribute": {"attribute": "ACV", "name": "Action cœur de ville", "values": "oui\nsignée", "bears_on": "each"},
    "same_intercommunality": {},
    "population": {
        "of": "commune", "population_kind": "totale", "year": "2023", "below": "20000", "bears_on": "sum",
    },
    "applicant_kind": {"kinds": ["commune", "state"], "bears_on": "lead"},
    "members": {"at_least": "2", "at_most": "3"},
    "joint": {"joint": "needed", "partner": "intercommunality"},
    "max_applications": {"max": "1", "group_max": "3"},
    "selected_before": {"programme": "PVD", "edition": "2025", "track": "places", "bears_on": "each"},
    "answer": {"question": "etat", "equals": "Des études"},
    "start": {"question": "debut", "not_before": "2027-03-01"},
    "cost": {"question": "financements", "column": "combien", "at_most": "100000"},
    "duration": {"question": "surface", "below": "36"},
    "declaration": {"question": "promis"},
    "judgement": {},
}  # fmt: skip
COMMON = {
    "label": "Une règle", "sentence": "La règle, en clair.", "effect": "justify", "derogable": "on",
    "derogable_by": "officer", "shown": "{candidat} ne convient pas.",
}  # fmt: skip
EXPECTED = {
    "label": "Une règle", "sentence": "La règle, en clair.", "effect": "justify", "derogable": True,
    "derogable_by": "officer", "shown": "{candidat} ne convient pas.",
}  # fmt: skip
WRITTEN: dict[str, dict[str, object]] = {
    **PROPER,
    "place": {"place": {"kind": "department", "codes": ["76", "27"], "label": "Normandie orientale"}},
    "excluded": {"intercommunalities": ["200084952", "200065597"], "bears_on": "lead"},
    "attribute": {"attribute": "ACV", "name": "Action cœur de ville", "values": ["oui", "signée"], "wanted": False},
    "answer": {"question": "etat", "equals": "etudes"},
}


def test_the_walk_leaves_no_kind_out():
    assert set(PROPER) == set(MODELS)


@pytest.mark.parametrize("kind", list(MODELS))
def test_a_rule_of_every_kind_is_made_by_hand(writer: Client, full_call: Call, kind: str):
    url = at(full_call, f"ajouter/eligibility/?nature={kind}")
    assert writer.get(url).status_code == 200
    answer = writer.post(url, {**COMMON, **PROPER[kind]})
    assert answer.status_code == 302, answer.context["form"].errors
    document = document_of(full_call)
    made = document.eligibility[-1]
    assert made == read_rule(kind=kind, code=made.code, parameters={**EXPECTED, **WRITTEN[kind]})
    assert read(canonical(document)) == document
    page = at(full_call, f"fiches/eligibility/{made.code}/")
    assert {name: values for name, values in typed(writer.get(page)).items() if name in COMMON} == {
        name: [value] for name, value in COMMON.items()
    }
    assert save(writer, page).status_code == 302
    assert document_of(full_call) == document


def test_a_field_that_the_rule_has_not_is_told_beside_it(writer: Client, full_call: Call):
    url = at(full_call, "ajouter/eligibility/?nature=members")
    found = errors(writer.post(url, {**COMMON, "at_least": "2", "shown": "Il en faut {source}."}))
    assert found == {
        "shown": ["« {source} » n’est pas un champ de cette règle : les champs sont {candidat}, {chiffre}, {seuil}."]
    }
