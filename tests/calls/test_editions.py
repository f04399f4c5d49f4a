"""A new call from an existing one: dates by whole weeks, identity proposed, never in place of another."""

from datetime import date

import pytest

from calls.definition.lint import lint
from calls.definition.shifting import new_edition
from calls.models import Call, CallRole
from calls.services import editions, publication
from portal.core.calendar import PARIS
from portal.core.clock import portal_now
from portal.core.rules import Refused
from tests.calls.documents import SMALL, small
from tests.factories import make_institution, make_member, make_user, paris

CLOSING = paris(2028, 6, 28, 23, 59, 59)
WITH_JURY = ("windows:\n", "calendar:\n  - code: jury\n    when: 2027-09-10 09:00:00\nwindows:\n")


def test_dates_move_by_whole_weeks_and_the_closing_is_exact() -> None:
    moved = new_edition(small(WITH_JURY), closes_at=CLOSING, slug="des-places-2028", prefix="DPV", edition="2028")
    (window,), (jury,) = moved.windows, moved.calendar
    assert window.closes_at == CLOSING
    assert window.opens_at == paris(2028, 1, 14, 9)  # 364 days after Friday 15 January 2027
    assert (jury.when.at.astimezone(PARIS), jury.when.day.weekday()) == (paris(2028, 9, 8, 9), 4)
    assert (moved.slug, moved.edition) == ("des-places-2028", "2028")


def test_the_clock_change_keeps_the_hour() -> None:
    moved = new_edition(
        small(WITH_JURY), closes_at=paris(2028, 12, 20, 23, 59, 59), slug="a", prefix="AB", edition="2028"
    )
    assert moved.calendar[0].when.at.astimezone(PARIS).hour == 9


@pytest.mark.django_db
def test_the_next_edition_is_proposed_then_opened() -> None:
    owner, manager, at = make_institution(), make_user(), portal_now()
    call = publication.import_call(SMALL, owner=owner, by=manager, at=at)
    document = publication.document_now(call)
    proposal = editions.proposal_for(document)
    assert (proposal.slug, proposal.prefix, proposal.edition) == ("des-places-a-vivre-2028", "DPV", "2028")
    assert proposal.closes_at.astimezone(PARIS).date() == date(2028, 6, 28)
    new = editions.open_edition(
        document=document, owner=owner, closes_at=proposal.closes_at, slug=proposal.slug, prefix=proposal.prefix,
        edition=proposal.edition, by=manager, at=at,
    )  # fmt: skip
    assert (new.state, new.slug, Call.objects.count()) == ("draft", "des-places-a-vivre-2028", 2)
    assert CallRole.objects.get(call=new).user == manager
    for changes, sentence in (({"slug": call.slug}, "déjà cette adresse"), ({"slug": "autre"}, "numérote déjà")):
        with pytest.raises(Refused, match=sentence):
            editions.open_edition(
                document=document, owner=owner, by=manager, at=at,
                **{"closes_at": CLOSING, "slug": "x", "prefix": "DPV", "edition": "2028", **changes},
            )  # fmt: skip


@pytest.mark.django_db
def test_a_catalogue_call_becomes_ones_own() -> None:
    owner = make_institution("200067445", "Buëch-Dévoluy", "buech-devoluy")
    document = editions.catalogue()["territoire-promoteur-de-sante"]
    mine = editions.adopted(document, owner)
    assert (mine.owner.siren, mine.perimeter.codes) == ("200067445", ("200067445",))
    assert mine.contact.mail == "contact@buech-devoluy.exemple.fr"
    assert editions.adopted(mine, owner) == mine


# --- screens -----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_from_the_list_to_the_advice(client) -> None:
    owner = make_institution()
    manager = make_member(owner, "manager")
    call = publication.import_call(SMALL, owner=owner, by=manager, at=portal_now())
    client.force_login(manager)
    assert (
        f"/gestion/appels/{call.slug}/repartir/" in client.get(f"/gestion/organismes/{owner.uuid}/nouvel-appel/").text
    )
    address = f"/gestion/appels/{call.slug}/repartir/"
    assert 'value="des-places-a-vivre-2028"' in client.get(address).text
    told = {
        "edition": "2028",
        "slug": "des-places-a-vivre-2028",
        "prefix": "DPV",
        "day": "2028-06-25",
        "hour": "23:59:59",
    }
    answer = client.post(address, told)
    page = client.get(answer["Location"]).text
    assert "La clôture tombe un dimanche" in page
    assert Call.objects.get(slug="des-places-a-vivre-2028").windows.get().closes_at == paris(2028, 6, 25, 23, 59, 59)
    assert lint(publication.document_now(Call.objects.get(slug="des-places-a-vivre-2028")))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"slug": "Pas bon"}, "écrivez en minuscules"),
        ({"slug": "des-places-a-vivre-2027"}, "Un appel a déjà cette adresse"),
        ({"prefix": "dpv"}, "écrivez deux à huit majuscules"),
        ({"edition": "2027"}, "Un autre appel numérote déjà"),
        ({"day": "2028-03-26", "hour": "02:30:00"}, "n’existe pas"),
        ({"hour": ""}, "avec ses secondes"),
    ],
)
def test_a_wrong_edition_is_refused_beside_its_field(client, changes, sentence) -> None:
    owner = make_institution()
    manager = make_member(owner, "manager")
    call = publication.import_call(SMALL, owner=owner, by=manager, at=portal_now())
    client.force_login(manager)
    told = {"edition": "2028", "slug": "des-places-2028", "prefix": "DPV", "day": "2028-06-28", "hour": "23:59:59"}
    page = client.post(f"/gestion/appels/{call.slug}/repartir/", {**told, **changes})
    assert page.status_code == 200
    assert sentence in page.text
    assert Call.objects.count() == 1


@pytest.mark.django_db
def test_only_a_manager_of_the_organiser_opens_a_call(client) -> None:
    owner = make_institution()
    manager = make_member(owner, "manager")
    call = publication.import_call(SMALL, owner=owner, by=manager, at=portal_now())
    officer = make_member(owner, "editor")
    CallRole.objects.create(user=officer, call=call, role="officer", starts_at=portal_now())
    client.force_login(officer)
    assert client.get(f"/gestion/appels/{call.slug}/repartir/").status_code == 404
    assert client.get(f"/gestion/organismes/{owner.uuid}/nouvel-appel/").status_code == 404
