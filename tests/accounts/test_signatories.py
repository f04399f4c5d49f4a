"""Who signs for a commune: an editor's word alone never makes a signatory; the town hall is told every time."""

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from portal.accounts import rules
from portal.accounts.models import Claim, Membership, MembershipTransition
from portal.accounts.queries import may_edit, may_sign, signatories_to_be
from portal.accounts.services import (
    accept_claim,
    accept_invitation,
    claim_commune,
    end_membership,
    invite,
    name_signatory,
    refuse_claim,
)
from portal.core.clock import portal_now
from portal.core.rules import Refused
from tests.accounts.helpers import body_of, mails, path_in, text_of
from tests.factories import (
    BENOUVILLE,
    make_call,
    make_institution,
    make_member,
    make_role,
    make_town_hall,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def town_hall():
    return make_town_hall()


@pytest.fixture
def editor(town_hall):
    return make_member(town_hall, "editor", full_name="Dominique Essai")


def name(town_hall, by, person=None) -> Membership:
    person = person or make_user("maire@exemple.fr", full_name="Claude Essai", role_title="maire")
    return name_signatory(organisation=town_hall, person=person, by=by, at=portal_now())


def log(membership) -> list[tuple[str, str, str]]:
    return list(membership.transitions.values_list("transition", "from_state", "to_state"))


def test_an_editor_alone_never_makes_a_signatory(town_hall, editor):
    membership = name(town_hall, editor)
    claim = membership.claims.get()
    assert (membership.right, membership.state) == ("editor", "confirmed")
    assert (claim.right, claim.state, claim.entry, claim.asked_by) == ("signatory", "open", True, editor)
    assert (may_edit(membership.user, town_hall), may_sign(membership.user, town_hall)) == (True, False)
    assert list(signatories_to_be(town_hall)) == [membership.user]
    mail = mails("claim-official")[0]
    assert (mail.recipient, mail.subject) == (
        "mairie.76254@exemple.fr",
        "Confirmez que Claude Essai signe pour la commune",
    )
    assert "Dominique Essai a désigné Claude Essai (maire), dont l’adresse est maire@exemple.fr" in body_of(mail)


def test_naming_again_asks_nothing_more(town_hall, editor):
    first = name(town_hall, editor)
    assert name(town_hall, editor, first.user) == first
    assert (Claim.objects.count(), len(mails("claim-official"))) == (1, 1)


def test_the_official_address_says_yes_by_its_link(client, town_hall, editor):
    membership = name(town_hall, editor)
    path = path_in(mails("claim-official")[0])
    page = text_of(client.get(path))
    assert "Oui, cette personne signe pour la commune" in page
    assert "Désignée par</dt><dd>Dominique Essai" in page
    client.post(path, {"answer": "yes"})
    membership.refresh_from_db()
    assert (membership.right, membership.confirmation) == ("signatory", "réponse de l’adresse officielle de la mairie")
    assert may_sign(membership.user, town_hall)
    assert [mail.recipient for mail in mails("claim-accepted")] == ["maire@exemple.fr"] * 2
    assert mails("signatory-named") == []
    assert "Désignation : confirmé" in text_of(client.get(path))


def test_the_official_address_says_no_and_the_newcomer_leaves(client, town_hall, editor):
    membership = name(town_hall, editor)
    client.post(path_in(mails("claim-official")[0]), {"answer": "no", "reason": "Inconnu ici."})
    membership.refresh_from_db()
    assert membership.state == "ended"
    assert not may_edit(membership.user, town_hall)
    assert {mail.recipient for mail in mails("claim-refused")} == {"maire@exemple.fr", editor.email}
    assert "Cette désignation est refusée. Motif : Inconnu ici." in body_of(mails("claim-refused")[0])


def test_a_colleague_of_long_standing_keeps_their_right_after_a_no(town_hall, editor):
    colleague = make_member(town_hall, "editor")
    membership = name(town_hall, editor, colleague)
    refuse_claim(claim=membership.claims.get(), by=None, reason="Pas de délégation.", at=portal_now())
    membership.refresh_from_db()
    assert (membership.right, membership.state) == ("editor", "confirmed")


def test_someone_who_signs_names_another_at_once_and_the_town_hall_is_told(town_hall):
    mayor = make_member(town_hall, "signatory", full_name="Alex Essai")
    membership = name(town_hall, mayor)
    assert may_sign(membership.user, town_hall)
    assert not Claim.objects.exists()
    assert [mail.recipient for mail in mails("signatory-named")] == ["mairie.76254@exemple.fr"]
    assert "Alex Essai a confirmé que Claude Essai (maire)" in body_of(mails("signatory-named")[0])
    assert log(membership) == [("confirm", "pending", "confirmed")]


def test_the_official_mailbox_itself_may_be_named(town_hall, editor):
    membership = name(town_hall, editor, make_user(town_hall.official_email))
    assert may_sign(membership.user, town_hall)


def test_a_manager_of_a_commune_does_not_say_who_signs_but_that_of_an_institution_does(town_hall):
    assert not may_sign(name(town_hall, make_member(town_hall, "manager")).user, town_hall)
    owner = make_institution()
    named = name(owner, make_member(owner, "manager"), make_user())
    assert may_sign(named.user, owner)


@pytest.mark.parametrize("by", ["editor", "reader", "pending", "ended", "stranger"])
def test_no_invitation_of_anyone_else_makes_a_signatory(town_hall, by):
    state = {"pending": "pending", "ended": "confirmed"}.get(by, "confirmed")
    inviter = make_member(
        make_town_hall(BENOUVILLE) if by == "stranger" else town_hall, "reader" if by == "reader" else "editor",
        state=state,
    )  # fmt: skip
    row = invite(email="m@exemple.fr", organisation=town_hall, right="signatory", by=inviter, at=portal_now())
    if by == "ended":
        end_membership(membership=inviter.memberships.get(), by=None, at=portal_now())
    user, _ = accept_invitation(invitation=row, at=portal_now())
    membership = user.memberships.get()
    assert not may_sign(user, town_hall)
    assert (membership.state, membership.claims.get().right) == (
        "confirmed" if by in ("editor", "reader") else "pending",
        "signatory",
    )


def test_an_invitation_to_read_does_not_confirm_a_signature_that_was_claimed(town_hall, editor):
    claimed = claim_commune(user=make_user(), commune=town_hall.commune, at=portal_now(), right="signatory")
    row = invite(email=claimed.user.email, organisation=town_hall, right="reader", by=editor, at=portal_now())
    accept_invitation(invitation=row, at=portal_now())
    claimed.refresh_from_db()
    assert (claimed.right, claimed.state, claimed.claims.get().state) == ("reader", "confirmed", "open")


def test_a_claim_to_sign_stays_one_question_when_a_colleague_names_the_claimant(town_hall, editor):
    claimed = claim_commune(user=make_user(), commune=town_hall.commune, at=portal_now(), right="signatory")
    membership = name(town_hall, editor, claimed.user)
    assert (membership.state, membership.right) == ("confirmed", "editor")
    assert (membership.claims.get().state, len(mails("claim-official"))) == ("open", 1)


def test_who_may_answer_the_question(town_hall, editor):
    mayor, manager = make_member(town_hall, "signatory"), make_member(town_hall, "manager")
    call = make_call()
    officer, reader, both = make_role(call, "officer"), make_role(call, "reader"), make_role(call, "officer")
    make_member(town_hall, "editor", user=both)
    claim = name(town_hall, both).claims.get()
    people = {"mayor": mayor, "manager": manager, "officer": officer, "reader": reader, "both": both, "editor": editor}
    people |= {"admin": make_user(is_platform_admin=True), "named": claim.membership.user}
    allowed = {who for who, user in people.items() if rules.can_settle(user, claim)}
    assert allowed == {"mayor", "officer", "admin"}
    assert rules.can_settle(both, claim).reason.startswith("Vous avez désigné cette personne")


def test_staff_confirm_and_the_town_hall_is_told(client, town_hall, editor):
    membership = name(town_hall, editor)
    officer = make_role(make_call(), "officer")
    client.force_login(officer)
    claim = membership.claims.get()
    client.post(f"/gestion/rattachements/{claim.pk}/", {"answer": "yes"})
    membership.refresh_from_db()
    assert (membership.right, claim.__class__.objects.get().settled_by) == ("signatory", officer)
    assert [mail.recipient for mail in mails("signatory-named")] == ["mairie.76254@exemple.fr"]


def test_a_colleague_who_signs_answers_from_the_page_of_members(client, town_hall, editor):
    mayor = make_member(town_hall, "signatory")
    membership = name(town_hall, editor)
    address = f"/organismes/{town_hall.uuid}/membres/"
    client.force_login(editor)
    page = text_of(client.get(address))
    assert ("signature à confirmer" in page, "/gestion/rattachements/" in page) == (True, False)
    client.force_login(mayor)
    assert "Une personne est désignée pour signer" in text_of(client.get(address))
    client.post(f"/gestion/rattachements/{membership.claims.get().pk}/", {"answer": "yes", "next": address})
    assert may_sign(membership.user, town_hall)


def test_a_question_is_answered_once(town_hall, editor):
    membership = name(town_hall, editor)
    claim = membership.claims.get()
    accept_claim(claim=claim, by=None, how="essai", at=portal_now())
    with pytest.raises(Refused, match="déjà reçu une réponse"):
        refuse_claim(claim=claim, by=None, reason="non", at=portal_now())
    assert log(membership) == [("confirm", "pending", "confirmed"), ("change_right", "confirmed", "confirmed")]


def test_the_log_says_who_and_why_and_never_changes(town_hall, editor):
    membership = name(town_hall, editor)
    accept_claim(claim=membership.claims.get(), by=None, how="réponse de la mairie", at=portal_now())
    end_membership(membership=membership, by=editor, at=portal_now())
    rows = [(row.transition, row.by, row.on_behalf_of, row.reason) for row in membership.transitions.all()]
    assert rows == [
        ("confirm", editor, town_hall, "désignation par Dominique Essai"),
        ("change_right", None, town_hall, "rédaction → signature (réponse de la mairie)"),
        ("end", editor, town_hall, "accès retiré"),
    ]
    for change in (lambda: MembershipTransition.objects.update(reason=""), MembershipTransition.objects.all().delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_two_open_questions_about_one_person_are_refused_by_the_database(town_hall, editor):
    membership = name(town_hall, editor)
    with pytest.raises(IntegrityError), transaction.atomic():
        Claim.objects.create(membership=membership, right="signatory", created_at=portal_now())


@pytest.mark.parametrize("known", [True, False])
def test_the_words_say_what_is_awaited_and_from_which_masked_address(town_hall, editor, known):
    if not known:
        town_hall.official_email = ""
        town_hall.save()
    words = rules.awaited_words(name(town_hall, editor).claims.get())
    assert ("m•••@exemple.fr" in words, "ne connaît pas l’adresse officielle" in words) == (known, not known)
    assert "mairie.76254" not in words
