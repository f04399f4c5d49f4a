"""The public pages: what everyone reads, in any state of the call."""

import re
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from applications.models import Decision
from calls.definition.load import load
from calls.definition.reading import read
from calls.models import Call, CallTransition, Grid
from calls.presentation import calendar_of, grid_sentence
from calls.services import publication
from portal.core.clock import at_instant, portal_now
from tests.applications.staff.makers import make_decision, make_staffed_call
from tests.calls.documents import ordinary
from tests.factories import BENOUVILLE, ETRETAT, make_call, make_commune, make_institution, make_role, make_user, paris

pytestmark = pytest.mark.django_db


def page(client: Client, call, **query: str) -> str:
    return client.get(reverse("call_page", args=[call.slug]), query).content.decode()


def test_an_open_call_shows_its_limit_and_its_door(client: Client) -> None:
    now = portal_now()
    call = make_call(opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=19, hours=1))
    html = page(client, call)
    assert "19 jours" in html.replace("\u00a0", " ")
    assert reverse("application_new", args=[call.slug]) in html


def test_a_closed_call_has_no_door_and_says_since_when(client: Client) -> None:
    now = portal_now()
    call = make_call(opens_at=now - timedelta(days=40), closes_at=now - timedelta(days=10))
    html = page(client, call)
    assert reverse("application_new", args=[call.slug]) not in html
    assert "Les candidatures sont closes depuis le" in html


def test_a_call_in_preparation_is_for_its_staff_only(client: Client) -> None:
    call = make_call(state="draft")
    assert client.get(reverse("call_page", args=[call.slug])).status_code == 404
    client.force_login(make_role(call))
    assert client.get(reverse("call_page", args=[call.slug])).status_code == 200


def test_the_check_answers_with_its_reason(client: Client) -> None:
    call = make_call()
    make_commune(ETRETAT)
    html = page(client, call, commune="etretat")
    assert "Oui, Étretat peut candidater." in html
    assert "Dans le périmètre de l’appel" in html


def test_the_check_refuses_with_its_reason(client: Client) -> None:
    call = make_call(make_institution("200067445", "Buëch-Dévoluy", "buech-devoluy"))
    make_institution()
    make_commune(BENOUVILLE)
    html = page(client, call, commune="Bénouville")
    assert "Non, Bénouville ne peut pas candidater" in html
    assert "est membre de Le Havre Seine Métropole" in html


def test_all_questions_are_public(client: Client) -> None:
    html = client.get(reverse("call_questions", args=[make_call().slug])).content.decode().replace("\u00a0", " ")
    assert "Quels besoins" in html
    assert "peut être promise jusqu’au 15 mai 2027" in html


def test_the_rules_of_notation_are_said_without_useless_zeros(client: Client) -> None:
    call = make_call()
    html = ordinary(page(client, call))
    sentence = "Sur 100 points. Il en faut 50 pour être retenu ; une lauréate au plus, une en liste complémentaire."
    assert sentence in html
    assert "Note minimale : 20<" in html
    assert grid_sentence(None) == ""
    assert ordinary(grid_sentence(Grid(total=40))) == "Sur 40 points."


def test_the_calendar_says_the_year_where_it_changes() -> None:
    call = make_call(opens_at=paris(2026, 11, 2, 9), closes_at=paris(2026, 12, 11, 23, 59))
    shown = [milestone.when.replace("\u00a0", " ") for milestone in calendar_of(call, paris(2026, 11, 22))]
    assert shown == ["lun. 2 novembre, 9 h 00", "ven. 11 décembre, 23 h 59", "mer. 5 mai 2027"]
    shown = [milestone.when.replace("\u00a0", " ") for milestone in calendar_of(call, paris(2027, 1, 2))]
    assert shown == ["lun. 2 novembre 2026, 9 h 00", "ven. 11 décembre, 23 h 59", "mer. 5 mai 2027"]


def test_a_homonym_is_told_apart_by_its_code(client: Client) -> None:
    call = make_call()
    make_commune(BENOUVILLE)
    make_commune(("76999", "217609999", "Bénouville", 0, 40))
    html = page(client, call, commune="Bénouville")
    assert [code in html for code in ("/eligible/76079/", "/eligible/76999/", "peut candidater.")] == [
        True,
        True,
        False,
    ]
    assert "Oui, Bénouville peut candidater." in page(client, call, commune="Bénouville", insee="76079")


# --- what the document holds -------------------------------------------------------------------------------------

CATALOGUE = Path(__file__).parents[2] / "calls/catalogue/territoire-promoteur-de-sante.yaml"


def test_the_page_of_a_programme_tells_its_whole_document(client: Client) -> None:
    document = read(CATALOGUE.read_text())
    call = load(document, owner=make_institution(), at=portal_now())
    Call.objects.filter(pk=call.pk).update(state="published", published_at=portal_now())
    html = ordinary(page(client, call))
    titles = re.findall(r"<h2[^>]*>([^<]+)</h2>", html)
    assert titles == [
        "Documents", "Une question ?", "Ma commune est-elle éligible ?", "En bref", "Calendrier", "Qui peut candidater",
        "Ce que reçoivent les candidatures retenues", "Comment les candidatures sont notées", "Questions et réponses",
        "Qui donne un avis, qui décide", "Ce à quoi le candidat s’engage", "Les partenaires", "Ce qui sera mesuré",
        "Vos données personnelles", "Le texte de l’appel",
    ]  # fmt: skip
    told = [
        *(partner.name for partner in document.partners), *(rule.label for rule in document.eligibility),
        *(stratum.label for stratum in document.strata), *(phase.title for phase in document.phases),
        *(undertaking.label for undertaking in document.undertakings), *(seat.label for seat in document.jury.seats),
        *(indicator.label for indicator in document.indicators), *(text.title for text in document.texts),
        document.decision.authority, document.decision.court.name, document.data_notice.dpo_mail,
    ]  # fmt: skip
    words = unescape(html)
    assert [text for text in told if ordinary(text) not in words] == []


def test_a_small_call_shows_only_what_it_holds(client: Client) -> None:
    call = make_call(contact_phone="")
    call.undertakings.all().delete()
    titles = re.findall(r"<h2[^>]*>([^<]+)</h2>", ordinary(page(client, call)))
    assert titles == [
        "Documents", "Une question ?", "Ma commune est-elle éligible ?", "Calendrier", "Qui peut candidater",
        "Ce que reçoivent les candidatures retenues", "Comment les candidatures sont notées",
        "Questions et réponses", "Qui donne un avis, qui décide",
    ]  # fmt: skip


def test_the_page_costs_the_same_for_one_and_for_many_parts(client: Client, django_assert_num_queries) -> None:
    document = read(CATALOGUE.read_text())
    call = load(document, owner=make_institution(), at=portal_now())
    Call.objects.filter(pk=call.pk).update(state="published", published_at=portal_now())
    page(client, call)
    with django_assert_num_queries(28):
        page(client, call)


def test_what_is_ranked_apart_is_said_with_its_places(client: Client, full_call: Call) -> None:
    Call.objects.filter(pk=full_call.pk).update(state="published", published_at=portal_now())
    html = ordinary(page(client, full_call))
    block = html[html.index('id="classements"') :].partition("</section>")[0]
    assert "Ce qui est classé à part" in block
    assert "Le volet est « Places » : 3 lauréates au plus, 1 en liste complémentaire, seuil de 45,5 points." in block
    assert "Les autres candidatures" in block
    full_call.rankings.all().delete()
    assert 'id="classements"' not in page(client, full_call)


def test_the_words_of_a_revision_are_read_once(client: Client, django_assert_num_queries) -> None:
    owner, manager, at = make_institution(), make_user(), portal_now()
    call = publication.import_call(CATALOGUE.read_text(), owner=owner, by=manager, at=at)
    publication.publish_call(call=call, asked_by=manager, by=make_user(), at=at)
    partner = call.partners.all()[0]
    first = page(client, call)
    with django_assert_num_queries(14):
        assert page(client, call) == first
    partner.name = "Un autre partenaire"
    partner.save()
    publication.new_revision(call, by=manager, at=at, note="Un partenaire.")
    assert "Un autre partenaire" in page(client, call)


# --- past and dropped calls --------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["cancelled", "archived"])
def test_a_dropped_call_stays_with_its_badge_and_no_door(client: Client, state: str) -> None:
    call = make_call(state=state)
    CallTransition.objects.create(
        call=call, transition="cancel", from_state="published", to_state="cancelled", by=make_user(),
        happened_at=paris(2027, 3, 3, 10), reason="Motif interne",
    )  # fmt: skip
    html = ordinary(page(client, call))
    listed = ordinary(client.get(reverse("call_list")).content.decode())
    assert "Classé sans suite" in listed
    assert "Depuis le 3 mars 2027, aucune candidature n’est plus reçue." in html
    for text in (html, listed):
        assert "Motif interne" not in text
        assert 'class="deadline' not in text
        assert "Clôture des candidatures" not in text
        assert reverse("application_new", args=[call.slug]) not in text
    assert "Ma commune est-elle éligible" not in html


@pytest.mark.parametrize("state", ["published", "archived"])
def test_a_past_call_stays_listed_with_its_laureates(client: Client, state: str) -> None:
    call, manager = make_staffed_call()
    decision = make_decision(call, manager)
    now = portal_now()
    Decision.objects.filter(pk=decision.pk).update(notified_at=now, notified_by=manager)
    Call.objects.filter(pk=call.pk).update(state=state)
    with at_instant(now + timedelta(days=400)):
        listed = ordinary(client.get(reverse("call_list")).content.decode())
        html = ordinary(page(client, call))
        laureates = ordinary(client.get(reverse("call_laureates", args=[call.slug])).content.decode())
        facts = client.get(reverse("call_json", args=[call.slug])).json()
    for text in (listed, html):
        assert "1 lauréate<" in text
        assert reverse("call_laureates", args=[call.slug]) in text
    assert "1 commune retenue" in laureates
    assert facts["laureates"] == f"https://ami.exemple.fr{reverse('call_laureates', args=[call.slug])}"
