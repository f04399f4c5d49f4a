"""The tables of a plan, on one screen: what is internal, what is unique, who takes out, what a report is."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from portal.core.calendar import add_months, day_of
from portal.core.clock import portal_now
from portal.home.dashboard import actions_for
from support.plan.due_facts import due_facts
from support.plan.models import Consultation, SupportPlan
from support.plan.sheets import SHEETS
from tests.applications.files import pdf_upload
from tests.factories import make_member, make_role
from tests.support.factories import make_plan

pytestmark = pytest.mark.django_db
TODAY = "2026-11-02"
RIGHT: dict[str, dict[str, Any]] = {
    "jalons": {"title": "Conseil municipal", "due_on": TODAY},
    "equipe": {"role": "elected", "title": "Adjointe à l’urbanisme", "body": "Commune"},
    "documents": {"title": "Chiffrage", "visibility": "shared"},
    "rapports": {"title": "Rapport", "due_on": TODAY, "every": "0"},
    "foncier": {"reference": "AB 112", "area": "240", "owner": "L’État", "control": "talks"},
    "consultations": {"title": "Maîtrise d’œuvre", "published_on": TODAY, "amount": "12 000,50"},
    "initiatives": {"title": "Pédibus", "bearer": "L’école"},
    "diagnostic": {"discipline": "Paysage", "stakes": "La vue", "author": "CAUE", "written_on": TODAY},
}


def add(client: Client, plan: SupportPlan, slug: str, **typed: Any) -> Any:
    more = {"upload": pdf_upload()} if slug == "documents" else {}
    return client.post(reverse("sheet_new", args=[plan.uuid, slug]), {**RIGHT[slug], **more, **typed})


@pytest.mark.parametrize("slug", [sheet.slug for sheet in SHEETS])
def test_every_table_takes_a_row_shows_it_and_lets_it_out(client: Client, slug: str) -> None:
    plan = make_plan()
    client.force_login(make_role(plan.application.call, "adviser"))
    address = reverse("sheet", args=[plan.uuid, slug])
    assert client.get(address).context["rows"] == []
    assert add(client, plan, slug).status_code == 302
    (row,) = client.get(address).context["rows"]
    assert row["name"] == next(iter(RIGHT[slug].values())) or slug == "equipe"
    where = [plan.uuid, slug, row["row"].pk]
    assert client.get(reverse("sheet_row", args=where)).status_code == 200
    assert client.post(reverse("sheet_remove", args=where)).status_code == 302
    assert client.get(address).context["rows"] == []


@pytest.mark.parametrize(
    ("slug", "typed", "said"),
    [
        ("foncier", {}, "Cette parcelle est déjà dans le tableau."),
        ("foncier", {"reference": ""}, "Cette indication est nécessaire"),
        ("consultations", {"bids_due_on": "2026-11-01"}, "ne peuvent pas être attendues avant la publication"),
        ("consultations", {"delivered_on": TODAY}, "Dites quel prestataire a remis le livrable."),
        ("consultations", {"provider_siren": "123456789"}, "n’est pas un SIREN"),
        ("documents", {"upload": SimpleUploadedFile("a.pdf", b"rien")}, "n’est pas un vrai PDF"),
        ("documents", {"upload": ""}, "Choisissez un fichier."),
    ],
)
def test_bad_input_is_said_in_french(client: Client, slug: str, typed: dict[str, Any], said: str) -> None:
    plan = make_plan()
    client.force_login(make_role(plan.application.call, "adviser"))
    add(client, plan, slug)
    before = getattr(plan, next(sheet.related for sheet in SHEETS if sheet.slug == slug)).count()
    page = add(client, plan, slug, **typed)
    assert (page.status_code, said in page.content.decode()) == (200, True)
    assert getattr(plan, next(sheet.related for sheet in SHEETS if sheet.slug == slug)).count() == before


def test_the_commune_reads_what_is_shared_and_takes_out_only_its_own_rows(client: Client) -> None:
    plan = make_plan()
    adviser, member = make_role(plan.application.call, "adviser"), make_member(plan.application.lead)
    client.force_login(adviser)
    add(client, plan, "documents", title="Partagé")
    add(client, plan, "documents", title="Interne", visibility="internal")
    kept = {row.title: row for row in plan.plandocument_rows.all()}
    client.force_login(member)
    address = reverse("sheet", args=[plan.uuid, "documents"])
    assert [row["name"] for row in client.get(address).context["rows"]] == ["Partagé"]
    for title, status in (("Partagé", 200), ("Interne", 404)):
        where = [plan.uuid, "documents", kept[title].pk, "file"]
        assert client.get(reverse("sheet_file", args=where)).status_code == status
    assert client.post(reverse("sheet_remove", args=[plan.uuid, "documents", kept["Partagé"].pk])).status_code == 403
    add(client, plan, "documents", title="De la commune", visibility="internal")
    mine = plan.plandocument_rows.get(title="De la commune")
    assert mine.visibility == "shared"
    assert client.post(reverse("sheet_remove", args=[plan.uuid, "documents", mine.pk])).status_code == 302
    assert set(plan.plandocument_rows.values_list("title", flat=True)) == {"Partagé", "Interne"}


def test_reports_come_in_series_are_recalled_to_the_commune_and_given_once(client: Client) -> None:
    plan, at = make_plan(), portal_now()
    today = day_of(at)
    SupportPlan.objects.update(starts_on=today, ends_on=add_months(today, 12))
    adviser, member = make_role(plan.application.call, "adviser"), make_member(plan.application.lead)
    SupportPlan.objects.update(adviser=adviser)
    first = today + timedelta(days=20)
    client.force_login(member)
    assert add(client, plan, "rapports", due_on=first.isoformat()).status_code == 403
    client.force_login(adviser)
    add(client, plan, "rapports", due_on=first.isoformat(), every="3")
    assert set(plan.report_rows.values_list("due_on", flat=True)) == {add_months(first, n) for n in (0, 3, 6, 9)}
    assert {fact.recipient for fact in due_facts(at) if fact.rule == "report_due"} == {member.email}
    assert [row.title for row in actions_for(member, at) if "Remettre" in row.title] == ["Remettre\u00a0: Rapport"]
    report = plan.report_rows.get(due_on=first)
    client.force_login(member)
    where = reverse("sheet_row", args=[plan.uuid, "rapports", report.pk])
    assert "elles sont le rapport" in client.post(where, {"text": ""}).content.decode()
    assert client.post(where, {"text": "Le sentier est tracé."}).status_code == 302
    report.refresh_from_db()
    assert (report.given_on, report.given_by, report.recorded_by) == (today, member, adviser)
    assert "il ne change plus" in client.post(where, {"text": "Autre."}).content.decode()
    assert [row for row in actions_for(member, at) if "Remettre" in row.title] == []


def test_a_provider_known_by_its_siren_is_tied_to_its_organisation(client: Client) -> None:
    plan = make_plan()
    lead = plan.application.lead
    client.force_login(make_role(plan.application.call, "adviser"))
    add(client, plan, "consultations", provider_name="Commune", provider_siren=lead.siren)
    add(client, plan, "consultations", provider_name="Inconnu", provider_siren="552100554", title="Autre")
    assert set(Consultation.objects.values_list("provider_name", "provider")) == {
        ("Commune", lead.pk),
        ("Inconnu", None),
    }
    assert Consultation.objects.filter(published_on=date(2026, 11, 2)).count() == 2
