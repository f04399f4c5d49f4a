"""A file at several: the lead invites, each organisation confirms for itself, writes, and never deposits."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from applications.actions.commune import actions_for
from applications.models import ApplicationMember
from applications.queries.files import own_applications, staffed_applications
from applications.queries.partners import organisation_chosen
from applications.queries.staff import members_of
from applications.rules.files import can_ask_signature, can_edit, can_submit_application
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
    make_role,
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
    make_member(group, "editor")
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


# --- what a deposit keeps -------------------------------------------------------------------------------------------

BENOUVILLE_FROZEN = {
    "name": "Commune de Bénouville", "kind": "commune", "siren": "217600790", "insee": "76079", "share": "",
}  # fmt: skip


def test_a_deposit_freezes_the_co_applicants_who_have_confirmed(joint):
    application, secretary, mayor, *_ = joint
    confirmed(joint)
    invite(application, secretary, make_town_hall(TILLEUL))
    group = organisation_chosen(f"siren:{make_intercommunality().siren}")
    helper = make_member(group, "editor")
    confirm_partner(member=invite(application, secretary, group, role="mandatary"), by=helper, at=portal_now())
    made = deposit(application, mayor)
    assert made.co_applicants == [BENOUVILLE_FROZEN]
    told = made.receipt.snapshot["application"]
    assert (told["co_applicants_label"], told["co_applicants"]) == (
        "Co-candidate",
        [{"name": "Commune de Bénouville", "kind": "", "siren": "217600790"}],
    )


def test_the_receipt_names_what_is_no_commune_by_its_kind(joint):
    application, secretary, mayor, *_ = joint
    confirmed(joint)
    group = organisation_chosen(f"siren:{make_intercommunality().siren}")
    agent = make_member(group, "editor")
    member = invite(application, secretary, group, share=Decimal("12.5"))
    confirm_partner(member=member, by=agent, at=portal_now())
    made = deposit(application, mayor)
    assert [(row["name"], row["share"]) for row in made.co_applicants] == [
        ("Commune de Bénouville", ""),
        (group.name, "12.50"),
    ]
    told = made.receipt.snapshot["application"]
    assert told["co_applicants_label"] == "Co-candidats"
    assert told["co_applicants"][1] == {"name": group.name, "kind": "intercommunalité", "siren": LHSM[0]}


def test_a_file_alone_names_nobody_beside():
    application, _, mayor = make_ready()
    made = deposit(application, mayor)
    assert made.co_applicants == []
    told = made.receipt.snapshot["application"]
    assert (told["co_applicants"], told["co_applicants_label"]) == ([], "")


def test_a_change_of_the_group_is_a_change_to_deposit(client, joint):
    application, secretary, mayor, other, agent = joint
    first = deposit(application, mayor)
    member = confirmed(joint)
    client.force_login(mayor)
    home = reverse("application", args=[application.uuid])
    assert "Rien n’a changé depuis" not in text_of(client.get(home))
    second = deposit(application, mayor)
    assert (first.n, first.co_applicants, second.n, second.co_applicants) == (1, [], 2, [BENOUVILLE_FROZEN])
    assert "Rien n’a changé depuis" in text_of(client.get(home))
    assert deposit(application, mayor) == second
    remove_partner(member=member, by=agent, at=portal_now())
    confirm_partner(member=invite(application, secretary, other), by=agent, at=portal_now())
    assert deposit(application, mayor) == second
    Organisation.objects.filter(pk=other.pk).update(name="Commune nouvelle")
    second.refresh_from_db()
    assert second.co_applicants == [BENOUVILLE_FROZEN]


def test_the_pages_of_the_deposit_name_the_co_applicants(client, joint):
    application, _, mayor, *_ = joint
    confirmed(joint)
    named = 'Commune de Bénouville <span class="secondary num">(SIREN 217600790)</span>'
    client.force_login(mayor)
    assert named in text_of(client.get(reverse("deposit", args=[application.uuid])))
    deposit(application, mayor)
    pages = [reverse(name, args=[application.uuid]) for name in ("receipt", "application_deposited")]
    assert [named in text_of(client.get(page)) for page in pages] == [True, True]
    client.force_login(make_role(application.call, "officer"))
    assert named in text_of(client.get(reverse("staff_application", args=[application.uuid])))


# --- the scope of a role ----------------------------------------------------------------------------------------


def test_a_role_of_a_co_applicant_s_commune_reads_the_file_and_acts_on_nothing(client, joint):
    """The table and the file agree: the row leads to a page that opens; acts need a role over the lead's commune."""
    application, _, mayor, *_ = joint
    confirmed(joint)
    deposit(application, mayor)
    call, officers = application.call, {}
    for insee in ("76254", "76079", "76693"):
        officers[insee] = make_role(call, "officer")
        officers[insee].call_roles.update(scope=[insee])
    make_commune(TILLEUL)
    file, admit = (reverse(name, args=[application.uuid]) for name in ("staff_application", "staff_admission"))
    table, found = reverse("staff_communes", args=[call.slug]), {}
    for insee, officer in officers.items():
        client.force_login(officer)
        linked = file in client.get(table).content.decode()
        found[insee] = (linked, client.get(file).status_code)
    assert found == {"76254": (True, 200), "76079": (True, 200), "76693": (False, 404)}
    client.force_login(officers["76079"])
    assert "Déclarer recevable" not in text_of(client.get(file))
    assert client.post(admit).status_code == 403
    assert client.get(reverse("technical_assessment", args=[application.uuid])).status_code == 403
    client.force_login(officers["76254"])
    assert client.post(admit).status_code == 302


def test_a_co_applicant_who_left_or_only_helps_opens_nothing(joint):
    application, secretary, mayor, other, agent = joint
    member = confirmed(joint)
    deposit(application, mayor)
    officer = make_role(application.call, "officer")
    officer.call_roles.update(scope=["76079"])
    assert staffed_applications(officer).get() == application
    remove_partner(member=member, by=agent, at=portal_now())
    assert not staffed_applications(officer).exists()
    confirm_partner(member=invite(application, secretary, other, role="mandatary"), by=agent, at=portal_now())
    assert not staffed_applications(officer).exists()


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
    typed = {"who": f"siren:{LHSM[0]}", "role": "mandatary", "share": "", "contact": "agent@lhsm.exemple.fr"}
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
    with django_assert_num_queries(17):
        client.get(partners_url(application))
    for spec in (TILLEUL, HARFLEUR):
        ApplicationMember.objects.create(
            application=application, call=application.call, organisation=make_town_hall(spec), role="member",
            invited_at=portal_now(),
        )  # fmt: skip
    with django_assert_num_queries(17):
        client.get(partners_url(application))
