"""A file at several: the lead invites, each organisation confirms for itself, writes, and never deposits."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from applications.actions import actions_for
from applications.models import ApplicationMember
from applications.queries import own_applications
from applications.queries_staff import members_of
from applications.rules import can_ask_signature, can_edit, can_submit_application
from applications.services.drafting import attach, save_section, start_application
from applications.services.partners import confirm_partner, decline_partner, invite_partner, remove_partner
from portal.accounts.models import Organisation
from portal.core.clock import at_instant, portal_now
from portal.core.models import OutboundEmail
from portal.core.rules import Refused
from tests.accounts.helpers import text_of
from tests.applications.files import deposit, make_ready, pdf_upload
from tests.factories import (
    BENOUVILLE,
    HARFLEUR,
    LHSM,
    TILLEUL,
    make_call,
    make_commune,
    make_intercommunality,
    make_member,
    make_town_hall,
)

pytestmark = pytest.mark.django_db
JOINT = {"kinds": ["commune", "intercommunality"], "group": {"min": 2, "max": 3}}


def make_joint_call(**applicants):
    extras = {"perimeter_label": "x", "applicants": {**JOINT, **applicants}}
    return make_call(extras=extras)


@pytest.fixture
def joint():
    """A complete draft, its secretary, its mayor, and the town hall of Bénouville with an editor."""
    application, secretary, mayor = make_ready(make_joint_call())
    other = make_town_hall(BENOUVILLE)
    return application, secretary, mayor, other, make_member(other, "editor")


def invite(application, by, organisation, role="member", share=None):
    return invite_partner(
        application=application, organisation=organisation, role=role, share=share, by=by, at=portal_now()
    )


def confirmed(joint):
    application, secretary, _, other, agent = joint
    return confirm_partner(member=invite(application, secretary, other), by=agent, at=portal_now())


def mails(kind):
    return sorted(OutboundEmail.objects.filter(kind=f"applications.{kind}").values_list("recipient", flat=True))


def section(application, by, text="La place du Marché"):
    row = application.sections.get(section_code="S1")
    return save_section(
        application=application, section_code="S1", typed={"Q1": text}, version=row.version, by=by, at=portal_now()
    )


def test_invited_an_organisation_is_told_and_counts_nowhere_yet(joint):
    application, secretary, _, other, agent = joint
    member = invite(application, secretary, other, share=Decimal("40"))
    assert (member.confirmed_at, member.invited_by, member.share) == (None, secretary, Decimal("40"))
    assert mails("partner_invited") == sorted([other.official_email, agent.email])
    assert "/rejoindre/76079/?next=/candidatures/" in OutboundEmail.objects.filter(recipient=agent.email).get().body
    assert not own_applications(agent).exists()
    assert [m.organisation for m in members_of(application)] == [application.lead]
    assert not can_edit(agent, application, portal_now())
    own = start_application(call=application.call, organisation=other, by=agent, at=portal_now())
    assert own.lead == other
    with pytest.raises(Refused, match="a déjà une candidature"):
        confirm_partner(member=member, by=agent, at=portal_now())


def test_confirmed_its_people_write_like_the_lead_s_and_neither_sign_nor_deposit(joint):
    application, secretary, _, other, agent = joint
    confirmed(joint)
    assert mails("partner_answered") == [secretary.email]
    signatory, reader = make_member(other, "signatory"), make_member(other, "reader")
    now = portal_now()
    assert own_applications(agent).get() == application
    section(application, agent)
    attach(application=application, piece=application.call.piece_types.get(code="PLAN_SIT"), upload=pdf_upload(), by=agent, at=now)  # fmt: skip
    assert not can_edit(reader, application, now)
    assert can_edit(signatory, application, now)
    assert (
        can_ask_signature(agent, application, now).reason
        == "Seule la commune qui porte la candidature peut faire cela."
    )
    assert not can_submit_application(signatory, application, now)
    with pytest.raises(Refused):
        deposit(application, signatory)
    with pytest.raises(Refused, match="Seule la commune qui porte"):
        invite(application, agent, make_town_hall(TILLEUL))


def test_a_person_who_waits_in_the_co_applicant_reads_nothing(joint):
    confirmed(joint)
    waiting = make_member(joint[3], "editor", state="pending")
    assert not own_applications(waiting).exists()
    assert not can_edit(waiting, joint[0], portal_now())


def test_who_may_answer_and_once(joint):
    application, secretary, mayor, other, agent = joint
    member = invite(application, secretary, other)
    for person in (secretary, mayor, make_member(other, "reader"), make_member(other, "editor", state="pending")):
        with pytest.raises(Refused, match="est de lire, pas de l’engager"):
            confirm_partner(member=member, by=person, at=portal_now())
    decline_partner(member=member, by=agent, at=portal_now())
    with pytest.raises(Refused, match="a déjà reçu une réponse"):
        confirm_partner(member=member, by=agent, at=portal_now())
    assert "ne participera pas" in OutboundEmail.objects.get(kind="applications.partner_answered").body
    again = invite(application, secretary, other)
    assert again.pk != member.pk


def test_what_the_call_allows(joint):
    application, secretary, _, other, _ = joint
    with pytest.raises(Refused, match="déjà dans la candidature"):
        invite(application, secretary, application.lead)
    invite(application, secretary, other, share=Decimal("60"))
    with pytest.raises(Refused, match="dépasserait 100"):
        invite(application, secretary, make_town_hall(TILLEUL), share=Decimal("41"))
    invite(application, secretary, make_town_hall(TILLEUL), share=Decimal("40"))
    with pytest.raises(Refused, match="réunit 3\u00a0candidats au plus"):
        invite(application, secretary, make_town_hall(HARFLEUR))
    invite(application, secretary, make_town_hall(HARFLEUR), role="mandatary")


def test_a_call_without_joint_files_or_for_communes_only():
    alone, secretary, _ = make_ready()
    with pytest.raises(Refused, match="ne prévoit pas de candidature à plusieurs"):
        invite(alone, secretary, make_town_hall(BENOUVILLE))
    group = Organisation.objects.create(
        kind="intercommunality", name="La communauté", siren="200000001",
        intercommunality=make_intercommunality("200000001", "de l’Estuaire", "CC"),
    )  # fmt: skip
    type(alone.call).objects.filter(pk=alone.call.pk).update(
        extras={"perimeter_label": "x", "applicants": {**JOINT, "kinds": ["commune"]}}
    )
    alone.refresh_from_db()
    with pytest.raises(Refused, match="n’accepte pas ce type d’organisme"):
        invite(alone, secretary, group)
    assert invite(alone, secretary, group, role="mandatary").role == "mandatary"


def test_leaving_closes_the_file_to_its_people_and_tells_both_sides(joint):
    application, secretary, mayor, other, agent = joint
    member = confirmed(joint)
    remove_partner(member=member, by=agent, at=portal_now())
    assert not own_applications(agent).exists()
    assert mails("partner_left") == sorted([agent.email, other.official_email, secretary.email, mayor.email])
    second = confirm_partner(member=invite(application, secretary, other), by=agent, at=portal_now())
    remove_partner(member=second, by=secretary, at=portal_now())
    assert not can_edit(agent, application, portal_now())
    lead = application.members.get(role="lead")
    with pytest.raises(Refused, match="ne peut pas quitter"):
        remove_partner(member=lead, by=secretary, at=portal_now())


def test_nothing_changes_after_the_limit(joint):
    application, secretary, _, other, agent = joint
    member = invite(application, secretary, other)
    with at_instant(application.window.closes_at.replace(year=application.window.closes_at.year + 1)):
        for act in (
            lambda: confirm_partner(member=member, by=agent, at=portal_now()),
            lambda: remove_partner(member=member, by=secretary, at=portal_now()),
            lambda: invite(application, secretary, make_town_hall(TILLEUL)),
        ):
            with pytest.raises(Refused, match="L’appel est clos"):
                act()


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"share": Decimal("101")}, "member_share_is_a_percentage"),
        ({"role": "mandatary"}, "organisation_once_in_application"),
    ],
)
def test_what_the_database_refuses(joint, values, constraint):
    application, secretary, _, other, _ = joint
    invite(application, secretary, make_town_hall(TILLEUL))
    organisation = other if "share" in values else make_town_hall(TILLEUL)
    row = {"application": application, "call": application.call, "organisation": organisation, "role": "member"}
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        ApplicationMember.objects.create(**{**row, **values})


def test_one_confirmed_file_per_organisation_in_the_database(joint):
    application, _, _, other, _ = joint
    confirmed(joint)
    second, *_ = make_ready(application.call, (make_town_hall(TILLEUL), make_member(make_town_hall(TILLEUL)), None))
    with pytest.raises(IntegrityError, match="one_file_per_organisation_and_call"), transaction.atomic():
        ApplicationMember.objects.create(
            application=second, call=second.call, organisation=other, role="member", confirmed_at=portal_now()
        )


# --- screens --------------------------------------------------------------------------------------------------------


def partners_url(application):
    return reverse("partners", args=[application.uuid])


def test_the_lead_searches_and_invites_then_the_other_confirms_and_writes(client, joint):
    application, secretary, _, _, agent = joint
    client.force_login(secretary)
    assert "Co-candidats" in text_of(client.get(reverse("application", args=[application.uuid])))
    page = text_of(client.get(partners_url(application), {"q": "benouville"}))
    assert 'value="insee:76079"' in page
    typed = {"q": "benouville", "who": "insee:76079", "role": "member", "share": "33,5"}
    sent = text_of(client.post(partners_url(application), typed, follow=True))
    assert "attend sa réponse" in sent
    assert "33,5 %" in sent
    client.force_login(agent)
    (action,) = actions_for(agent, portal_now())
    assert action.title.startswith("Répondre à Commune de Étretat, qui propose")
    page = text_of(client.get(action.url))
    assert "Confirmer la participation" in page
    assert "La place des Marronniers" not in page.replace(application.title or "§", "")
    done = client.post(action.url, {"answer": "yes"})
    assert done.url == reverse("application", args=[application.uuid])
    home = text_of(client.get(done.url))
    assert "Faire signer le maire" not in home
    assert client.get(reverse("section", args=[application.uuid, "S1"])).status_code == 200
    assert client.get(reverse("signature_ask", args=[application.uuid])).status_code == 403
    assert "Faire signer" not in text_of(client.get(reverse("application_read", args=[application.uuid])))
    assert "Inviter un organisme" not in text_of(client.get(partners_url(application)))


def test_the_intercommunality_of_the_commune_is_offered_first(client, joint):
    application, secretary, *_ = joint
    make_intercommunality()
    client.force_login(secretary)
    assert f'value="siren:{LHSM[0]}"' in text_of(client.get(partners_url(application)))
    typed = {"who": f"siren:{LHSM[0]}", "role": "mandatary", "share": ""}
    assert client.post(partners_url(application), typed).status_code == 302
    assert application.members.get(role="mandatary").organisation.siren == LHSM[0]


def test_wrong_input_is_told(client, joint):
    application, secretary, *_ = joint
    client.force_login(secretary)
    page = text_of(client.post(partners_url(application), {"q": "benouville", "role": "member", "share": "150"}))
    assert ("Choisissez un organisme." in page, "La part est un pourcentage, de 0 à 100." in page) == (True, True)
    forged = text_of(
        client.post(partners_url(application), {"q": "benouville", "who": "insee:99999", "role": "member"})
    )
    assert "partner" not in forged.lower() or not application.members.filter(role="member").exists()


def test_strangers_find_nothing(client, joint):
    application, secretary, _, other, _ = joint
    member = invite(application, secretary, other)
    make_commune(TILLEUL)
    client.force_login(make_member(make_town_hall(TILLEUL), "signatory"))
    answer = reverse("partner_answer", args=[application.uuid, member.pk])
    found = {
        client.get(partners_url(application)).status_code,
        client.get(answer).status_code,
        client.post(answer, {"answer": "yes"}).status_code,
        client.post(reverse("partner_end", args=[application.uuid, member.pk])).status_code,
    }
    assert found == {404}


def test_the_page_costs_the_same_at_one_and_three_co_applicants(client, joint, django_assert_num_queries):
    application, secretary, _, other, _ = joint
    type(application.call).objects.update(extras={"applicants": {**JOINT, "group": {"max": 9}}})
    invite(application, secretary, other)
    client.force_login(secretary)
    with django_assert_num_queries(27):
        client.get(partners_url(application))
    for spec in (TILLEUL, HARFLEUR):
        ApplicationMember.objects.create(
            application=application, call=application.call, organisation=make_town_hall(spec), role="member",
            invited_at=portal_now(),
        )  # fmt: skip
    with django_assert_num_queries(27):
        client.get(partners_url(application))
