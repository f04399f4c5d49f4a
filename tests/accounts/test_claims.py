"""A town hall's first arrival: claim, draft at once, deposit once confirmed."""

import threading

import pytest
from django.db import connection

from portal.accounts import rules
from portal.accounts.models import Claim, Membership, User
from portal.accounts.queries import confirmed_signatories, may_edit, may_sign, memberships_of, organisation_of
from portal.accounts.services import claim_commune, confirm_membership, end_membership, refuse_claim
from portal.core.clock import portal_now
from portal.core.models import OutboundEmail
from portal.core.rules import Refused
from tests.accounts.helpers import body_of, mails, path_in, text_of
from tests.factories import BENOUVILLE, ETRETAT, TILLEUL, make_commune, make_member, make_town_hall, make_user

pytestmark = pytest.mark.django_db


def claim(user: User, right: str = "editor", spec=ETRETAT) -> Membership:
    town_hall = make_town_hall(spec)
    return claim_commune(user=user, commune=town_hall.commune, at=portal_now(), right=right)


def test_the_organisation_of_a_commune_is_made_from_the_official_data():
    commune = make_commune(TILLEUL)
    assert organisation_of(commune, create=False) is None
    made = organisation_of(commune)
    assert (made.name, made.kind, made.siren, made.official_email) == (
        "Commune du Tilleul",
        "commune",
        "217606938",
        "",
    )
    assert organisation_of(commune) == made


def test_a_claimant_drafts_at_once_and_signs_only_once_confirmed():
    user = make_user()
    membership = claim(user, "signatory")
    town_hall = membership.organisation
    assert (may_edit(user, town_hall), may_sign(user, town_hall)) == (True, False)
    confirm_membership(membership=membership, by=None, how="essai", at=portal_now())
    assert (may_edit(user, town_hall), may_sign(user, town_hall)) == (True, True)
    assert list(confirmed_signatories(town_hall)) == [user]


@pytest.mark.parametrize(
    ("right", "state", "edits", "signs"),
    [
        ("reader", "confirmed", False, False),
        ("editor", "pending", True, False),
        ("editor", "confirmed", True, False),
        ("signatory", "pending", True, False),
        ("signatory", "confirmed", True, True),
        ("manager", "confirmed", True, False),
    ],
)
def test_what_each_right_allows(right, state, edits, signs):
    town_hall = make_town_hall()
    user = make_member(town_hall, right, state=state)
    assert (may_edit(user, town_hall), may_sign(user, town_hall)) == (edits, signs)
    other = make_town_hall(BENOUVILLE)
    assert (may_edit(user, other), may_sign(user, other)) == (False, False)


def test_the_official_address_and_the_people_in_charge_are_asked():
    town_hall = make_town_hall()
    mayor = make_member(town_hall, "signatory")
    make_member(town_hall, "editor")
    claim(make_user("agent@exemple.fr", role_title="secrétaire de mairie"))
    asked = {(row.kind, row.recipient) for row in OutboundEmail.objects.all()}
    assert asked == {("claim-official", "mairie.76254@exemple.fr"), ("claim-colleague", mayor.email)}
    mail = mails("claim-official")[0]
    assert mail.subject == "secrétaire de mairie dit travailler pour la commune"
    assert "dont l’adresse est agent@exemple.fr, demande à rejoindre « Commune de Étretat »" in body_of(mail)


def test_claiming_twice_writes_one_claim_and_one_mail():
    user = make_user()
    assert claim(user) == claim(user)
    assert (Claim.objects.count(), len(mails("claim-official"))) == (1, 1)


def test_whoever_proved_the_official_mailbox_is_confirmed_at_once():
    town_hall = make_town_hall()
    user = make_user(town_hall.official_email)
    membership = claim(user)
    assert (membership.state, membership.confirmation) == ("confirmed", "adresse officielle de la mairie")
    assert not Claim.objects.exists()
    unproved = make_user("autre@exemple.fr")
    unproved.emailaddress_set.update(verified=False)
    make_town_hall(BENOUVILLE).__class__.objects.filter(commune_id="76079").update(official_email=unproved.email)
    assert claim(unproved, spec=BENOUVILLE).state == "pending"


def test_the_official_address_confirms_from_its_mail(client):
    membership = claim(make_user("agent@exemple.fr"))
    path = path_in(mails("claim-official")[0])
    page = text_of(client.get(path))
    assert "travaille-t-elle</span> pour la commune" in page
    assert "agent@exemple.fr" in page
    membership.refresh_from_db()
    assert membership.state == "pending"
    client.post(path, {"answer": "yes"})
    membership.refresh_from_db()
    assert (membership.state, membership.confirmed_by, membership.confirmation) == (
        "confirmed",
        None,
        "réponse de l’adresse officielle de la mairie",
    )
    assert membership.claims.get().state == "accepted"
    assert [mail.recipient for mail in mails("claim-accepted")] == ["agent@exemple.fr"]
    assert "Cette demande a reçu une réponse" in text_of(client.get(path))


def test_the_official_address_refuses_with_a_reason(client):
    user = make_user("agent@exemple.fr")
    membership = claim(user)
    path = path_in(mails("claim-official")[0])
    assert "Dites pourquoi" in text_of(client.post(path, {"answer": "no", "reason": " "}))
    client.post(path, {"answer": "no", "reason": "Inconnu à la mairie."})
    membership.refresh_from_db()
    assert (membership.state, membership.claims.get().state, membership.claims.get().reason) == (
        "ended",
        "refused",
        "Inconnu à la mairie.",
    )
    assert not may_edit(user, membership.organisation)
    assert "Motif : Inconnu à la mairie." in body_of(mails("claim-refused")[0])
    assert not list(memberships_of(user))


def test_an_answered_claim_is_not_answered_again(client):
    membership = claim(make_user())
    path = path_in(mails("claim-official")[0])
    client.post(path, {"answer": "yes"})
    assert "Cette demande a reçu une réponse" in text_of(client.post(path, {"answer": "no", "reason": "non"}))
    membership.refresh_from_db()
    assert membership.state == "confirmed"
    with pytest.raises(Refused, match=r"Cette demande a déjà reçu une réponse\."):
        refuse_claim(claim=membership.claims.get(), by=None, reason="non", at=portal_now())


def test_an_unknown_link_is_not_found(client):
    assert client.get("/rattachements/inconnu/").status_code == 404


def test_the_same_person_may_claim_again_after_a_refusal():
    user = make_user()
    first = claim(user)
    refuse_claim(claim=first.claims.get(), by=None, reason="erreur", at=portal_now())
    second = claim(user)
    assert (second.pk != first.pk, second.state) == (True, "pending")


def test_a_person_in_charge_settles_and_no_one_else_of_the_commune():
    town_hall = make_town_hall()
    mayor, editor = make_member(town_hall, "signatory"), make_member(town_hall, "editor")
    waiting = claim(make_user()).claims.get()
    stranger = make_member(make_town_hall(BENOUVILLE), "signatory")
    allowed = {name for name, user in _people(mayor, editor, stranger, waiting) if rules.can_settle(user, waiting)}
    assert allowed == {"mayor"}
    own = rules.can_settle(waiting.membership.user, waiting)
    assert own.reason == "Une autre personne que vous doit confirmer votre rattachement."


def _people(mayor, editor, stranger, waiting):
    return [("mayor", mayor), ("editor", editor), ("stranger", stranger), ("claimant", waiting.membership.user)]


def test_staff_settle_the_claims_that_the_registry_gives_them(client, monkeypatch):
    officer = make_user("instruction@exemple.fr")
    judged = claim(make_user("a@exemple.fr")).claims.get()
    other = claim(make_user("b@exemple.fr"), spec=BENOUVILLE).claims.get()
    monkeypatch.setattr(
        rules,
        "CLAIM_JUDGES",
        [lambda user: Claim.objects.filter(pk=judged.pk) if user == officer else Claim.objects.none()],
    )
    client.force_login(officer)
    page = text_of(client.get("/gestion/rattachements/"))
    assert ("a@exemple.fr" in page, "b@exemple.fr" in page) == (True, False)
    assert client.post(f"/gestion/rattachements/{other.pk}/", {"answer": "yes"}).status_code == 404
    assert client.post(f"/gestion/rattachements/{judged.pk}/", {"answer": "yes"}).status_code == 302
    judged.membership.refresh_from_db()
    assert (judged.membership.state, judged.membership.confirmed_by) == ("confirmed", officer)
    client.force_login(make_user())
    assert client.get("/gestion/rattachements/").status_code == 404


def test_the_platform_administrator_settles_any_claim_but_their_own():
    admin = make_user(is_platform_admin=True)
    own, other = claim(admin).claims.get(), claim(make_user()).claims.get()
    assert set(rules.claims_judged_by(admin)) == {other}
    assert not rules.can_settle(admin, own)


def test_a_departure_ends_the_access_and_the_open_claim():
    user = make_user()
    membership = claim(user)
    end_membership(membership=membership, by=None, at=portal_now())
    end_membership(membership=membership, by=None, at=portal_now())
    membership.refresh_from_db()
    assert (membership.state, membership.claims.get().state, membership.claims.get().reason) == (
        "ended",
        "refused",
        "accès retiré",
    )
    assert not may_edit(user, membership.organisation)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_eight_clicks_on_one_claim_make_one_membership():
    user, town_hall = make_user(), make_town_hall()

    def click():
        claim_commune(user=user, commune=town_hall.commune, at=portal_now())
        connection.close()

    threads = [threading.Thread(target=click) for _ in range(8)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert (Membership.objects.count(), Claim.objects.count(), len(mails("claim-official"))) == (1, 1, 1)
