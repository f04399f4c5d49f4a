"""Invitations: single use, seven days, tied to the address (reliability F8: eight scenarios)."""

import threading

import pytest
from django.db import connection

from portal.accounts.models import Invitation, Membership, User
from portal.accounts.services import GRANTS, accept_invitation, invite, register_grant, revoke_invitation
from portal.accounts.services.invitations import NO_LONGER_VALID
from portal.core.clock import at_instant, portal_now
from portal.core.rules import Refused
from portal.core.tokens import hashed
from tests.accounts.helpers import WEEK, body_of, mails, path_in, text_of
from tests.factories import make_institution, make_member, make_town_hall, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def town_hall():
    return make_town_hall()


def invited(town_hall, email="maire@exemple.fr", right="signatory", by=None, **fields) -> Invitation:
    by = by or make_member(town_hall, "manager")
    return invite(email=email, organisation=town_hall, right=right, by=by, at=portal_now(), **fields)


def link() -> str:
    return path_in(mails("invitation")[-1])


def test_only_the_hash_of_the_secret_is_kept(town_hall):
    invitation = invited(town_hall)
    secret = link().strip("/").split("/")[1]
    assert (len(secret), invitation.token_sha256) == (43, hashed(secret))
    assert invitation.expires_at - invitation.created_at == WEEK


def test_the_mail_says_who_invites_to_what(town_hall):
    by = make_member(town_hall, "manager", full_name="Dominique Essai")
    invited(town_hall, by=by, full_name="Alex Essai")
    mail = mails("invitation")[0]
    assert mail.subject == "Dominique Essai vous invite sur le portail"
    assert "Bonjour Alex Essai," in body_of(mail)
    assert "vous invite à rejoindre « Commune de Étretat » (droit donné : signature)." in body_of(mail)


def test_accepting_opens_the_account_and_enters(client, town_hall):
    deputy = make_member(town_hall, "signatory", full_name="Alex Essai")
    invited(town_hall, by=deputy, role_title="maire")
    page = text_of(client.get(link()))
    assert "L’invitation est liée à l’adresse maire@exemple.fr" in page
    assert not User.objects.filter(email="maire@exemple.fr").exists()
    assert client.post(link()).headers["Location"] == "/mes-actions/"
    mayor = User.objects.get(email="maire@exemple.fr")
    assert client.session["_auth_user_id"] == str(mayor.pk)
    membership = mayor.memberships.get()
    assert (membership.right, membership.state) == ("signatory", "confirmed")
    assert membership.confirmation == "désignation par Alex Essai"
    assert (mayor.role_title, mayor.emailaddress_set.get().verified) == ("maire", True)
    assert [mail.recipient for mail in mails("signatory-named")] == ["mairie.76254@exemple.fr"]


def test_1_an_invitation_serves_once(client, town_hall):
    invited(town_hall)
    client.post(link())
    client.logout()
    refused = client.post(link())
    assert (refused.status_code, NO_LONGER_VALID[:30] in text_of(refused)) == (403, True)
    assert "_auth_user_id" not in client.session


def test_2_an_invitation_expires_after_seven_days(client, town_hall):
    invitation = invited(town_hall)
    path = link()
    with at_instant(invitation.expires_at):
        assert "Cette invitation n’est plus valable" in text_of(client.get(path))
        assert client.post(path).status_code == 403
    assert not Membership.objects.filter(right="signatory").exists()


def test_3_another_account_cannot_accept(client, town_hall):
    invited(town_hall)
    client.force_login(make_user("autre@exemple.fr"))
    assert "adressée à une autre personne" in text_of(client.get(link()))
    assert client.post(link()).status_code == 403
    assert not Membership.objects.filter(right="signatory").exists()


def test_4_a_forwarded_link_opens_the_invited_address_and_no_other(client, town_hall):
    invited(town_hall)
    client.post(link())
    assert User.objects.get(pk=client.session["_auth_user_id"]).email == "maire@exemple.fr"


def test_5_a_revoked_invitation_is_dead(client, town_hall):
    invitation = invited(town_hall)
    revoke_invitation(invitation=invitation, at=portal_now())
    assert client.post(link()).status_code == 403


def test_6_a_new_invitation_kills_the_former(client, town_hall):
    manager = make_member(town_hall, "manager")
    invited(town_hall, by=manager)
    former = link()
    invited(town_hall, by=manager)
    assert client.post(former).status_code == 403
    assert client.post(link()).status_code == 302


def test_7_a_wrong_secret_is_not_found(client, town_hall):
    invited(town_hall)
    assert client.post(link()[:-2] + "x/").status_code == 404


def test_8_a_closed_account_cannot_come_back_through_an_invitation(client, town_hall):
    make_user("maire@exemple.fr", is_active=False)
    invited(town_hall)
    assert "Ce compte est fermé." in text_of(client.post(link()))
    assert Invitation.objects.get().accepted_at is None


def test_a_get_never_accepts(client, town_hall):
    invited(town_hall)
    client.get(link())
    assert Invitation.objects.get().accepted_at is None


def test_an_accepted_invitation_cannot_be_revoked(client, town_hall):
    invitation = invited(town_hall)
    client.post(link())
    with pytest.raises(Refused, match=r"Cette invitation a déjà été acceptée\."):
        revoke_invitation(invitation=invitation, at=portal_now())


def test_the_word_of_someone_who_waits_does_not_confirm(town_hall):
    waiting = make_member(town_hall, "editor", state="pending")
    invitation = invited(town_hall, by=waiting)
    user, _ = accept_invitation(invitation=invitation, at=portal_now())
    membership = user.memberships.get()
    assert (membership.state, membership.claims.get().state) == ("pending", "open")


def test_accepting_raises_a_right_and_never_lowers_it(town_hall):
    editor, mayor = make_member(town_hall, "editor"), make_member(town_hall, "signatory")
    for right in ("signatory", "reader"):
        row = invited(town_hall, editor.email, right, by=mayor)
        accept_invitation(invitation=row, at=portal_now())
    assert editor.memberships.get().right == "signatory"


def test_an_app_may_give_something_else(monkeypatch):
    monkeypatch.setattr("portal.accounts.services.invitations.GRANTS", dict(GRANTS))
    from portal.accounts.services import invitations

    given = []
    register_grant("seat", lambda i, u, at: given.append((i.grant_key, u.email)) or "/jury/", lambda i: "siéger")
    by = make_user(full_name="Claude Essai")
    row = invite(
        email="Jure@Exemple.fr", organisation=None, right="", by=by, at=portal_now(), grant="seat", grant_key="12"
    )
    user, path = accept_invitation(invitation=row, at=portal_now())
    assert (given, path, user.email) == ([("12", "jure@exemple.fr")], "/jury/", "jure@exemple.fr")
    assert "Claude Essai vous invite à siéger." in body_of(mails("invitation")[0])
    assert not Membership.objects.exists()
    assert "seat" in invitations.GRANTS


def test_the_mail_leaves_in_the_name_of_the_institution():
    owner = make_institution()
    manager = make_member(owner, "manager")
    invited(owner, by=manager, right="editor")
    mail = mails("invitation")[0]
    assert (mail.from_name, mail.reply_to) == (
        "Le Havre Seine Métropole",
        "contact@le-havre-seine-metropole.exemple.fr",
    )


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_accept_once():
    invitation = invited(make_town_hall())
    barrier, results = threading.Barrier(2), []

    def click():
        barrier.wait()
        try:
            accept_invitation(invitation=invitation, at=portal_now())
            results.append("accepted")
        except Refused:
            results.append("refused")
        connection.close()

    threads = [threading.Thread(target=click) for _ in range(2)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert sorted(results) == ["accepted", "refused"]
    assert Membership.objects.filter(user__email="maire@exemple.fr").count() == 1
