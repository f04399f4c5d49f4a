"""The link that answers a claim: it ends, says when, and is sent again at most once an hour."""

import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from portal.accounts import rules
from portal.accounts.actions import actions_for
from portal.accounts.models import Claim, ClaimLink, Membership, User
from portal.accounts.services import claim_commune, name_signatory, refuse_claim, send_again
from portal.core.clock import at_instant, portal_now
from portal.core.models import OutboundEmail
from portal.core.rules import Refused
from portal.core.typography import format_instant, format_time
from tests.accounts.helpers import body_of, mails, path_in, spaced, text_of
from tests.factories import ETRETAT, make_member, make_town_hall, make_user

pytestmark = pytest.mark.django_db
OFFICIAL = "claim-official"
FORTNIGHT, HOUR = timedelta(days=14), timedelta(hours=1)


@pytest.fixture
def claim():
    """A person who waits in Étretat."""
    user = make_user("agent@exemple.fr", full_name="Dominique Essai")
    membership = claim_commune(user=user, commune=make_town_hall().commune, at=portal_now())
    return membership.claims.get()


def link_of(claim: Claim, n: int = 1) -> ClaimLink:
    return claim.links.get(n=n)


def until(link: ClaimLink) -> str:
    return spaced(format_instant(link.expires_at))


def follow(claim: Claim) -> str:
    return reverse("claim_follow", args=[claim.pk])


def again(claim: Claim) -> str:
    return reverse("claim_send_again", args=[claim.pk])


# --- until when ---------------------------------------------------------------------------------------------------


def test_the_mail_and_the_page_say_until_when(client, claim):
    link = link_of(claim)
    assert (link.expires_at - link.sent_at, link.sent_by) == (FORTNIGHT, None)
    (mail,) = mails(OFFICIAL)
    assert f"Le lien ci-dessous vaut jusqu’au {until(link)}, heure de Paris." in body_of(mail)
    assert (mail.guarantee, mail.period) == ("at_most_once", "1")
    assert f"Répondez avant le {until(link)}." in text_of(client.get(path_in(mail)))


def test_an_ended_link_answers_nothing_and_says_what_to_do(client, claim):
    path, link = path_in(mails(OFFICIAL)[0]), link_of(claim)
    with at_instant(link.expires_at - timedelta(minutes=5)):
        assert "travaille-t-elle" in text_of(client.get(path))
    with at_instant(link.expires_at):
        page = text_of(client.get(path))
        assert ("Ce lien a expiré" in page, f"Il valait jusqu’au {until(link)}." in page) == (True, True)
        assert ("Recevoir un nouveau lien" in page, "Oui, elle travaille" in page) == (True, False)
        refused = text_of(client.post(path, {"answer": "yes"}))
        assert f"Ce lien a expiré le {until(link)}. Demandez-en un autre, puis répondez." in refused
    claim.refresh_from_db()
    assert (claim.state, claim.membership.state) == ("open", "pending")


def test_the_mailbox_asks_for_another_link_from_the_ended_one(client, claim):
    path, first = path_in(mails(OFFICIAL)[0]), link_of(claim)
    with at_instant(first.expires_at + HOUR):
        assert client.post(path, {"send": "1"}).status_code == 302
        page = text_of(client.get(path))
        assert "Un nouveau lien part à m•••@exemple.fr." in page
        assert "Un lien plus récent est parti à cette même adresse" in page
        assert "Le lien vient de partir." in page
        second = mails(OFFICIAL)[1]
        assert (second.recipient, second.period) == ("mairie.76254@exemple.fr", "2")
        client.post(path_in(second), {"answer": "yes"})
    claim.refresh_from_db()
    assert (claim.state, link_of(claim, 2).sent_by) == ("accepted", None)


def test_an_earlier_link_works_until_its_own_end(client, claim):
    first = path_in(mails(OFFICIAL)[0])
    with at_instant(portal_now() + 2 * HOUR):
        send_again(claim=claim, by=claim.membership.user, at=portal_now())
        client.post(first, {"answer": "yes"})
    claim.refresh_from_db()
    assert claim.state == "accepted"


# --- sent again -----------------------------------------------------------------------------------------------------


def test_the_claimant_follows_and_sends_again_once_an_hour(client, claim):
    claimant, first = claim.membership.user, link_of(claim)
    client.force_login(claimant)
    (action,) = actions_for(claimant, portal_now())
    assert (action.title, action.url) == ("Faire confirmer votre rattachement : Commune de Étretat", follow(claim))
    page = text_of(client.get(follow(claim)))
    assert f"m•••@exemple.fr. Il vaut jusqu’au {until(first)}." in page
    at = spaced(format_time(first.sent_at + HOUR))
    assert f"Le lien vient de partir. Il pourra être renvoyé à {at}." in page
    assert "Renvoyer le lien à la mairie" not in page
    assert "Le lien vient de partir." in text_of(client.post(again(claim), follow=True))
    assert len(mails(OFFICIAL)) == 1
    with at_instant(first.sent_at + HOUR + timedelta(seconds=1)):
        assert "Renvoyer le lien à la mairie" in text_of(client.get(follow(claim)))
        sent = text_of(client.post(again(claim), follow=True))
        assert f"Il vaut jusqu’au {until(link_of(claim, 2))}." in sent
        client.post(again(claim))
    assert [(mail.period, mail.recipient) for mail in mails(OFFICIAL)] == [
        ("1", "mairie.76254@exemple.fr"),
        ("2", "mairie.76254@exemple.fr"),
    ]
    assert link_of(claim, 2).sent_by == claimant


def test_whoever_named_a_signatory_sends_again_too(client):
    town_hall = make_town_hall()
    editor, named = make_member(town_hall, "editor"), make_user("maire@exemple.fr", full_name="Camille Essai")
    claim = name_signatory(organisation=town_hall, person=named, by=editor, at=portal_now()).claims.get()
    titles = {user: [action.title for action in actions_for(user, portal_now())] for user in (editor, named)}
    assert titles == {
        editor: ["Faire confirmer que Camille Essai signe : Commune de Étretat"],
        named: ["Faire confirmer que vous signez : Commune de Étretat"],
    }
    client.force_login(editor)
    assert "Une signature attend sa confirmation" in text_of(client.get(follow(claim)))
    with at_instant(portal_now() + 2 * HOUR):
        client.post(again(claim))
    assert link_of(claim, 2).sent_by == editor


def test_staff_send_again_and_nobody_else(client, claim):
    admin = make_user(is_platform_admin=True)
    claims = reverse("claims")
    with at_instant(portal_now() + 2 * HOUR):
        for stranger in (make_user(), make_member(claim.membership.organisation, "signatory")):
            client.force_login(stranger)
            assert {client.get(follow(claim)).status_code, client.post(again(claim)).status_code} == {404}
            assert rules.can_send_link(stranger, claim, portal_now()).reason.startswith("Seules la personne concernée")
        client.force_login(admin)
        assert "Renvoyer le lien à la mairie" in text_of(client.get(claims))
        assert client.post(again(claim), {"next": claims}).url == claims
        page = text_of(client.get(claims))
        assert ("Le lien vient de partir." in page, "Renvoyer le lien à la mairie" in page) == (True, False)
    assert link_of(claim, 2).sent_by == admin


def test_nothing_is_sent_for_a_settled_claim_nor_without_an_address(claim):
    claimant, town_hall = claim.membership.user, claim.membership.organisation
    refuse_claim(claim=claim, by=None, reason="Erreur.", at=portal_now())
    with at_instant(portal_now() + 2 * HOUR), pytest.raises(Refused, match="a déjà reçu une réponse"):
        send_again(claim=claim, by=claimant, at=portal_now())
    assert rules.link_is_due(Claim.objects.get(pk=claim.pk), portal_now()).reason == (
        "Cette demande a déjà reçu une réponse."
    )
    type(town_hall).objects.update(official_email="")
    second = claim_commune(user=claimant, commune=town_hall.commune, at=portal_now()).claims.get()
    assert not second.links.exists()
    assert rules.link_words(second) == "Aucun lien n’est encore parti à l’adresse officielle de la mairie."
    with pytest.raises(Refused, match="ne connaît pas l’adresse officielle"):
        send_again(claim=second, by=claimant, at=portal_now())
    type(town_hall).objects.update(official_email="mairie@exemple.fr")
    assert send_again(claim=second, by=claimant, at=portal_now()).n == 1


def test_the_database_keeps_one_link_of_each_number(claim):
    with pytest.raises(IntegrityError, match="claim_link_number_once"), transaction.atomic():
        ClaimLink.objects.create(claim=claim, n=1, token_sha256="0" * 64, sent_at=portal_now(), expires_at=portal_now())


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_eight_clicks_send_one_link():
    user = make_user()
    claim = claim_commune(user=user, commune=make_town_hall(ETRETAT).commune, at=portal_now()).claims.get()
    ClaimLink.objects.update(sent_at=portal_now() - 2 * HOUR)
    outcomes = []

    def click():
        try:
            send_again(claim=Claim.objects.get(pk=claim.pk), by=User.objects.get(pk=user.pk), at=portal_now())
            outcomes.append("sent")
        except Refused as refusal:
            outcomes.append(str(refusal)[:24])
        finally:
            connection.close()

    threads = [threading.Thread(target=click) for _ in range(8)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert sorted(outcomes) == sorted(["sent", *["Le lien vient de partir."] * 7])
    assert (claim.links.count(), OutboundEmail.objects.filter(kind=OFFICIAL).count()) == (2, 2)


# --- pages of the lists -----------------------------------------------------------------------------------------------


def test_claims_and_members_are_read_page_by_page(client):
    town_hall, admin = make_town_hall(), make_user(is_platform_admin=True)
    mayor = make_member(town_hall, "signatory")
    for n in range(21):
        person = make_user(f"agent-{n:02}@exemple.fr")
        claim_commune(user=person, commune=town_hall.commune, at=portal_now())
    client.force_login(admin)
    pages = [text_of(client.get(reverse("claims"), {"page": n})) for n in (1, 2)]
    assert [page.count('id="demande-') for page in pages] == [20, 1]
    client.force_login(mayor)
    members = reverse("members", args=[town_hall.uuid])
    shown = [text_of(client.get(members, {"page": n})) for n in (1, 2)]
    assert [page.count('<th scope="row">') for page in shown] == [20, 2]
    asked = [text_of(client.get(members, {"demandes": n})).count('id="demande-') for n in (1, 2)]
    assert asked == [20, 1]
    assert Membership.objects.count() == 22
