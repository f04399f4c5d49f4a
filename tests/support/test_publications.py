"""Publications: written from the plan, agreed to by the commune, published in versions, found in French."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from portal.accounts.models import User
from portal.core.calendar import day_of
from portal.core.clock import portal_now
from portal.core.models import OutboundEmail
from portal.core.rules import Refused
from support.impact import services, states
from support.impact.completeness import missing_in
from support.impact.drafting import Known, first_texts
from support.impact.models import Measure, Publication
from support.impact.queries import public_library, saying, texts_of
from support.impact.services import Written
from support.money.models import FundingRequest
from support.plan.models import SupportPlan
from support.plan.services import finish_phase, write_log
from tests.factories import make_member, make_role, make_user
from tests.support.factories import make_plan

pytestmark = pytest.mark.django_db
LEAD = "Étretat a rendu une place aux piétons avec l’aide de la communauté urbaine, en un an."
WORDS = {
    "origin": "La place servait de parking ; les aînés n’y venaient plus.",
    "aims": "Rendre la place aux marcheurs.",
    "course": "Un diagnostic en marchant, puis deux ateliers.",
    "results": "Des bancs, trois arbres, une fontaine.",
    "advice": "Commencez par marcher avec les habitants.",
}


@pytest.fixture
def plan() -> SupportPlan:
    return make_plan()


@pytest.fixture
def manager(plan: SupportPlan) -> User:
    return make_role(plan.application.call)


@pytest.fixture
def mayor(plan: SupportPlan) -> User:
    return make_member(plan.application.lead, right="signatory")


def write(report: Publication, by: User, **changes) -> None:
    told = {
        "title": "Une place pour marcher",
        "lead": LEAD,
        "themes": ["santé"],
        "cost": Decimal(84_000),
        "texts": WORDS,
    }
    report.refresh_from_db()
    services.save(
        publication=report, version=report.version, written=Written(**{**told, **changes}), by=by, at=portal_now()
    )
    report.refresh_from_db()


def published(plan: SupportPlan, manager: User, mayor: User) -> Publication:
    report = services.begin_report(plan=plan, by=manager, at=portal_now())
    write(report, manager)
    services.submit(publication=report, by=manager, at=portal_now())
    services.agree(publication=report, by=mayor, at=portal_now())
    services.publish(publication=report, by=manager, at=portal_now())
    report.refresh_from_db()
    return report


# --- pure --------------------------------------------------------------------------------------------------------


def test_a_first_draft_says_what_is_known_and_nothing_else() -> None:
    known = Known(
        done=[("Synthèse", date(2026, 7, 20))],
        visits=[("Diagnostic en marchant", date(2026, 6, 26))],
        partners=["Le Havre Seine Métropole"],
        days=Decimal("3.50"),
        fundings=[("État, Fonds vert", Decimal(25_920), "acquise")],
        measures=[("Participants", Decimal(46), "personnes", date(2026, 6, 26), "Feuille de présence")],
        next_steps=[],
    )
    assert first_texts(known) == {
        "course": "26\u00a0juin\u00a02026 : Diagnostic en marchant.\n\n20\u00a0juillet\u00a02026 : Synthèse.",
        "partners": "Le Havre Seine Métropole.",
        "means": "3,5\u00a0jours d’accompagnement.\n\nÉtat, Fonds vert : 25\u202f920,00\u00a0€ (acquise).",
        "results": "Participants : 46 personnes, le 26\u00a0juin\u00a02026 (Feuille de présence).",
    }
    assert first_texts(Known((), (), (), Decimal(0), (), (), ())) == {}


def test_what_is_missing_is_named_with_its_field() -> None:
    texts = {**WORDS, "course": "  ", "outlook": "à compléter"}
    found = missing_in("report", title="Une place", lead="Court.", texts=texts, contacts=[("Ana", False), ("Bo", True)])
    assert [one.field for one in found] == ["lead", "course", "outlook", "contacts"]
    assert found[1].sentence == "« Le déroulé » est à écrire."
    assert found[3].sentence == "Ana n’a pas encore accepté que ses coordonnées soient publiées."
    assert missing_in("report", title="Une place", lead=LEAD, texts=WORDS, contacts=[]) == []


# --- the way -----------------------------------------------------------------------------------------------------


def test_a_report_begins_with_the_plan_once(plan, manager) -> None:
    phase = plan.phases.order_by("position")[0]
    finish_phase(phase=phase, done_on=day_of(portal_now()), by=manager, at=portal_now())
    for visibility, title in (("shared", "Diagnostic en marchant"), ("internal", "Secret de bureau")):
        write_log(
            plan=plan, kind="visit", happened_on=day_of(portal_now()), title=title, text="", visibility=visibility,
            days=Decimal(1), by=manager, at=portal_now(),
        )  # fmt: skip
    for status in ("granted", "refused"):
        FundingRequest.objects.create(
            plan=plan, funder=f"Financeur {status}", base=100, amount=50, status=status,
            status_on=day_of(portal_now()), recorded_by=manager,
        )  # fmt: skip
    report = services.begin_report(plan=plan, by=manager, at=portal_now())
    assert services.begin_report(plan=plan, by=manager, at=portal_now()) == report
    texts = texts_of(report)
    assert "Diagnostic en marchant" in texts["course"]
    assert (phase.deliverable or phase.title) in texts["course"]
    assert "Financeur granted" in texts["means"]
    assert not any("Secret" in text or "refused" in text for text in texts.values())
    assert report.themes == list(plan.application.call.themes)


def test_nothing_is_public_without_the_commune(plan, manager, mayor) -> None:
    report = services.begin_report(plan=plan, by=manager, at=portal_now())
    with pytest.raises(Refused, match="chapeau est à écrire"):
        services.submit(publication=report, by=manager, at=portal_now())
    write(report, manager)
    with pytest.raises(Refused, match="n’est plus possible"):
        services.publish(publication=report, by=manager, at=portal_now())
    services.submit(publication=report, by=manager, at=portal_now())
    assert set(
        OutboundEmail.objects.filter(kind="support.publication_submitted").values_list("recipient", flat=True)
    ) == {mayor.email}
    with pytest.raises(Refused, match="Seule la commune"):
        services.agree(publication=report, by=manager, at=portal_now())
    with pytest.raises(Refused, match="n’est plus possible"):
        services.publish(publication=report, by=manager, at=portal_now())
    services.agree(publication=report, by=mayor, at=portal_now())
    assert list(public_library()) == []
    with pytest.raises(Refused, match="accord"):
        write(report, mayor)
    services.publish(publication=report, by=manager, at=portal_now())
    assert list(public_library()) == [report]
    agreed = report.transitions.get(transition="agree")
    assert (agreed.by, agreed.on_behalf_of) == (mayor, plan.application.lead)


def test_the_commune_sends_it_back_with_its_reason(plan, manager, mayor) -> None:
    report = services.begin_report(plan=plan, by=manager, at=portal_now())
    write(report, manager)
    services.submit(publication=report, by=manager, at=portal_now())
    services.send_back(publication=report, reason="Le coût est faux.", by=mayor, at=portal_now())
    report.refresh_from_db()
    assert report.state == states.DRAFTING
    mails = OutboundEmail.objects.filter(kind="support.publication_returned")
    assert {mail.recipient for mail in mails} >= {manager.email}
    assert all("Le coût est faux." in mail.body for mail in mails)


def test_a_new_version_leaves_the_public_one_until_it_is_published(plan, manager, mayor) -> None:
    report = published(plan, manager, mayor)
    first_day = report.published_at
    services.revise(publication=report, by=manager, at=portal_now())
    write(report, manager, title="Une place, deux ans après")
    assert public_library().get().current.content["title"] == "Une place pour marcher"
    services.submit(publication=report, by=manager, at=portal_now())
    services.agree(publication=report, by=mayor, at=portal_now())
    services.publish(publication=report, by=manager, at=portal_now())
    shown = public_library().get()
    assert (shown.current.n, shown.current.content["title"]) == (2, "Une place, deux ans après")
    assert shown.published_at == first_day
    assert [version.content["title"] for version in report.versions.order_by("n")] == [
        "Une place pour marcher", "Une place, deux ans après",
    ]  # fmt: skip
    with pytest.raises(DatabaseError, match="insert-only"), transaction.atomic():
        report.versions.update(n=9)


def test_a_withdrawn_text_is_read_by_nobody(plan, manager, mayor, client: Client) -> None:
    report = published(plan, manager, mayor)
    url = reverse("publication", args=[report.slug])
    assert client.get(url).status_code == 200
    services.withdraw(publication=report, reason="La commune le demande.", by=manager, at=portal_now())
    assert client.get(url).status_code == 404
    assert "Une place" not in client.get(reverse("publications")).content.decode()
    assert report.versions.count() == 1


def test_two_writers_do_not_overwrite_each_other(plan, manager) -> None:
    report = services.begin_report(plan=plan, by=manager, at=portal_now())
    write(report, manager)
    with pytest.raises(Refused, match="entre-temps"):
        services.save(
            publication=report, version=1, written=Written("Autre", LEAD, [], None, {}), by=manager, at=portal_now()
        )
    assert texts_of(report)["origin"] == WORDS["origin"]


# --- the pages ---------------------------------------------------------------------------------------------------


def test_the_page_shows_consenting_contacts_only(plan, manager, mayor, client: Client) -> None:
    report = services.begin_report(plan=plan, by=manager, at=portal_now())
    write(report, manager)
    report.contacts.create(name="Dominique Ferme", phone="02 35 00 00 01", agreed_on=date(2026, 11, 2))
    silent = report.contacts.create(name="Claude Silence", phone="02 35 00 00 02")
    with pytest.raises(Refused, match="Claude Silence"):
        services.submit(publication=report, by=manager, at=portal_now())
    silent.delete()
    services.submit(publication=report, by=manager, at=portal_now())
    services.agree(publication=report, by=mayor, at=portal_now())
    services.publish(publication=report, by=manager, at=portal_now())
    report.contacts.create(name="Claude Silence", phone="02 35 00 00 02")
    page = client.get(reverse("publication", args=[report.slug])).content.decode()
    assert "Dominique Ferme" in page
    assert "Claude Silence" not in page
    assert "Qui porte le projet" in page
    assert plan.application.lead.commune_id in page


def test_search_forgives_accents_and_endings_and_ranks_titles_first(plan, manager, mayor) -> None:
    report = published(plan, manager, mayor)
    tool = services.begin_own(
        kind="tool", owner=plan.application.call.owner, title="Le guide des pietons", by=manager, at=portal_now()
    )
    write(tool, manager, title="Le guide des piétons", cost=None, texts={"text": "Mesurer les trottoirs, marcher."})
    services.publish(publication=tool, by=manager, at=portal_now())

    def found(text: str) -> list[str]:
        return [row.slug for row in saying(public_library(), text)]

    assert found("pieton") == [tool.slug, report.slug]
    assert found("ETRETAT") == [report.slug, tool.slug]
    assert found("fontaines") == [report.slug]
    assert found("trottoir -marcher") == []
    assert found("inconnu") == []


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("type=report", True), ("type=tool", False), ("theme=santé", True), ("territoire=Étretat", True),
        ("territoire=Harfleur", False), ("taille=500-1999", True), ("taille=20000", False),
        ("cout=50000-199999", True), ("cout=1000000", False), ("q=parking", True), ("q=piscine", False),
    ],
)  # fmt: skip
def test_the_library_filters(plan, manager, mayor, client: Client, query, shown) -> None:
    report = published(plan, manager, mayor)
    Publication.objects.filter(pk=report.pk).update(inhabitants=1_102)
    page = client.get(f"{reverse('publications')}?{query}").content.decode()
    assert (reverse("publication", args=[report.slug]) in page) is shown


def test_the_feed_gives_the_published_texts(plan, manager, mayor, client: Client) -> None:
    report = published(plan, manager, mayor)
    feed = client.get(reverse("publications_feed")).content.decode()
    assert report.uuid.urn in feed
    assert "Une place pour marcher" in feed


def test_a_form_keeps_what_was_typed_and_points_at_what_is_wrong(plan, manager, client: Client) -> None:
    report = services.begin_report(plan=plan, by=manager, at=portal_now())
    client.force_login(manager)
    told = {"version": report.version, "title": "", "lead": LEAD, "themes": "a, b", "cost": "-3", "origin": "Gardé"}
    page = client.post(reverse("publication_edit", args=[report.uuid]), told).content.decode()
    assert "Donnez un titre." in page
    assert ">\nGardé</textarea>" in page
    report.refresh_from_db()
    assert report.version == 1


def test_someone_else_sees_nothing_of_a_text_being_written(plan, manager, client: Client) -> None:
    report = services.begin_report(plan=plan, by=manager, at=portal_now())
    client.force_login(make_user())
    assert client.get(reverse("publication_draft", args=[report.uuid])).status_code == 404
    assert Measure.objects.count() == 0
