"""An organisation that nobody opened yet confirms by itself, from the link of its mail."""

import pytest
from django.urls import reverse

from applications.models import ApplicationMember
from applications.queries.partners import entries_for_staff, organisation_chosen
from applications.services.partners import ContactMissing, invite_partner, remove_partner
from portal.accounts.models import Invitation, Membership, Organisation, User
from portal.accounts.services import accept_invitation, enter_first
from portal.core.clock import portal_now
from portal.core.models import OutboundEmail
from portal.core.rules import Refused
from tests.accounts.helpers import body_of, mails, path_in, spaced, text_of
from tests.applications.files import make_ready, together
from tests.applications.test_partners import make_joint_call
from tests.factories import BENOUVILLE, make_intercommunality, make_member, make_role, make_town_hall, make_user

pytestmark = pytest.mark.django_db
AGENT = "agent@agglo.exemple.fr"


@pytest.fixture
def joint():
    """The draft of Étretat, its secretary, and an intercommunality that has nobody here."""
    application, secretary, _ = make_ready(make_joint_call())
    return application, secretary, make_group()


def make_group() -> Organisation:
    """An intercommunality that nobody opened, and that organises no call."""
    return organisation_chosen(f"siren:{make_intercommunality('200000001', 'de l’Estuaire', 'CC').siren}")


def invite(joint, contact=AGENT, **more):
    application, secretary, group = joint
    values = {"organisation": group, "role": "mandatary", "share": None, **more}
    return invite_partner(application=application, by=secretary, at=portal_now(), contact=contact, **values)


def test_from_the_mail_to_the_confirmation(client, joint):
    application, secretary, group = joint
    member = invite(joint)
    (mail,) = mails("invitation")
    assert (mail.recipient, OutboundEmail.objects.filter(kind="applications.partner_invited").count()) == (AGENT, 0)
    assert f"répondre au nom de « {group} » à la proposition de candidater ensemble" in body_of(mail)
    page = text_of(client.get(path_in(mail)))
    assert "dans la candidature d’Étretat à l’appel" in spaced(page)
    entered = client.post(path_in(mail))
    assert entered.url == reverse("partner_answer", args=[application.uuid, member.pk])
    membership = Membership.objects.get(organisation=group)
    assert (membership.user.email, membership.right, membership.state, membership.confirmed_by) == (
        AGENT, "editor", "confirmed", secretary,
    )  # fmt: skip
    assert membership.confirmation.startswith("invitation à candidater ensemble, par ")
    assert client.post(entered.url, {"answer": "yes"}).url == reverse("application", args=[application.uuid])
    member.refresh_from_db()
    assert member.confirmed_by == membership.user
    assert client.get(path_in(mail)).status_code == 200
    assert "n’est plus valable" in text_of(client.get(path_in(mail)))


def test_an_organisation_known_by_its_official_address_is_written_to_there(joint):
    Organisation.objects.filter(pk=joint[2].pk).update(official_email="accueil@agglo.exemple.fr")
    joint[2].refresh_from_db()
    invite(joint, contact=AGENT)
    assert [mail.recipient for mail in mails("invitation")] == ["accueil@agglo.exemple.fr"]


def test_without_anyone_to_write_to_an_address_is_asked_beside_its_field(client, joint):
    application, secretary, group = joint
    with pytest.raises(ContactMissing, match="indiquez l’adresse d’une personne qui y travaille"):
        invite(joint, contact="")
    assert not ApplicationMember.objects.filter(organisation=group).exists()
    client.force_login(secretary)
    url = reverse("partners", args=[application.uuid])
    typed = {"q": "estuaire", "who": f"siren:{group.siren}", "role": "mandatary", "share": "12,5", "contact": ""}
    page = text_of(client.post(url, typed))
    assert "Le portail ne connaît personne dans cet organisme" in page
    assert 'value="12,5"' in page
    sent = text_of(client.post(url, {**typed, "contact": AGENT}, follow=True))
    assert "prévenez-le vous-même" not in sent
    assert Invitation.objects.get().email == AGENT


def test_an_organisation_that_has_people_is_entered_by_nobody_else(joint):
    make_member(joint[2], "reader")
    invite(joint)
    assert not mails("invitation")
    with pytest.raises(Refused, match="a déjà des membres ici"):
        enter_first(
            organisation=joint[2], user=make_user(AGENT), by=joint[1], how="essai", at=portal_now()
        )  # fmt: skip


def test_an_institution_is_never_entered_by_that_door(joint):
    owner = joint[0].call.owner
    assert owner.profile
    with pytest.raises(Refused, match="a déjà des membres ici"):
        enter_first(organisation=owner, user=make_user(AGENT), by=joint[1], how="essai", at=portal_now())


def test_the_official_mailbox_opens_even_where_people_are(joint):
    Organisation.objects.filter(pk=joint[2].pk).update(official_email=AGENT)
    make_member(joint[2], "editor")
    made = enter_first(organisation=joint[2], user=make_user(AGENT), by=joint[1], how="essai", at=portal_now())
    assert (made.state, made.right) == ("confirmed", "editor")
    again = enter_first(organisation=joint[2], user=made.user, by=joint[1], how="essai", at=portal_now())
    assert again == made


def test_a_proposal_taken_back_opens_nothing(client, joint):
    member = invite(joint)
    remove_partner(member=member, by=joint[1], at=portal_now())
    path = path_in(mails("invitation")[0])
    assert client.get(path).status_code == 200
    refused = client.post(path)
    assert (refused.status_code, "a été retirée" in text_of(refused)) == (403, True)
    assert not Membership.objects.filter(organisation=joint[2]).exists()
    assert Invitation.objects.get().accepted_at is None


def test_a_commune_keeps_its_own_door(joint):
    town = make_town_hall(BENOUVILLE)
    type(town).objects.filter(pk=town.pk).update(official_email="")
    town.refresh_from_db()
    invite(joint, organisation=town)
    mail = OutboundEmail.objects.get(recipient=AGENT)
    assert (mail.kind, "/rejoindre/76079/?next=" in mail.body) == ("applications.partner_invited", True)
    assert not Invitation.objects.exists()


def test_an_organisation_of_another_kind_already_known_is_found_and_enters_the_same_way(client, joint):
    application, secretary, _ = joint
    agency = Organisation.objects.create(kind="operator", name="Agence de l’eau", siren="180000001")
    client.force_login(secretary)
    url = reverse("partners", args=[application.uuid])
    assert f'value="uuid:{agency.uuid}"' in text_of(client.get(url, {"q": "agence"}))
    typed = {"q": "agence", "who": f"uuid:{agency.uuid}", "role": "mandatary", "share": "", "contact": AGENT}
    assert client.post(url, typed).status_code == 302
    client.logout()
    client.post(path_in(mails("invitation")[0]))
    assert agency.memberships.get().user.email == AGENT


def test_staff_see_who_entered_and_on_whose_word(client, joint):
    application, secretary, group = joint
    invite(joint)
    invitation = Invitation.objects.get()
    officer, other = make_role(application.call, "officer"), make_role(make_joint_call(), "manager")
    assert set(entries_for_staff(officer)) == {invitation}
    client.force_login(officer)
    assert AGENT not in text_of(client.get(reverse("claims")))
    accept_invitation(invitation=invitation, at=portal_now())
    page = text_of(client.get(reverse("claims")))
    assert (AGENT in page, group.name in page, str(secretary) in page) == (True, True, True)
    client.force_login(other)
    assert AGENT not in text_of(client.get(reverse("claims")))


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_four_links_at_once_open_one_organisation_once():
    group, secretary = make_group(), make_user()
    users = [make_user(f"agent-{n}@agglo.exemple.fr") for n in range(4)]

    def enter(user):
        return lambda: enter_first(
            organisation=Organisation.objects.get(pk=group.pk), user=User.objects.get(pk=user.pk), by=secretary,
            how="essai", at=portal_now(),
        )  # fmt: skip

    met = together([enter(user) for user in users])
    refused = [outcome for outcome in met if isinstance(outcome, Refused)]
    assert (len(refused), group.memberships.count()) == (3, 1)
