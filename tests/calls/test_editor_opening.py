"""« Ouvrir un appel » on a blank page (from another call: `test_editions.py`)."""

from typing import Any

import pytest
from django.test import Client

from calls.definition.dump import dump
from calls.definition.reading import canonical, read
from calls.models import Call, CallRole
from portal.accounts.models import Organisation
from tests.calls.pages import at, errors
from tests.factories import make_institution, make_member

pytestmark = pytest.mark.django_db


OPENING = {
    "title": "Des places à vivre", "edition": "2027", "opens_at-0": "2027-01-15",
    "opens_at-1": "09:00:00", "closes_at-0": "2027-03-31", "closes_at-1": "23:59:59",
}  # fmt: skip


def open_call(client: Client, **changes: Any) -> Any:
    owner = make_institution()
    client.force_login(make_member(owner, "manager"))
    return client.post(f"/gestion/organismes/{owner.uuid}/ouvrir/", {**OPENING, **changes})


def test_a_blank_call_stands_and_names_what_is_to_be_written(client: Client) -> None:
    assert open_call(client).status_code == 302
    call = Call.objects.get()
    document = dump(call)
    assert (call.state, call.slug, call.code_prefix) == ("draft", "des-places-a-vivre-2027", "PV")
    assert f"{document.closes_at:%Y-%m-%d %H:%M:%S}" == "2027-03-31 23:59:59"
    assert read(canonical(document)) == document
    assert list(CallRole.objects.values_list("call", "role")) == [(call.pk, "manager")]
    page = client.get(at(call))
    waiting = {state.room.code: state.words for state in page.context["rooms"] if "à compléter" in state.words}
    assert waiting == {
        "identite": "1 à compléter", "presentation": "1 à compléter", "offre": "1 à compléter",
        "decision": "2 à compléter", "donnees": "1 à compléter",
    }  # fmt: skip
    assert [room.code for room in page.context["unused"]] == ["argent", "grille", "jury", "convention"]


def test_a_second_call_of_the_same_name_takes_another_address(client: Client) -> None:
    open_call(client)
    open_call(client)
    assert set(Call.objects.values_list("slug", "code_prefix")) == {
        ("des-places-a-vivre-2027", "PV"),
        ("des-places-a-vivre-2027-2", "PV2"),
    }


def test_an_agency_without_territory_is_asked_for_it(client: Client) -> None:
    owner = make_institution()
    Organisation.objects.filter(pk=owner.pk).update(intercommunality=None)
    open_call(client)
    assert dump(Call.objects.get()).perimeter.label == "À compléter : le territoire de l’appel"


def test_a_body_without_siren_opens_no_call(client: Client) -> None:
    owner = make_institution()
    client.force_login(make_member(owner, "manager"))
    Organisation.objects.filter(pk=owner.pk).update(siren=None)
    answer = client.post(f"/gestion/organismes/{owner.uuid}/ouvrir/", OPENING)
    assert (answer.status_code, Call.objects.count()) == (403, 0)
    assert "n’a pas de SIREN" in answer.content.decode()


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"title": ""}, "title", "Écrivez le titre de l’appel."),
        ({"closes_at-1": "23:59"}, "closes_at", "Il manque les secondes : écrivez 2027-03-31 23:59:59."),
        ({"closes_at-1": "00:00"}, "closes_at", "Minuit de quel jour ?"),
        ({"closes_at-0": "2027-01-14"}, "closes_at", "La clôture doit venir après l’ouverture."),
        ({"opens_at-0": ""}, "opens_at", "n’est pas un instant"),
    ],
)
def test_opening_refuses_beside_the_field(client: Client, changes: dict, field: str, message: str) -> None:
    found = errors(open_call(client, **changes))
    assert set(found) == {field}
    assert message in found[field][0]
    assert not Call.objects.exists()
