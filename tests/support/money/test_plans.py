"""The financing plan of an action: it balances to the cent, keeps its versions, says which rule bites, is read by a funder."""

import io
import zipfile
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from applications.funding.limits import Scheme, limits
from applications.funding.own_share import Owner
from applications.funding.plans import Expense, FundingPlan, Resource
from applications.funding.verdicts import Costed, verdicts_of_schemes
from calls.definition.money import Grant
from portal.core.calendar import day_of
from portal.core.clock import portal_now
from portal.core.models import OutboundEmail
from portal.core.outbox import run_jobs
from portal.core.rules import Refused
from portal.core.uploads import read_bytes
from support.money.actions import actions_for
from support.money.models import FinanceExpense, FinancePlan, FinanceResource, FundingScheme
from support.money.queries_plans import rules_for, schemes_of
from support.money.references import NATIONAL
from support.money.services_plans import (
    close_version,
    give_link,
    make_paper,
    open_version,
    remove_line,
    save_expense,
    save_resource,
    stop_link,
)
from support.plan.models import LogEntry, PlanAction
from support.plan.services_actions import save_action
from tests.applications.files import image_upload, pdf_upload
from tests.applications.staff.makers import client_of
from tests.documents.pdftools import text_of
from tests.factories import make_role
from tests.support.money.makers import Funded, make_funded
from tests.support.money.test_envelope import plain

D = Decimal
SIX = (
    ("État", "public", "DETR", 30_000, "granted"),
    ("Région", "public", "", 20_000, "granted"),
    ("Département", "public", "", 10_000, "asked"),
    ("Communauté urbaine", "concours", "", 15_000, "granted"),
    ("Fondation", "private", "", 5_000, "granted"),
    ("Commune", "own", "", 20_000, "granted"),
)


# --- pure ----------------------------------------------------------------------------------------------------------

DETR = Scheme(Grant(code="DETR", label="DETR", kind="works", rate=80, ceiling=50_000), "CGCT", public_ceiling=D(80))
REGION = Scheme(Grant(code="REGION", label="Région", kind="works", rate=30, floor=2_000), "Règlement régional")


def test_an_expense_may_count_for_one_scheme_and_not_for_another() -> None:
    works = Expense("Travaux", "investment", D(60_000))
    land = Expense("Foncier", "investment", D(40_000), excluded=frozenset({"REGION"}))
    plan = FundingPlan((works, land), ())
    assert (plan.eligible("ht"), plan.eligible("ht", "DETR"), plan.eligible("ht", "REGION")) == (
        100_000, 100_000, 60_000,
    )  # fmt: skip
    assert [limit.most for limit in limits(plan, REGION, Owner(local=False))] == [18_000]
    detr = {limit.rule: limit.most for limit in limits(plan, DETR, Owner(local=False))}
    assert detr == {"rate": 80_000, "ceiling": 50_000, "public_ceiling": 50_000}


def test_each_scheme_says_its_rule_and_what_bears_on_all_is_said_once() -> None:
    plan = FundingPlan(
        (Expense("Travaux", "investment", D(100_000)),),
        (
            Resource("État", "public", D(50_001), "DETR"), Resource("Région", "public", D(30_000), "REGION"),
            Resource("Commune", "own", D(19_999)),
        ),
    )  # fmt: skip
    found = verdicts_of_schemes(Costed(plan), [DETR, REGION])
    said = [(verdict.code, verdict.met, plain(verdict.sentence)) for verdict in found]
    assert [(code, met) for code, met, _ in said] == [
        ("balance", True), ("aid", False), ("aid", False), ("public_ceiling", False), ("own_share", False),
    ]  # fmt: skip
    assert said[1][2].startswith("DETR : 50 001 € demandés")
    assert "1 € de trop" in said[3][2]


amount = st.decimals(min_value=D("0.01"), max_value=10**7, places=2)
expenses = st.lists(
    st.builds(
        Expense, st.just("x"), st.sampled_from(["investment", "operating"]), amount,
        st.sampled_from([D(0), D("5.5"), D(20)]), st.booleans(),
        excluded=st.sets(st.sampled_from(["DETR", "REGION"])).map(frozenset),
    ),
    min_size=1, max_size=6,
)  # fmt: skip
resources = st.lists(
    st.builds(
        Resource, st.just("x"), st.sampled_from(["public", "concours", "private", "own"]), amount,
        st.sampled_from(["", "DETR", "REGION"]), st.sampled_from(["envisaged", "granted", "refused"]),
    ),
    max_size=8,
)  # fmt: skip


@given(expenses, resources, st.sampled_from(["ht", "ttc"]), st.randoms())
def test_the_order_of_lines_never_matters_and_no_rule_raises_an_aid(
    costs: list[Expense], money: list[Resource], tax: Any, random: Random
) -> None:
    plan = FundingPlan(tuple(costs), tuple(money), tax)
    schemes = [DETR, REGION]
    mixed_costs, mixed_money = list(costs), list(money)
    random.shuffle(mixed_costs)
    random.shuffle(mixed_money)
    mixed = FundingPlan(tuple(mixed_costs), tuple(mixed_money), tax)
    assert verdicts_of_schemes(Costed(mixed), schemes) == verdicts_of_schemes(Costed(plan), schemes)
    assert plan.public_aid + plan.private + plan.own == plan.total
    assert plan.gap == plan.total - plan.cost
    for scheme in schemes:
        found = [limit.most for limit in limits(plan, scheme, Owner())]
        assert found == sorted(found, reverse=True)
    refused = FundingPlan(plan.expenses, tuple(replace(line, state="refused") for line in money), tax)
    assert refused.total == 0


# --- the schemes ---------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_rules_hold_between_two_days_and_those_of_the_institution_replace_the_national_ones() -> None:
    on = make_funded(grants=[{"code": "ETUDE", "label": "Étude", "kind": "study", "rate": 60, "ceiling": 100_000}])
    call, today = on.plan.application.call, day_of(portal_now())
    assert {row.code for row in schemes_of(call.owner, date(2026, 3, 31))} == {row["code"] for row in NATIONAL}
    assert "PVD_ANAH" not in {row.code for row in schemes_of(call.owner, date(2026, 4, 1))}
    terms = {"owner": call.owner, "code": "DETR", "name": "DETR 76", "funder": "État", "recorded_by": on.manager}
    FundingScheme.objects.create(
        **terms, rate=D(40), valid_from=today, valid_to=today + timedelta(days=9), source="Circulaire 2026"
    )
    rules = rules_for(call, today)
    assert (rules["DETR"].terms.rate, rules["DETR"].source) == (40, "Circulaire 2026")
    assert (rules["ETUDE"].terms.ceiling, rules["ETUDE"].source) == (100_000, "Règlement de l’appel")
    assert rules_for(call, today + timedelta(days=10))["DETR"].terms.rate == 80
    with pytest.raises(DatabaseError), transaction.atomic():
        FundingScheme.objects.create(**terms, rate=D(50), valid_from=today, source="Encore")


@pytest.mark.django_db
def test_the_table_is_searched_and_a_national_scheme_taken_up() -> None:
    on = make_funded()
    owner = on.plan.application.call.owner
    client = client_of(on.manager)
    sent = {
        "name": "DETR de la Seine-Maritime", "funder": "État", "code": "detr", "base": "ht", "rate": "40 %",
        "ceiling": "200 000", "ceiling_on": "grant", "advance_rate": "30", "interim_ceiling": "80",
        "themes": "Bâtiments, Écoles", "departments": "76", "valid_from": "2026-01-01", "source": "Circulaire 2026",
    }  # fmt: skip
    page = plain(client.get(reverse("scheme_take", args=[owner.uuid, "DETR"])).content.decode())
    assert 'value="80"' in page
    assert client.post(reverse("scheme_take", args=[owner.uuid, "DETR"]), sent).status_code == 302
    row = FundingScheme.objects.get()
    assert (row.code, row.rate, row.themes, row.departments) == ("DETR", 40, ["Bâtiments", "Écoles"], ["76"])
    town = client_of(on.secretary)
    found = {
        query: plain(town.get(reverse("schemes", args=[owner.uuid]) + query).content.decode())
        for query in ("?theme=Écol", "?departement=14&theme=bât", "")
    }
    assert [
        "DETR de la Seine-Maritime" in found[query] for query in ("?theme=Écol", "?departement=14&theme=bât", "")
    ] == [True, False, True]
    assert "Dotation d’équipement des territoires ruraux" not in found[""]
    assert town.get(reverse("scheme_edit", args=[owner.uuid, row.pk])).status_code == 403
    again = client.post(reverse("scheme_new", args=[owner.uuid]), sent)
    assert "Ce code a déjà des règles à partir de ce jour." in plain(again.content.decode())
    wrong = {**sent, "code": "X", "rate": "120", "floor": "300 000", "source": "", "departments": "Seine"}
    errors = client.post(reverse("scheme_new", args=[owner.uuid]), wrong).context["form"].errors
    assert set(errors) == {"rate", "source", "departments", "floor"}
    wrong = {**sent, "code": "X", "floor": "300 000"}
    errors = client.post(reverse("scheme_new", args=[owner.uuid]), wrong).context["form"].errors
    assert {name: plain(" ".join(said)) for name, said in errors.items()} == {
        "floor": "Le plancher dépasse le plafond : écrivez 200 000 € au plus."
    }


# --- the versions --------------------------------------------------------------------------------------------------


def make_action(on: Funded) -> PlanAction:
    return save_action(PlanAction(title="La halle"), plan=on.plan)


def make_works(on: Funded, action: PlanAction | None = None) -> FinancePlan:
    """Works of 100 000 € that six funders pay."""
    plan = open_version(action=action or make_action(on), kind="forecast", by=on.secretary, at=portal_now())
    save_expense(
        plan=plan,
        row=FinanceExpense(label="Travaux", item="works", nature="investment", excl_vat=D(100_000), vat_rate=D(20)),
    )
    for funder, kind, scheme, euros, state in SIX:
        row = FinanceResource(
            funder=funder, kind=kind, scheme=scheme, amount=D(euros), state=state, state_on=day_of(portal_now())
        )
        save_resource(plan=plan, row=row, before="", by=on.secretary, at=portal_now())
    return plan


def edit(on: Funded, row: FinanceResource, **changes: Any) -> None:
    before = row.state
    for name, value in changes.items():
        setattr(row, name, value)
    save_resource(plan=row.plan, row=row, before=before, by=on.secretary, at=portal_now())


@pytest.mark.django_db
def test_one_of_six_funders_withdraws() -> None:
    on = make_funded()
    on.plan.adviser = on.adviser
    on.plan.save()
    plan = make_works(on)
    assert [action.verb for action in actions_for(on.secretary, portal_now())] == []
    edit(on, plan.resources.get(funder="Région"), state="refused")
    mails = OutboundEmail.objects.filter(kind="support.funder_fell")
    assert set(mails.values_list("recipient", flat=True)) == {on.secretary.email, on.adviser.email}
    entry = LogEntry.objects.get(kind="alert")
    assert (entry.title, plain(entry.text), entry.visibility) == (
        f"{plan.action.reference} : Région se retire".replace(" :", "\u00a0:"),
        "Région ne donne pas 20 000 €. Il manque 20 000 €.",
        "shared",
    )
    (action,) = actions_for(on.adviser, portal_now())
    assert plain(action.consequence) == "Un financeur s’est retiré. Il manque 20 000 €."
    with pytest.raises(Refused, match="un plan se clôt équilibré, au centime"):
        close_version(plan=plan, by=on.secretary, at=portal_now())
    edit(on, plan.resources.get(funder="Commune"), amount=D(40_000))
    assert actions_for(on.adviser, portal_now()) == []
    close_version(plan=plan, by=on.secretary, at=portal_now())
    # Told once, though the line is written again.
    assert mails.count() == 2


@pytest.mark.django_db
def test_a_closed_version_never_changes_and_the_next_begins_from_it() -> None:
    on = make_funded()
    plan = make_works(on)
    with pytest.raises(Refused, match="Une version est déjà en cours"):
        open_version(action=plan.action, kind="updated", by=on.secretary, at=portal_now())
    close_version(plan=plan, by=on.secretary, at=portal_now())
    line = plan.expenses.get()
    with pytest.raises(Refused, match="Cette version est close"):
        remove_line(plan=plan, row=line)
    for act in (
        lambda: FinanceExpense.objects.filter(plan=plan).update(excl_vat=1),
        lambda: FinanceResource.objects.filter(plan=plan).delete(),
        lambda: FinanceExpense.objects.create(plan=plan, label="x", item="works", nature="investment", excl_vat=1),
        lambda: FinancePlan.objects.filter(pk=plan.pk).update(tax="ttc"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    second = open_version(action=plan.action, kind="final", by=on.secretary, at=portal_now())
    assert (second.n, second.kind, second.expenses.count(), second.resources.count()) == (2, "final", 1, 6)
    close_version(plan=second, by=on.secretary, at=portal_now())
    with pytest.raises(Refused, match="Le plan définitif est clos"):
        open_version(action=plan.action, kind="updated", by=on.secretary, at=portal_now())


@pytest.mark.django_db
def test_a_plan_is_written_on_the_screens_and_its_switch_counts_all() -> None:
    on = make_funded()
    action, town = make_action(on), client_of(on.secretary)
    start = reverse("finance", args=[on.plan.uuid, action.pk])
    assert "Ouvrir le plan prévisionnel" in plain(town.get(start).content.decode())
    town.post(reverse("finance_open", args=[on.plan.uuid, action.pk]), {"kind": "forecast"})
    plan = FinancePlan.objects.get()
    assert town.get(start).headers["Location"] == reverse("finance_plan", args=[plan.uuid])
    cost = {"label": "Travaux", "item": "works", "nature": "investment", "excl_vat": "100 000", "vat_rate": "20"}
    town.post(reverse("finance_expense_new", args=[plan.uuid]), {**cost, "eligible": "on", "excluded": ["DSIL"]})
    today = day_of(portal_now())
    aid = {
        "funder": "État",
        "kind": "public",
        "scheme": "DETR",
        "amount": "80 000",
        "state": "asked",
        "state_on": today,
    }
    own = {"funder": "Commune", "kind": "own", "amount": "20 000", "state": "granted", "state_on": today}
    for sent in (aid, own):
        assert town.post(reverse("finance_resource_new", args=[plan.uuid]), sent).status_code == 302
    page = plain(town.get(reverse("finance_plan", args=[plan.uuid])).content.decode())
    for said in (
        "Le plan est équilibré : 100 000 € de dépenses et de ressources.",
        "oui, sauf DSIL",
        "<dt>Aides publiques cumulées</dt><dd>80 000,00 € (80 %)</dd>",
        "Part du maître d’ouvrage : 20 000 € ; le minimum est de 20 000 €, 20 % des financements publics (100 000 €)",
        "Clore cette version",
    ):
        assert said in page
    town.post(reverse("finance_settings", args=[plan.uuid]), {"kind": "forecast", "tax": "ttc", "local_owner": "on"})
    page = plain(town.get(reverse("finance_plan", args=[plan.uuid])).content.decode())
    assert "Il manque 20 000 € de ressources : 120 000 € de dépenses toutes taxes comprises" in page
    assert "Clore cette version" not in page
    line = plan.resources.get(funder="Commune")
    town.post(reverse("finance_remove", args=[plan.uuid, "ressource", line.pk]))
    assert list(plan.resources.values_list("funder", flat=True)) == ["État"]
    book = b"".join(town.get(reverse("finance_xlsx", args=[plan.uuid])).streaming_content)
    sheet = zipfile.ZipFile(io.BytesIO(book)).read("xl/worksheets/sheet1.xml").decode()
    assert "<v>100000.00</v>" in sheet
    assert "<v>-40000.00</v>" in sheet


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "name", "said"),
    [
        ({"amount": "0"}, "amount", "Écrivez un montant en euros entre 0,01 et 1 000 000 000, par exemple 1 250,50."),
        ({"amount": "-1"}, "amount", "Écrivez un montant en euros entre 0,01 et 1 000 000 000"),
        ({"amount": "1" + "0" * 15}, "amount", "Écrivez un montant en euros entre 0,01 et 1 000 000 000"),
        ({"amount": "500 $"}, "amount", "Les montants s’écrivent en euros : « $ » n’est pas compris ici."),
        ({"scheme": "DETR", "kind": "private"}, "scheme", "Un dispositif finance une aide publique"),
        ({"state": "paid"}, "upload", "Joignez ce qui prouve le versement."),
        ({"state_on": "2999-01-01"}, "state_on", "Indiquez une date d’aujourd’hui ou d’avant."),
        ({"funder": ""}, "funder", "Nommez le financeur, par exemple : Région Normandie."),
    ],
)
def test_a_bad_line_is_told_beside_its_field(changes: dict, name: str, said: str) -> None:
    on = make_funded()
    plan = open_version(action=make_action(on), kind="forecast", by=on.secretary, at=portal_now())
    sent = {
        "funder": "Région", "kind": "public", "amount": "500", "state": "asked", "state_on": day_of(portal_now()), **changes
    }  # fmt: skip
    response = client_of(on.secretary).post(reverse("finance_resource_new", args=[plan.uuid]), sent)
    errors = response.context["form"].errors
    assert set(errors) == {name}
    assert said in plain(str(errors))
    assert not plan.resources.exists()


@pytest.mark.django_db
def test_a_vat_of_120_percent_is_refused_and_lines_have_an_end() -> None:
    on = make_funded()
    plan = open_version(action=make_action(on), kind="forecast", by=on.secretary, at=portal_now())
    sent = {"label": "Banc", "item": "works", "nature": "investment", "excl_vat": "100", "vat_rate": "120"}
    response = client_of(on.secretary).post(reverse("finance_expense_new", args=[plan.uuid]), sent)
    assert set(response.context["form"].errors) == {"vat_rate"}
    FinanceExpense.objects.bulk_create(
        FinanceExpense(plan=plan, label="x", item="works", nature="investment", excl_vat=1) for _ in range(60)
    )
    response = client_of(on.secretary).post(
        reverse("finance_expense_new", args=[plan.uuid]), {**sent, "vat_rate": "20"}
    )
    assert "Un plan a 60 lignes au plus de chaque côté" in plain(response.content.decode())


@pytest.mark.django_db
def test_a_funder_reads_the_last_closed_version_by_a_link_that_stops() -> None:
    on = make_funded()
    plan = make_works(on)
    response = client_of(on.adviser).post(
        reverse("funder_link", args=[plan.uuid]), {"funder": "Région", "email": "aides@region.exemple.fr"}
    )
    assert response.status_code == 302
    mail = OutboundEmail.objects.get(kind="support.funder_link")
    assert mail.recipient == "aides@region.exemple.fr"
    link = plan.action.funder_links.get()
    made = give_link(action=plan.action, funder="Anah", email="a@exemple.fr", by=on.adviser, at=portal_now())
    secret = address_in(made)
    reader = Client()
    page = plain(reader.get(secret).content.decode())
    assert "Plan prévisionnel en cours d’écriture : ses montants peuvent encore changer." in page
    assert "Lien donné à Anah" in page
    assert f"/plans-de-financement/{plan.uuid}/" not in page
    close_version(plan=plan, by=on.secretary, at=portal_now())
    second = open_version(action=plan.action, kind="updated", by=on.secretary, at=portal_now())
    edit(on, second.resources.get(funder="Commune"), amount=D(77_777))
    page = plain(reader.get(secret).content.decode())
    assert "Plan prévisionnel, version 1, close le" in page
    assert "77 777" not in page
    stop_link(link=made, at=portal_now())
    assert reader.get(secret).status_code == 404
    assert reader.get(reverse("funder_page", args=["x" * 43])).status_code == 404
    type(link).objects.filter(pk=link.pk).update(until=day_of(portal_now()) - timedelta(days=1))
    assert (
        client_of(make_role(on.plan.application.call, "reader"))
        .get(reverse("funder_link", args=[plan.uuid]))
        .status_code
        == 403
    )


def address_in(link) -> str:
    """The path of a link, read in its mail as its funder does."""
    mail = OutboundEmail.objects.get(kind="support.funder_link", object_key=f"funder-link:{link.pk}")
    return "/financeur/" + mail.body.split("/financeur/")[1].split("/")[0] + "/"


@pytest.mark.django_db
def test_a_proof_is_kept_with_its_line() -> None:
    on = make_funded()
    plan = make_works(on)
    town = client_of(on.secretary)
    row = plan.resources.get(funder="Fondation")
    sent = {"funder": "Fondation", "kind": "private", "amount": "5 000", "state": "paid", "state_on": row.state_on}
    town.post(reverse("finance_resource", args=[plan.uuid, row.pk]), {**sent, "upload": pdf_upload("avis.pdf")})
    row.refresh_from_db()
    assert (row.state, row.proof.name) == ("paid", "avis.pdf")
    assert town.get(reverse("finance_proof", args=[plan.uuid, row.pk])).status_code == 200
    other = plan.resources.get(funder="Commune")
    assert town.get(reverse("finance_proof", args=[plan.uuid, other.pk])).status_code == 404


@pytest.mark.django_db
def test_the_panel_shows_each_funder_on_a_line_of_the_same_size_and_the_plate_comes_last() -> None:
    on = make_funded()
    plan = make_works(on)
    town = client_of(on.secretary)
    with pytest.raises(Refused, match="Closez d’abord la version"):
        make_paper(plan=plan, kind="panel", at=portal_now())
    close_version(plan=plan, by=on.secretary, at=portal_now())
    assert town.post(reverse("publicity_make", args=[plan.uuid, "panel"])).status_code == 302
    run_jobs()
    paper = plan.papers.get()
    assert (paper.document.state, paper.document.failure) == ("ready", "")
    text = text_of(read_bytes(paper.document.file))
    for said in ("La halle", "Coût total : 100 000,00 € hors taxes", "État 30 000,00 €", "Fondation 5 000,00 €"):
        assert said in text
    with pytest.raises(Refused, match="La plaque se pose à la fin"):
        make_paper(plan=FinancePlan.objects.get(), kind="plate", at=portal_now())
    page = plain(town.get(reverse("publicity", args=[plan.uuid])).content.decode())
    assert "Communauté urbaine : 15 000,00 €" in page
    sent = {"shown_on": day_of(portal_now()), "photo": pdf_upload("photo.pdf")}
    refused = town.post(reverse("publicity_shown", args=[plan.uuid, "panel"]), sent)
    assert set(refused.context["form"].errors) == {"photo"}
    town.post(reverse("publicity_shown", args=[plan.uuid, "panel"]), {**sent, "photo": image_upload()})
    assert town.get(reverse("publicity_photo", args=[plan.uuid, "panel"])).status_code == 200
    second = open_version(action=plan.action, kind="final", by=on.secretary, at=portal_now())
    close_version(plan=second, by=on.secretary, at=portal_now())
    assert make_paper(plan=FinancePlan.objects.get(pk=second.pk), kind="plate", at=portal_now()).kind == "plate"
