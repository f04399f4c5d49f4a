"""Two people claim one commune; an agent takes the place of one who left: what is verified, who decides, what ends."""

import pytest
from django.urls import reverse

from portal.accounts.models import Claim, Membership, User
from portal.accounts.rules_claims import Evidence, address_of, cases_of
from portal.accounts.services import accept_claim, claim_commune
from portal.accounts.services.claims import link_of_secret
from portal.core.clock import portal_now
from portal.core.models import OutboundEmail
from portal.core.rules import Refused
from tests.applications.staff.makers import client_of
from tests.factories import ETRETAT, HARFLEUR, make_call, make_member, make_role, make_town_hall, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    return make_town_hall(ETRETAT)


def claim(town, email, replaces="", right="editor"):
    user = make_user(email, full_name=email.partition("@")[0].title())
    return claim_commune(user=user, commune=town.commune, at=portal_now(), replaces=replaces, right=right).claims.get()


def case(one):
    return cases_of([Claim.objects.get(pk=one.pk)], portal_now())[0]


@pytest.mark.parametrize(
    ("email", "proved"),
    [("a@etretat.exemple.fr", True), ("A@Etretat.exemple.fr", True), ("a@ailleurs.exemple.fr", False), ("a@orange.fr", False)],
)  # fmt: skip
def test_a_professional_domain_is_one_that_the_town_hall_uses_and_that_is_not_open_to_all(email, proved):
    assert address_of(email, {"etretat.exemple.fr", "orange.fr"}).proved is proved


def test_what_is_verified_is_said_and_the_two_claimants_are_named_to_each_other_s_judge(town):
    town.official_email = "mairie@etretat.exemple.fr"
    town.save(update_fields=["official_email"])
    first, second = claim(town, "alix@etretat.exemple.fr"), claim(town, "noa@gmail.com")
    assert case(first).evidence == (
        Evidence(True, "SIREN 217602549, celui de la commune au code officiel géographique."),
        Evidence(True, "Adresse en «\u202fetretat.exemple.fr\u202f», un domaine que la mairie utilise déjà ici."),
    )
    assert [row.proved for row in case(second).evidence] == [True, False]
    assert (case(first).rivals, case(second).rivals) == ((second,), (first,))


def test_staff_settles_both_on_the_screen(town):
    first, second = claim(town, "alix@exemple.fr"), claim(town, "noa@exemple.fr")
    officer = client_of(make_role(make_call(), "officer"))
    page = officer.get(reverse("claims")).content.decode()
    assert page.count("demande aussi cette commune depuis le") == 2
    officer.post(reverse("claim_settle", args=[first.pk]), {"answer": "yes"})
    officer.post(reverse("claim_settle", args=[second.pk]), {"answer": "no", "reason": "La mairie ne la connaît pas."})
    assert dict(Claim.objects.values_list("membership__user__email", "state")) == {
        "alix@exemple.fr": "accepted", "noa@exemple.fr": "refused",
    }  # fmt: skip
    assert "Y travaillent déjà ici" not in officer.get(reverse("claims")).content.decode()


def test_a_yes_ends_the_access_of_who_left_and_the_log_says_why(town):
    gone = make_member(town, "editor", full_name="Ancienne Secrétaire")
    taking = claim(town, "nouvelle@exemple.fr", replaces="Ancienne Secrétaire")
    officer = make_role(make_call(), "officer")
    page = client_of(officer)
    former = gone.memberships.get()
    assert f'name="parti" value="{former.pk}"' in page.get(reverse("claims")).content.decode()
    page.post(reverse("claim_settle", args=[taking.pk]), {"answer": "yes", "parti": [former.pk]})
    former.refresh_from_db()
    line = former.transitions.get()
    assert (former.state, line.by, line.reason) == ("ended", officer, "départ : Nouvelle prend la suite")
    assert Membership.objects.get(user__email="nouvelle@exemple.fr").state == "confirmed"
    assert OutboundEmail.objects.get(kind="access-taken-over").recipient == gone.email


def test_the_town_hall_s_own_mailbox_may_say_who_left(client, town):
    gone = make_member(town, "signatory")
    claim(town, "nouvelle@exemple.fr", replaces="le maire sortant")
    mail = OutboundEmail.objects.get(kind="claim-official")
    secret = mail.body.split("/rattachements/")[1].split("/")[0]
    assert "le maire sortant" in client.get(reverse("claim_answer", args=[secret])).content.decode()
    client.post(reverse("claim_answer", args=[secret]), {"answer": "yes", "parti": [gone.memberships.get().pk]})
    assert gone.memberships.get().state == "ended"
    assert link_of_secret(secret).claim.state == "accepted"


def test_nobody_is_replaced_who_was_not_said_to_be(town):
    other = make_member(town, "editor").memberships.get()
    plain = claim(town, "alix@exemple.fr")
    assert case(plain).replaceable == ()
    with pytest.raises(Refused, match="n’est pas remplacée"):
        accept_claim(claim=plain, by=None, how="essai", at=portal_now(), departed=[other])
    taking = claim(town, "noa@exemple.fr", replaces="quelqu’un")
    elsewhere = make_member(make_town_hall(HARFLEUR), "editor").memberships.get()
    with pytest.raises(Refused, match="n’est pas remplacée"):
        accept_claim(claim=taking, by=None, how="essai", at=portal_now(), departed=[elsewhere])
    mayor = make_member(town, "signatory")
    with pytest.raises(Refused, match="page des membres"):
        accept_claim(claim=taking, by=mayor, how="essai", at=portal_now(), departed=[mayor.memberships.get()])
    assert {m.state for m in (other, elsewhere)} == {"confirmed"}
    assert Claim.objects.get(pk=taking.pk).state == "open"


def test_arriving_says_whose_place_one_takes_and_keeps_it_through_the_code(client, town):
    path = reverse("join_commune", args=[town.commune_id])
    typed = {"full_name": "Noa Suite", "role_title": "Secrétaire", "signs": "no", "replaces": "Alix Partie"}
    client.post(path, {**typed, "email": "noa@exemple.fr"})
    client.force_login(
        User.objects.get(email="noa@exemple.fr"), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    client.post(path, typed)
    assert Claim.objects.get().replaces == "Alix Partie"
