"""A call by invitation list: organisations that are no commune are named in preparation, written to once published."""

import pytest
from django.test import Client
from django.urls import reverse

from calls.models import Call
from calls.services import guests
from portal.accounts.models import Invitation, Membership, Organisation
from portal.accounts.services.invitations import accept_invitation
from portal.core.clock import portal_now
from portal.core.models import OutboundEmail
from portal.core.rules import Refused
from tests.calls.documents import ordinary
from tests.calls.pages import document_of
from tests.factories import make_call, make_member, make_role, make_user

pytestmark = pytest.mark.django_db
AGENCY = {"siren": "180 089 013", "name": "Muséum", "kind": "operator", "contact": "Museum@exemple.fr"}


def url(call: Call, name: str = "call_guests") -> str:
    return reverse(name, args=[call.slug])


def plain(response) -> str:
    return ordinary(response.content.decode())


def publish(call: Call, *codes: str) -> Call:
    """By invitation, open since long, with this list."""
    now = portal_now()
    call.extras = {**call.extras, "access": {"kind": "invitation", "invited": list(codes)}}
    call.state, call.published_at = "published", now
    call.save()
    return call


def test_an_organisation_is_put_on_the_list_in_preparation(client: Client, full_call: Call) -> None:
    client.force_login(make_role(full_call))
    assert "Elle compte aussi 2 communes" in plain(client.get(url(full_call)))
    assert client.post(url(full_call), AGENCY).status_code == 302
    assert document_of(full_call).access.invited == ("76254", "76341", "180089013")
    made = Organisation.objects.get(siren="180089013")
    assert (made.name, made.kind, made.official_email) == ("Muséum", "operator", "Museum@exemple.fr")
    page = plain(client.get(url(full_call)))
    assert "Opérateur ou agence, SIREN 180089013, Museum@exemple.fr" in page
    assert "Pas encore écrit" in page
    assert "Écrire aux organismes invités</button>" not in page
    assert "déjà sur la liste" in plain(client.post(url(full_call), AGENCY))
    assert not OutboundEmail.objects.exists()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"siren": "18008901"}, "n’est pas un SIREN"),
        ({"siren": "180089014"}, "vérifiez les neuf chiffres"),
        ({"siren": ""}, "Écrivez le SIREN de l’organisme"),
        ({"name": " "}, "Écrivez le nom de l’organisme."),
        ({"kind": "commune"}, "commune"),
        ({"kind": ""}, "Choisissez la nature de l’organisme."),
        ({"contact": "museum"}, "Écrivez une adresse complète"),
    ],
)
def test_a_bad_line_is_refused_and_kept(client: Client, full_call: Call, change: dict, message: str) -> None:
    client.force_login(make_role(full_call))
    answer = client.post(url(full_call), AGENCY | change)
    assert answer.status_code == 200
    assert message in plain(answer)
    assert (document_of(full_call).access.invited, Organisation.objects.filter(siren="180089013").count()) == (
        ("76254", "76341"),
        0,
    )


def test_the_mailbox_of_a_known_organisation_is_not_moved(client: Client, full_call: Call) -> None:
    Organisation.objects.create(siren="180089013", name="Muséum", kind="operator", official_email="vrai@exemple.fr")
    client.force_login(make_role(full_call))
    page = plain(client.post(url(full_call), AGENCY))
    assert "à une autre adresse (v•••@exemple.fr)" in page
    assert "vrai@exemple.fr" not in page
    assert document_of(full_call).access.invited == ("76254", "76341")


def test_once_published_each_receives_one_link_that_lets_sign(client: Client, full_call: Call) -> None:
    manager = make_role(full_call)
    client.force_login(manager)
    client.post(url(full_call), AGENCY)
    call = publish(full_call, "76254", "180089013")
    assert client.post(url(call), AGENCY | {"siren": "130005481"}).status_code == 403
    assert "arrêtée à la publication" in plain(client.get(url(call)))
    for _ in range(2):
        assert client.post(url(call, "call_guests_write")).status_code == 302
    (invitation,) = Invitation.objects.all()
    (mail,) = OutboundEmail.objects.filter(recipient="museum@exemple.fr")
    assert "candidater à l’appel" in ordinary(mail.body)
    assert "Lien envoyé" in plain(client.get(url(call)))
    user, path = accept_invitation(invitation=invitation, at=portal_now())
    assert path == f"/appels/{call.slug}/"
    held = Membership.objects.get(user=user)
    assert (held.organisation.siren, held.right, held.state) == ("180089013", "signatory", "confirmed")
    assert "Accès ouvert" in plain(client.get(url(call)))


def test_a_link_that_expired_is_sent_again(client: Client, full_call: Call) -> None:
    client.force_login(make_role(full_call))
    client.post(url(full_call), AGENCY)
    call = publish(full_call, "180089013")
    client.post(url(call, "call_guests_write"))
    Invitation.objects.update(expires_at=portal_now())
    page = plain(client.get(url(call)))
    assert "Lien expiré" in page
    one = Organisation.objects.get(siren="180089013")
    client.post(url(call, "call_guests_write"), {"organisme": str(one.uuid)})
    assert "Lien envoyé" in plain(client.get(url(call)))
    assert Invitation.objects.count() == 2


def test_who_is_in_charge_already_receives_the_news_and_nobody_enters(full_call: Call) -> None:
    manager = make_role(full_call)
    organisation = Organisation.objects.create(siren="180089013", name="Muséum", kind="operator")
    person = make_member(organisation, "manager")
    call = publish(full_call, "180089013")
    assert guests.write_to_guests(call=call, by=manager, at=portal_now()) == 1
    assert guests.write_to_guests(call=call, by=manager, at=portal_now()) == 0
    (mail,) = OutboundEmail.objects.all()
    assert (mail.kind, mail.recipient) == ("call.guest", person.email)
    assert not Invitation.objects.exists()
    with pytest.raises(Refused, match="a déjà son accès"):
        guests.write_again(call=call, organisation=organisation, by=manager, at=portal_now())


def test_a_commune_is_invited_as_a_commune(full_call: Call) -> None:
    from tests.factories import make_town_hall

    town = make_town_hall()
    Organisation.objects.filter(pk=town.pk).update(siren="180089013")
    told = {**AGENCY, "siren": "180089013"}
    with pytest.raises(Refused, match="C’est le SIREN d’une commune"):
        guests.add_guest(call=full_call, by=make_role(full_call), at=portal_now(), **told)


def test_only_managers_of_a_call_by_invitation(client: Client, full_call: Call) -> None:
    client.force_login(make_role(full_call, "officer"))
    assert client.get(url(full_call)).status_code == 403
    other = make_call()
    client.force_login(make_role(other))
    answer = client.get(url(other))
    assert (answer.status_code, "n’est pas sur invitation" in answer.content.decode()) == (403, True)
    assert client.get(url(full_call)).status_code == 404
    client.force_login(make_user())
    assert client.get(url(full_call)).status_code == 404


def test_the_page_costs_the_same_for_one_and_for_three(
    client: Client, full_call: Call, django_assert_num_queries
) -> None:
    client.force_login(make_role(full_call))
    counts = []
    for n, siren in enumerate(("180089013", "130005481", "775671902")):
        client.post(url(full_call), AGENCY | {"siren": siren, "contact": f"o{n}@exemple.fr"})
        if n in (0, 2):
            with django_assert_num_queries(14):
                counts.append(len(client.get(url(full_call)).context["rows"]))
    assert counts == [1, 3]
