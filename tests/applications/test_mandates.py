"""A mandate lets a public body write an organisation's files for a time; it never has them signed, never deposits."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from applications.actions.commune import actions_for
from applications.models import Application, Mandate, MandateWriting
from applications.queries.files import own_applications
from applications.queries.mandates import help_received
from applications.rules.drafts import can_abandon
from applications.rules.files import can_ask_signature, can_choose_partners, can_edit, can_take_up
from applications.services.drafting import attach, promise, remove_attachment, save_section, start_application
from applications.services.mandates import give_mandate, revoke_mandate
from portal.accounts.models import Organisation
from portal.accounts.services.memberships import end_membership
from portal.core.calendar import day_of, end_of_day
from portal.core.clock import at_instant, portal_now
from portal.core.models import OutboundEmail
from portal.core.rules import Refused
from tests.applications.files import deposit, make_ready, make_town, pdf_upload
from tests.applications.staff.makers import client_of
from tests.factories import HARFLEUR, make_call, make_member, make_town_hall

pytestmark = pytest.mark.django_db


def make_service(name="Direction des territoires de la Seine-Maritime", kind="state"):
    return Organisation.objects.create(kind=kind, name=name, official_email="ddtm@exemple.fr")


@pytest.fixture
def mandated():
    """A complete draft, its secretary, its mayor; a State service with an agent."""
    application, secretary, mayor = make_ready()
    service = make_service()
    return application, secretary, mayor, service, make_member(service, "editor", full_name="Dominique Service")


def give(application, mayor, service, *, call=None, days=30, **changes):
    today = day_of(portal_now())
    told = {"from_on": today, "until_on": today + timedelta(days=days), "by": mayor, "at": portal_now(), **changes}
    return give_mandate(principal=application.lead, mandatary=service, call=call, **told)


def write(application, by, text="La place du Marché"):
    row = application.sections.get(section_code="S1")
    return save_section(
        application=application, section_code="S1", typed={"Q1": text}, version=row.version, by=by, at=portal_now()
    )


def mails(kind):
    return sorted(OutboundEmail.objects.filter(kind=f"applications.{kind}").values_list("recipient", flat=True))


def test_without_a_mandate_a_service_reads_nothing(mandated):
    application, _, _, _, agent = mandated
    assert not own_applications(agent).exists()
    assert not can_edit(agent, application, portal_now())


def test_given_the_service_writes_and_the_file_says_who(mandated):
    application, secretary, mayor, service, agent = mandated
    mandate = give(application, mayor, service)
    assert [(t.transition, t.by, t.on_behalf_of) for t in mandate.transitions.all()] == [
        ("give", mayor, application.lead)
    ]
    assert mails("mandate_given") == sorted(
        {service.official_email, agent.email, application.lead.official_email, secretary.email, mayor.email}
    )
    assert own_applications(agent).get() == application
    write(application, agent)
    piece = application.call.piece_types.get(code="PLAN_SIT")
    attachment = attach(application=application, piece=piece, upload=pdf_upload(), by=agent, at=portal_now())
    remove_attachment(attachment=attachment, piece=piece, by=agent, at=portal_now())
    delib = application.call.piece_types.get(code="DELIB")
    promise(application=application, piece=delib, due_on=delib.promised_until, by=agent, at=portal_now())
    write(application, secretary, "La place des Marronniers")
    told = [(row.what, row.writing.by, row.writing.mandate) for row in help_received(application)]
    assert told == [
        ("section « Le site »", agent, mandate),
        ("pièce « Plan de situation »", agent, mandate),
        ("pièce « Délibération »", agent, mandate),
    ]


def test_it_neither_has_the_file_signed_nor_deposits_nor_chooses_who_applies(mandated):
    application, _, mayor, service, _ = mandated
    give(application, mayor, service)
    boss, now = make_member(service, "signatory"), portal_now()
    only_lead = "Seule la commune qui porte la candidature peut faire cela."
    assert can_ask_signature(boss, application, now).reason == only_lead
    assert can_take_up(boss, application, now).reason == only_lead
    assert not can_choose_partners(boss, application, now)
    assert not can_abandon(boss, application)
    with pytest.raises(Refused, match="Seule une personne habilitée à signer pour la commune"):
        deposit(application, boss)
    application.refresh_from_db()
    assert (application.state, can_edit(boss, application, now).allowed) == ("draft", True)


def test_a_reader_of_the_service_reads_and_writes_nothing(mandated):
    application, _, mayor, service, _ = mandated
    give(application, mayor, service)
    reader = make_member(service, "reader")
    assert own_applications(reader).get() == application
    with pytest.raises(Refused, match="de lire, pas d’écrire"):
        write(application, reader)
    assert not MandateWriting.objects.exists()


@pytest.mark.parametrize("right", ["editor", "reader"])
def test_only_who_signs_gives_a_mandate(mandated, right):
    application, _, _, service, _ = mandated
    with pytest.raises(Refused, match="habilitée à signer"):
        give(application, make_member(application.lead, right), service)
    assert not Mandate.objects.exists()


def test_it_counts_from_its_first_day_to_its_last_in_paris(mandated):
    application, _, mayor, service, agent = mandated
    today = day_of(portal_now())
    give(application, mayor, service, from_on=today + timedelta(days=2), until_on=today + timedelta(days=3))
    last = end_of_day(today + timedelta(days=3))
    seen = {}
    for name, at in {
        "today": portal_now(), "eve": end_of_day(today + timedelta(days=1)), "last second": last,
        "after": last + timedelta(seconds=1),
    }.items():  # fmt: skip
        with at_instant(at):
            seen[name] = own_applications(agent).exists()
    assert seen == {"today": False, "eve": False, "last second": True, "after": False}


def test_one_act_revokes_it_and_what_was_written_stays(mandated):
    application, _, mayor, service, agent = mandated
    mandate = give(application, mayor, service)
    write(application, agent)
    revoke_mandate(mandate=mandate, reason="Le dossier est repris en régie.", by=mayor, at=portal_now())
    assert not own_applications(agent).exists()
    with pytest.raises(Refused):
        write(application, agent, "Autre chose")
    assert application.sections.get(section_code="S1").values["Q1"] == "La place du Marché"
    assert [row.what for row in help_received(application)] == ["section « Le site »"]
    assert [t.transition for t in mandate.transitions.all()] == ["give", "revoke"]
    assert agent.email in mails("mandate_revoked")
    with pytest.raises(Refused, match="déjà révoqué"):
        revoke_mandate(mandate=mandate, reason="", by=mayor, at=portal_now())


def test_the_service_may_give_it_back_its_agents_may_not(mandated):
    application, _, mayor, service, agent = mandated
    mandate = give(application, mayor, service)
    with pytest.raises(Refused, match="habilitée à signer pour la commune"):
        revoke_mandate(mandate=mandate, reason="", by=agent, at=portal_now())
    revoke_mandate(mandate=mandate, reason="", by=make_member(service, "manager"), at=portal_now())
    assert mandate.transitions.get(transition="revoke").on_behalf_of == service


def test_of_one_call_it_opens_no_other(mandated):
    application, _, mayor, service, agent = mandated
    other = make_call()
    other.sections.get(code="S1").questions.filter(code="Q1").update(prefill="user.mail")
    give(application, mayor, service, call=other)
    assert not own_applications(agent).exists()
    begun = start_application(call=other, organisation=application.lead, by=agent, at=portal_now())
    assert own_applications(agent).get() == begun
    assert [row.what for row in help_received(begun)] == ["brouillon commencé"]
    assert agent.email not in str([row.values for row in begun.sections.all()])
    with pytest.raises(Refused, match="Vous ne pouvez pas écrire pour cette commune"):
        start_application(call=make_call(), organisation=application.lead, by=agent, at=portal_now())


def test_an_agent_who_leaves_the_service_loses_it(mandated):
    application, _, mayor, service, agent = mandated
    give(application, mayor, service)
    end_membership(membership=agent.memberships.get(), by=None, at=portal_now())
    assert not own_applications(agent).exists()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"from_on": -1}, "aujourd’hui au plus tôt"),
        ({"until_on": -1}, "Le dernier jour du mandat suit le premier"),
        ({"until_on": 3000}, "six ans au plus"),
    ],
)
def test_days_that_make_no_sense_are_refused(mandated, changes, words):
    application, _, mayor, service, _ = mandated
    today = day_of(portal_now())
    with pytest.raises(Refused, match=words):
        give(application, mayor, service, **{name: today + timedelta(days=n) for name, n in changes.items()})


def test_a_commune_or_a_firm_holds_none(mandated):
    application, _, mayor, _, _ = mandated
    for body in (make_town_hall(HARFLEUR), make_service("Cabinet", "firm")):
        with pytest.raises(Refused, match="autre organisme public"):
            give(application, mayor, body)


def test_two_at_once_for_the_same_days_are_refused_by_the_act_and_by_the_database(mandated):
    application, _, mayor, service, _ = mandated
    first = give(application, mayor, service)
    with pytest.raises(Refused, match="déjà donné"):
        give(application, mayor, service, days=3)
    with pytest.raises(IntegrityError, match="mandate_once_at_a_time"), transaction.atomic():
        Mandate.objects.create(
            principal=first.principal, mandatary=service, from_on=first.until_on, until_on=first.until_on,
            state="given", given_at=portal_now(), given_by=mayor,
        )  # fmt: skip
    revoke_mandate(mandate=first, reason="", by=mayor, at=portal_now())
    give(application, mayor, service)


def test_the_agent_finds_the_next_section_in_their_actions(mandated):
    application, _, mayor, service, agent = mandated
    Application.objects.filter(pk=application.pk).update(title="")
    application.sections.filter(section_code="S2").delete()
    assert actions_for(agent, portal_now()) == []
    give(application, mayor, service)
    assert [action.url for action in actions_for(agent, portal_now())] == [
        reverse("section", args=[application.uuid, "S2"])
    ]


# --- the screens -------------------------------------------------------------------------------------------------


def test_the_mayor_gives_it_on_the_screen_and_both_sides_read_it(mandated):
    application, secretary, mayor, service, agent = mandated
    page, today = client_of(mayor, stepped_up=True), day_of(portal_now())
    path = reverse("mandate_new", args=[application.lead.uuid])
    assert b"Direction des territoires" in page.get(path, {"q": "territoires"}).content
    typed = {"q": "territoires", "who": f"uuid:{service.uuid}", "call": "", "from_on": f"{today}", "until_on": ""}
    refused = page.post(path, typed).content.decode()
    assert "un mandat n’est jamais sans fin" in refused
    assert f'value="uuid:{service.uuid}"' in refused
    assert f'value="{today}"' in refused
    done = page.post(path, {**typed, "until_on": f"{today + timedelta(days=90)}"})
    assert done.url == reverse("mandates")
    mandate = Mandate.objects.get()
    for person in (mayor, secretary, agent):
        assert reverse("mandate", args=[mandate.uuid]) in client_of(person).get(reverse("mandates")).content.decode()
    assert b"Donner un mandat</h1>" not in client_of(secretary).get(path).content
    assert client_of(secretary, stepped_up=True).get(path).status_code == 403
    assert client_of(agent).get(reverse("mandate", args=[mandate.uuid])).status_code == 200
    stranger = client_of(make_town(HARFLEUR)[1])
    assert stranger.get(reverse("mandate", args=[mandate.uuid])).status_code == 404
    home = client_of(secretary).get(reverse("application", args=[application.uuid])).content.decode()
    assert "peut écrire ce dossier jusqu’au" in home


def test_revoked_on_its_page(mandated):
    application, _, mayor, service, agent = mandated
    mandate = give(application, mayor, service)
    path = reverse("mandate_revoke", args=[mandate.uuid])
    assert client_of(agent).post(path, {"reason": ""}).status_code == 403
    assert client_of(mayor).post(path, {"reason": "Fini."}).url == reverse("mandate", args=[mandate.uuid])
    mandate.refresh_from_db()
    assert (mandate.state, mandate.revoked_by) == ("revoked", mayor)
    assert client_of(agent).get(reverse("application", args=[application.uuid])).status_code == 404


def test_the_list_costs_the_same_at_one_and_at_three(mandated, django_assert_max_num_queries):
    application, _, mayor, service, _ = mandated
    give(application, mayor, service)
    page = client_of(mayor)
    page.get(reverse("mandates"))
    with django_assert_max_num_queries(12) as one:
        page.get(reverse("mandates"))
    for n in range(2):
        give(application, mayor, make_service(f"Service {n}"))
    with django_assert_max_num_queries(len(one.captured_queries)):
        page.get(reverse("mandates"))
