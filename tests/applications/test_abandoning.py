"""A draft is deleted to join another file: logged, kept in the database, out of every list; nothing deposited is."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from applications.actions.commune import actions_for
from applications.models import Application, SectionAnswers
from applications.queries.earlier import earlier_files
from applications.queries.files import own_applications
from applications.queries.staff import communes_table
from applications.rules.drafts import can_abandon, can_restore, no_file_yet, recoverable_drafts
from applications.rules.files import can_edit
from applications.services.abandoning import abandon_draft, restore_draft
from applications.services.drafting import start_application
from applications.services.partners import confirm_partner, invite_partner
from applications.services.signature import ask_signature
from portal.core.clock import at_instant, portal_now
from portal.core.models import OutboundEmail
from portal.core.rules import Refused
from portal.core.workflow import TransitionRefused
from tests.accounts.helpers import spaced, text_of
from tests.applications.files import deposit, make_ready, make_town, together
from tests.applications.test_partners import make_joint_call
from tests.factories import BENOUVILLE, TILLEUL, make_call, make_member, make_town_hall

pytestmark = pytest.mark.django_db


@pytest.fixture
def two():
    """The file of Étretat, which invites Bénouville; Bénouville's own draft, its secretary and its mayor."""
    call = make_joint_call()
    lead, secretary, _ = make_ready(call)
    town = make_town(BENOUVILLE)
    own, other_secretary, other_mayor = make_ready(call, town)
    Application.objects.filter(pk=own.pk).update(title="Le verger")
    own.refresh_from_db()
    member = invite_partner(
        application=lead, organisation=own.lead, role="member", share=None, by=secretary, at=portal_now()
    )
    return member, own, other_secretary, other_mayor


def abandon(application, by):
    abandon_draft(application=application, by=by, at=portal_now())


def told() -> set[str]:
    return set(OutboundEmail.objects.filter(kind="applications.abandoned").values_list("recipient", flat=True))


def test_a_deleted_draft_leaves_room_for_the_file_of_another(two):
    member, own, secretary, mayor = two
    with pytest.raises(Refused) as refusal:
        confirm_partner(member=member, by=secretary, at=portal_now())
    assert spaced(str(refusal.value)) == (
        "Votre commune a déjà une candidature à cet appel : le brouillon « Le verger ». "
        "Pour en rejoindre une autre, supprimez d’abord ce brouillon."
    )
    abandon(own, secretary)
    line = own.transitions.get()
    assert (own.state, line.transition, line.by, line.from_state, line.on_behalf_of) == (
        "abandoned", "abandon", secretary, "draft", own.lead,
    )  # fmt: skip
    assert told() == {mayor.email}
    confirm_partner(member=member, by=secretary, at=portal_now())
    assert own_applications(secretary).get() == member.application


def test_what_was_written_stays_and_is_shown_nowhere(two):
    _, own, secretary, _ = two
    abandon(own, secretary)
    assert SectionAnswers.objects.filter(application=own).count() == 2
    assert not own_applications(secretary).exists()
    titles = [action.title for action in actions_for(secretary, portal_now())]
    assert [title[:35] for title in titles] == ["Répondre à Commune de Étretat, qui "]
    row = communes_table(own.call).get(insee=BENOUVILLE[0])
    assert (row.situation, row.file_uuid) == ("not_begun", None)
    assert can_edit(secretary, own, portal_now()).reason == "Ce brouillon a été supprimé : il ne se modifie plus."
    again = start_application(call=own.call, organisation=own.lead, by=secretary, at=portal_now())
    assert again.pk != own.pk


def test_who_may_delete_and_what(two):
    member, own, secretary, mayor = two
    lead = member.application
    reader = make_member(own.lead, "reader")
    assert [bool(can_abandon(person, own)) for person in (secretary, mayor, reader)] == [True, True, False]
    abandon(own, mayor)
    confirm_partner(member=member, by=secretary, at=portal_now())
    with pytest.raises(Refused, match="qui écrivent pour l’organisme porteur"):
        abandon(lead, secretary)
    with pytest.raises(Refused, match="Seul un brouillon se supprime"):
        abandon(own, mayor)


def test_nothing_deposited_is_deleted(two):
    member, own, secretary, mayor = two
    deposit(own, mayor)
    with pytest.raises(Refused, match="une candidature déposée, elle, se retire"):
        abandon(own, secretary)
    stale = Application.objects.get(pk=own.pk)
    stale.state = "draft"
    with pytest.raises(TransitionRefused, match="l’état est « déposée »"):
        abandon(stale, secretary)
    assert not told()
    with pytest.raises(IntegrityError, match="application_deposited_is_kept"), transaction.atomic():
        Application.objects.filter(pk=own.pk).update(state="abandoned")
    member.delete()
    with pytest.raises(Refused, match=r"^Cette commune a déjà une candidature à cet appel\.$"):
        invite_partner(
            application=member.application, organisation=own.lead, role="member", share=None,
            by=member.application.created_by, at=portal_now(),
        )  # fmt: skip
    numbered = spaced(no_file_yet(own.lead, own.call, secretary).reason)
    assert numbered.endswith(f"{own.number}. Déposée, elle ne se supprime pas.")


def test_what_follows_a_letter_of_intent_stays(two):
    _, own, secretary, _ = two
    own.previous_id = 1
    assert "suit une lettre d’intention retenue" in can_abandon(secretary, own).reason


def test_the_co_applicants_of_a_deleted_draft_are_free_and_told(two):
    member, own, secretary, _ = two
    lead = member.application
    starter = lead.created_by
    abandon(own, secretary)
    confirm_partner(member=member, by=secretary, at=portal_now())
    waiting = make_town_hall(TILLEUL)
    invite_partner(application=lead, organisation=waiting, role="member", share=None, by=starter, at=portal_now())
    held = spaced(no_file_yet(own.lead, own.call, secretary).reason)
    assert held.endswith(
        "portée par Commune de Étretat. Pour en rejoindre une autre, retirez-vous d’abord de celle-ci."
    )
    OutboundEmail.objects.all().delete()
    abandon(lead, starter)
    assert {own.lead.official_email, waiting.official_email, secretary.email} <= told()
    assert starter.email not in told()
    assert not own_applications(secretary).exists()
    assert no_file_yet(own.lead, own.call)


def test_the_mayor_asked_to_sign_is_told_and_asked_nothing_more(two):
    _, own, secretary, mayor = two
    request = ask_signature(application=own, signatory=mayor, by=secretary, at=portal_now())
    abandon(own, secretary)
    request.refresh_from_db()
    assert (request.state, request.reason) == ("declined", "Brouillon supprimé.")
    assert told() == {mayor.email}
    with pytest.raises(Refused):
        deposit(own, mayor)


def test_a_person_who_may_not_read_the_file_learns_nothing_of_it(two):
    _, own, *_ = two
    waiting = make_member(own.lead, "editor", state="pending")
    for person in (waiting, None):
        assert no_file_yet(own.lead, own.call, person).reason == ("Votre commune a déjà une candidature à cet appel.")


# --- screens --------------------------------------------------------------------------------------------------------


def test_the_invitation_names_the_draft_and_leads_to_its_deletion_and_back(client, two):
    member, own, secretary, _ = two
    answer = reverse("partner_answer", args=[member.application.uuid, member.pk])
    page_of = reverse("application_abandon", args=[own.uuid])
    client.force_login(secretary)
    page = text_of(client.get(answer))
    assert "le brouillon « Le verger »" in spaced(page)
    assert "Confirmer la participation" not in page
    assert f'href="{page_of}?next={answer}"' in page
    assert client.post(answer, {"answer": "yes"}).status_code == 403
    asked = text_of(client.get(page_of, {"next": answer}))
    assert ("Supprimer le brouillon" in asked, "récupérer pendant quatorze jours" in asked) == (True, True)
    own.refresh_from_db()
    assert own.state == "draft"
    done = client.post(page_of, {"next": answer})
    assert done.url == answer
    assert "Confirmer la participation" in text_of(client.get(answer))
    assert client.get(page_of).status_code == 404


def test_the_page_of_a_draft_offers_it_to_who_writes_only(client, two):
    _, own, secretary, mayor = two
    page_of = reverse("application_abandon", args=[own.uuid])
    home = reverse("application", args=[own.uuid])
    client.force_login(make_member(own.lead, "reader"))
    assert (page_of in text_of(client.get(home)), client.get(page_of).status_code) == (False, 403)
    client.force_login(secretary)
    assert page_of in text_of(client.get(home))
    deposit(own, mayor)
    assert (page_of in text_of(client.get(home)), client.post(page_of).status_code) == (False, 403)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_deleted_or_deposited_never_both():
    application, secretary, mayor = make_ready(make_joint_call())

    def delete():
        abandon(Application.objects.get(pk=application.pk), secretary)

    def send():
        deposit(Application.objects.get(pk=application.pk), mayor)

    together([delete, send] * 4)
    connection.close()
    application.refresh_from_db()
    ends = {"abandoned": (0, 1), "submitted": (1, 0)}
    found = (application.deposits.count(), application.transitions.filter(transition="abandon").count())
    assert found == ends[application.state]


# --- taken back --------------------------------------------------------------------------------------------------


def test_a_deleted_draft_is_taken_back_as_it_was(two):
    _, own, secretary, _ = two
    before = {row.section_code: row.values for row in own.sections.all()}
    abandon(own, secretary)
    assert own not in own_applications(secretary)
    restore_draft(application=own, by=secretary, at=portal_now())
    assert own_applications(secretary).get() == own
    own.refresh_from_db()
    assert (own.state, {row.section_code: row.values for row in own.sections.all()}) == ("draft", before)
    assert [line.transition for line in own.transitions.all()] == ["abandon", "restore"]
    abandon(own, secretary)
    restore_draft(application=own, by=secretary, at=portal_now())
    assert own.members.filter(role="lead", left_at=None).count() == 1


def test_fourteen_days_to_the_second(two):
    _, own, secretary, _ = two
    abandon(own, secretary)
    at = own.transitions.get().happened_at + timedelta(days=14)
    assert not can_restore(secretary, own, at)
    assert can_restore(secretary, own, at - timedelta(seconds=1))
    assert recoverable_drafts(secretary, at - timedelta(seconds=1)).get() == own
    assert not recoverable_drafts(secretary, at).exists()


def test_not_when_the_organisation_has_begun_another_nor_by_a_reader(two):
    _, own, secretary, _ = two
    abandon(own, secretary)
    reader = make_member(own.lead, "reader")
    assert not recoverable_drafts(reader, portal_now()).exists()
    with pytest.raises(Refused, match="Seules les personnes qui écrivent"):
        restore_draft(application=own, by=reader, at=portal_now())
    start_application(call=own.call, organisation=own.lead, by=secretary, at=portal_now())
    with pytest.raises(Refused, match="a déjà une candidature"):
        restore_draft(application=own, by=secretary, at=portal_now())


def test_the_list_offers_it_and_the_button_takes_it_back(two, client):
    _, own, secretary, _ = two
    abandon(own, secretary)
    client.force_login(secretary, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = text_of(client.get(reverse("applications")))
    assert "Brouillons supprimés" in page
    assert client.post(reverse("application_restore", args=[own.uuid])).url == reverse("application", args=[own.uuid])
    assert "Brouillons supprimés" not in text_of(client.get(reverse("applications")))
    stranger = make_town(TILLEUL)[1]
    own.refresh_from_db()
    abandon(own, secretary)
    client.force_login(stranger, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.post(reverse("application_restore", args=[own.uuid])).status_code == 404


def test_a_draft_missed_is_read_and_its_answers_serve_another_file(two, client):
    _, own, secretary, _ = two
    other = make_ready(make_call(), (own.lead, secretary, secretary))[0]
    with at_instant(own.window.closes_at + timedelta(days=1)):
        client.force_login(secretary, backend="allauth.account.auth_backends.AuthenticationBackend")
        assert "ses réponses se reprennent" in text_of(client.get(reverse("application", args=[own.uuid])))
        assert "La place reste vide" in text_of(client.get(reverse("application_read", args=[own.uuid])))
        assert own in earlier_files(secretary, other)
