"""« Ma commune est-elle éligible ? »: an address to share, homonyms, former communes, groups, the right moment."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from calls.models import Call
from portal.core.clock import portal_now
from portal.territories.models import Commune, FormerName, Movement
from tests.calls.documents import ordinary
from tests.factories import BENOUVILLE, ETRETAT, HARFLEUR, make_call, make_commune, make_institution

pytestmark = pytest.mark.django_db


def address(call: Call, code: str = "") -> str:
    return (
        reverse("call_eligibility_of", args=[call.slug, code])
        if code
        else reverse("call_eligibility", args=[call.slug])
    )


def read(client: Client, call: Call, code: str = "", **query: str) -> str:
    response = client.get(address(call, code), query)
    assert response.status_code == 200
    return ordinary(response.content.decode())


def test_one_place_found_has_its_own_address(client: Client) -> None:
    call = make_call()
    make_commune(ETRETAT)
    response = client.get(address(call), {"commune": "etretat"})
    assert (response.status_code, response.url) == (302, address(call, "76254"))
    html = read(client, call, "76254")
    assert "<h1>Étretat est-elle éligible ?</h1>" in html
    assert "Oui, Étretat peut candidater." in html
    assert "76790, Seine-Maritime (76), Communauté urbaine Le Havre Seine Métropole" in html
    assert reverse("application_new", args=[call.slug]) in html
    assert "Ce qui est rempli" in html
    assert call.contact_email in html


def test_homonyms_say_departement_and_intercommunality(client: Client) -> None:
    call = make_call()
    make_commune(BENOUVILLE)
    make_commune(("76999", "217609999", "Bénouville", 0, 40))
    html = read(client, call, commune="Bénouville")
    assert [address(call, code) in html for code in ("76079", "76999")] == [True, True]
    assert html.count("Seine-Maritime (76), Communauté urbaine Le Havre Seine Métropole") == 2


def test_a_commune_outside_is_told_why_and_whom_to_ask(client: Client) -> None:
    call = make_call(make_institution("200067445", "Buëch-Dévoluy", "buech-devoluy"))
    make_institution()
    make_commune(BENOUVILLE)
    html = read(client, call, "76079")
    assert "Non, Bénouville ne peut pas candidater à cet appel." in html
    assert "Ce qui empêche de candidater" in html
    assert "Écrivez au service qui organise l’appel" in html
    assert reverse("application_new", args=[call.slug]) not in html


def test_an_uninhabited_commune_is_known_and_refused(client: Client) -> None:
    call = make_call()
    commune = make_commune(HARFLEUR)
    Commune.objects.filter(pk=commune.pk).update(inhabited=False)
    assert client.get(address(call), {"commune": "harfleur"}).url == address(call, HARFLEUR[0])
    assert "n’a aucun habitant" in read(client, call, HARFLEUR[0])


def test_a_former_commune_leads_to_the_one_of_today(client: Client) -> None:
    call = make_call()
    commune = make_commune(ETRETAT)
    day = (portal_now() - timedelta(days=900)).date()
    Movement.objects.create(
        kind=Movement.Kind.NEW_COMMUNE, effective_on=day, code_before="76998", name_before="Vieux-Bourg",
        code_after="76254", name_after="Étretat",
    )  # fmt: skip
    FormerName.objects.create(commune=commune, code="76998", name="Vieux-Bourg", search_name="vieux bourg", until=day)
    assert client.get(address(call, "76998")).url == address(call, "76254")
    assert client.get(address(call), {"commune": "Vieux-Bourg"}).url == address(call, "76254")
    page = client.get(reverse("call_page", args=[call.slug]), {"commune": "Vieux-Bourg"}).content.decode()
    assert "« Vieux-Bourg » fait aujourd’hui partie de Étretat" in ordinary(page)


def test_an_intercommunality_is_answered_only_where_the_call_admits_some(client: Client) -> None:
    call = make_call()
    make_commune(ETRETAT)
    siren = call.perimeter_codes[0]
    assert client.get(address(call, siren)).status_code == 404
    assert "est-elle éligible ?</a>" not in read(client, call, "76254")
    Call.objects.filter(pk=call.pk).update(applicant_kinds=["commune", "intercommunality"])
    html = read(client, call, siren)
    assert "Communauté urbaine Le Havre Seine Métropole est-elle éligible ?" in html
    assert address(call, siren) in read(client, call, "76254")
    assert "genre=intercommunalite" in html


def test_the_very_name_of_a_commune_is_enough(client: Client) -> None:
    call = make_call(applicant_kinds=["commune", "intercommunality"])
    make_commune(ETRETAT)
    make_commune(("76997", "217609997", "Étretat-sur-Essai", 0, 40))
    assert client.get(address(call), {"commune": "etretat"}).url == address(call, "76254")
    assert "Plusieurs communes portent ce nom." in read(client, call, commune="etreta")
    assert client.get(address(call), {"commune": "havre seine"}).url == address(call, call.perimeter_codes[0])


@pytest.mark.parametrize("code", ["99999", "000000000", "nulle-part"])
def test_an_unknown_code_is_not_found(client: Client, code: str) -> None:
    assert client.get(address(make_call(), code)).status_code == 404


def test_an_unknown_name_says_what_to_do(client: Client) -> None:
    html = read(client, make_call(), commune="introuvable")
    assert "Aucune commune ne correspond à ce nom." in html
    assert 'value="introuvable"' in html


MOMENTS = [
    (1, 20, "published", "Oui, Étretat pourra candidater à partir du"),
    (-1, 20, "published", "Oui, Étretat peut candidater."),
    (-40, -10, "published", "Trop tard : Étretat pouvait candidater, mais les candidatures sont closes depuis le"),
    (-40, -10, "archived", "Étretat remplissait les conditions, mais cet appel ne reçoit plus de candidature."),
    (-1, 20, "suspended", "Étretat remplit les conditions, mais l’appel est suspendu"),
]


@pytest.mark.parametrize(("opens", "closes", "state", "title"), MOMENTS)
def test_the_words_fit_the_moment_of_the_call(client: Client, opens: int, closes: int, state: str, title: str) -> None:
    now = portal_now()
    make_commune(ETRETAT)
    call = make_call(opens_at=now + timedelta(days=opens), closes_at=now + timedelta(days=closes))
    more = {"suspended_at": now, "state_reason": "Essai"} if state == "suspended" else {}
    Call.objects.filter(pk=call.pk).update(state=state, **more)
    html = read(client, call, "76254")
    assert title in html
    assert (reverse("application_new", args=[call.slug]) in html) == (title == MOMENTS[1][3])


def test_a_call_in_preparation_answers_nobody_outside(client: Client) -> None:
    call = make_call(state="draft")
    make_commune(ETRETAT)
    assert {client.get(url).status_code for url in (address(call), address(call, "76254"))} == {404}
