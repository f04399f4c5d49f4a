"""Right requests for the money of a call and of its projects."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from portal.core.calendar import day_of
from portal.core.clock import portal_now
from portal.core.uploads import store_bytes
from support.money.models import (
    Award,
    FinanceExpense,
    FinancePlan,
    FinanceResource,
    FundingScheme,
    Payment,
    PaymentProof,
    Post,
    PostYear,
)
from support.money.services import ask_payment, certify_payment, check_payment, grant_award, order_back
from support.money.services_plans import (
    close_version,
    give_link,
    make_paper,
    open_version,
    save_expense,
    save_resource,
    tell_shown,
)
from support.money.services_posts import open_post, prove_year, take_post
from support.plan.models import PlanAction
from support.plan.services_actions import save_action
from tests.access.scene import Ask, Scene, ask
from tests.access.stages import freeze_documents
from tests.applications.files import image_upload, pdf_upload


@ask("envelope", "envelope_files")
def envelope(scene: Scene) -> Ask:
    return Ask({"slug": scene.stage.call.slug})


@ask("funding_board", "funding_calendar")
def funding_board(scene: Scene) -> Ask:
    return Ask()


@ask("plan_money")
def plan_money(scene: Scene) -> Ask:
    return Ask({"uuid": scene.stage.plan.uuid})


def make_award(scene: Scene, **changes: Any) -> Award:
    """An aid of another funder; that of the call stands in the stage."""
    word, now = scene.tenant.names.private, portal_now()
    terms = {"amount": Decimal(400), "rate": Decimal(40), "eligible": Decimal(1000), "granted_on": day_of(now)}
    award = Award(plan=scene.stage.plan, funder=f"Financeur {word}", act_number=f"AR-{word}", **terms, **changes)
    return grant_award(award=award, by=scene.tenant.people["GE"], at=now)


def make_payment(scene: Scene, state: str = "asked") -> Payment:
    """A request checked by the adviser, then certified, as far as `state`."""
    people, now = scene.tenant.people, portal_now()
    payment = Payment(kind="interim", spent=Decimal(500), amount=None, note=f"Note {scene.tenant.names.private}")
    ask_payment(award=make_award(scene), payment=payment, proofs={}, by=people["PR"], at=now)
    if state != "asked":
        check_payment(payment=payment, by=people["RA"], at=now)
    if state == "certified":
        certify_payment(payment=payment, kept=Decimal(500), by=people["GE"], at=now)
    return payment


@ask("award")
def award(scene: Scene) -> Ask:
    return Ask({"uuid": make_award(scene).uuid})


def terms(scene: Scene) -> dict[str, Any]:
    return {
        "source": "autre", "funder": "Région", "act_number": "R-1", "granted_on": scene.today, "eligible": "1 000",
        "rate": "40", "amount": "400", "advance_rate": "30", "interim_ceiling": "80",
    }  # fmt: skip


@ask("award_new")
def award_new(scene: Scene) -> Ask:
    return Ask({"uuid": scene.stage.plan.uuid}, terms(scene))


@ask("award_edit")
def award_edit(scene: Scene) -> Ask:
    return Ask({"uuid": scene.stage.award.uuid}, {"finish_by": scene.today})


@ask("award_edit:other")
def award_edit_other(scene: Scene) -> Ask:
    return Ask({"uuid": make_award(scene).uuid}, terms(scene))


@ask("award_start")
def award_start(scene: Scene) -> Ask:
    return Ask({"uuid": make_award(scene).uuid}, {"started_on": scene.today})


@ask("award_lapse")
def award_lapse(scene: Scene) -> Ask:
    late = day_of(portal_now()) - timedelta(days=1)
    return Ask({"uuid": make_award(scene, start_by=late).uuid}, {"spent": "0", "reason": "Abandon."})


@ask("clawback_recover")
def clawback_recover(scene: Scene) -> Ask:
    row = make_award(scene)
    by = scene.tenant.people["GE"]
    back = order_back(row, Decimal(10), f"Trop versé {scene.tenant.names.private}", by, portal_now())
    return Ask({"uuid": row.uuid, "pk": back.pk}, {"number": "T-1", "recovered_on": scene.today})


@ask("payment_new")
def payment_new(scene: Scene) -> Ask:
    return Ask({"uuid": make_award(scene).uuid}, {"kind": "advance", "amount": "100"})


@ask("payment", "payment_check")
def payment(scene: Scene) -> Ask:
    return Ask({"uuid": make_payment(scene).uuid})


@ask("payment_return")
def payment_return(scene: Scene) -> Ask:
    return Ask({"uuid": make_payment(scene).uuid}, {"reason": "Il manque l’état des dépenses."})


@ask("payment_certify")
def payment_certify(scene: Scene) -> Ask:
    return Ask({"uuid": make_payment(scene, "checked").uuid}, {"kept": "500"})


@ask("payment_pay")
def payment_pay(scene: Scene) -> Ask:
    return Ask({"uuid": make_payment(scene, "certified").uuid}, {"paid_on": scene.today, "reference": "M-1"})


@ask("payment_proof")
def payment_proof(scene: Scene) -> Ask:
    now, row, word = portal_now(), make_payment(scene), scene.tenant.names.private
    file = store_bytes(
        f"%PDF-1.7 {word}".encode(), name="rib.pdf", detected_type="application/pdf", by=scene.tenant.people["PR"],
        at=now,
    )  # fmt: skip
    proof = PaymentProof.objects.create(
        payment=row, kind="bank", file=file, added_at=now, added_by=scene.tenant.people["PR"]
    )
    return Ask({"uuid": row.uuid, "pk": proof.pk})


# --- the financing plan of an action ---------------------------------------------------------------------------------


def make_plan(scene: Scene) -> FinancePlan:
    """A version being written, balanced, with a proof."""
    people, now, word = scene.tenant.people, portal_now(), scene.tenant.names.private
    action = save_action(PlanAction(title=f"Halle {word}"), plan=scene.stage.plan)
    plan = open_version(action=action, kind="forecast", by=people["PR"], at=now)
    line = FinanceExpense(label=f"Étude {word}", item="studies", nature="investment", excl_vat=Decimal(100))
    save_expense(plan=plan, row=line)
    proof = store_bytes(
        f"%PDF-1.7 {word}".encode(), name="accord.pdf", detected_type="application/pdf", by=people["PR"], at=now
    )
    money = FinanceResource(
        funder=f"Financeur {word}", kind="own", amount=Decimal(100), state="granted", state_on=day_of(now), proof=proof
    )
    save_resource(plan=plan, row=money, before="", by=people["PR"], at=now)
    return plan


@ask("finance")
def finance(scene: Scene) -> Ask:
    return Ask({"uuid": scene.stage.plan.uuid, "pk": scene.stage.action.pk})


@ask("finance_open")
def finance_open(scene: Scene) -> Ask:
    return Ask({"uuid": scene.stage.plan.uuid, "pk": scene.stage.action.pk}, {"kind": "forecast"})


@ask("finance_plan", "finance_xlsx", "finance_close")
def finance_plan(scene: Scene) -> Ask:
    return Ask({"uuid": make_plan(scene).uuid})


@ask("finance_settings")
def finance_settings(scene: Scene) -> Ask:
    return Ask({"uuid": make_plan(scene).uuid}, {"kind": "forecast", "tax": "ttc", "local_owner": "on", "waiver": ""})


def expense() -> dict[str, Any]:
    return {
        "label": "Banc",
        "item": "works",
        "nature": "investment",
        "excl_vat": "100",
        "vat_rate": "20",
        "eligible": "on",
    }


@ask("finance_expense_new")
def finance_expense_new(scene: Scene) -> Ask:
    return Ask({"uuid": make_plan(scene).uuid}, expense())


@ask("finance_expense")
def finance_expense(scene: Scene) -> Ask:
    plan = make_plan(scene)
    return Ask({"uuid": plan.uuid, "pk": plan.expenses.get().pk}, expense())


def resource(scene: Scene) -> dict[str, Any]:
    return {"funder": "Région", "kind": "public", "amount": "50", "state": "asked", "state_on": scene.today}


@ask("finance_resource_new")
def finance_resource_new(scene: Scene) -> Ask:
    return Ask({"uuid": make_plan(scene).uuid}, resource(scene))


@ask("finance_resource", "finance_proof")
def finance_resource(scene: Scene) -> Ask:
    plan = make_plan(scene)
    return Ask({"uuid": plan.uuid, "pk": plan.resources.get().pk}, resource(scene))


@ask("finance_remove")
def finance_remove(scene: Scene) -> Ask:
    plan = make_plan(scene)
    return Ask({"uuid": plan.uuid, "side": "depense", "pk": plan.expenses.get().pk})


@ask("funder_link")
def funder_link(scene: Scene) -> Ask:
    return Ask({"uuid": make_plan(scene).uuid}, {"funder": "Région", "email": "aides@region.exemple.fr"})


@ask("funder_stop")
def funder_stop(scene: Scene) -> Ask:
    plan, by, word = make_plan(scene), scene.tenant.people["RA"], scene.tenant.names.private
    told = {"funder": f"Financeur {word}", "email": f"f@{word}.fr".lower(), "by": by, "at": portal_now()}
    return Ask({"uuid": plan.uuid, "pk": give_link(action=plan.action, **told).pk})


def scheme(scene: Scene) -> dict[str, Any]:
    return {
        "name": "Aide aux halles", "funder": "Région", "code": "HALLES", "base": "ht", "rate": "40", "ceiling_on": "grant",
        "advance_rate": "0", "interim_ceiling": "80", "valid_from": scene.today, "source": "Règlement",
    }  # fmt: skip


@ask("schemes", "scheme_new")
def schemes(scene: Scene) -> Ask:
    return Ask({"uuid": scene.stage.call.owner.uuid}, scheme(scene))


@ask("scheme_take")
def scheme_take(scene: Scene) -> Ask:
    return Ask({"uuid": scene.stage.call.owner.uuid, "code": "DETR"}, scheme(scene))


@ask("scheme_edit")
def scheme_edit(scene: Scene) -> Ask:
    word = scene.tenant.names.private
    row = FundingScheme.objects.create(
        owner=scene.stage.call.owner, code="X", name=f"Aide {word}", funder=f"Financeur {word}", rate=Decimal(40),
        source=f"Règlement {word}", valid_from=day_of(portal_now()), recorded_by=scene.tenant.people["GE"],
    )  # fmt: skip
    return Ask({"uuid": scene.stage.call.owner.uuid, "pk": row.pk}, scheme(scene))


def make_paper_of(scene: Scene) -> FinancePlan:
    """A closed version with its panel and a photo of it."""
    plan, by, now = make_plan(scene), scene.tenant.people["PR"], portal_now()
    close_version(plan=plan, by=by, at=now)
    paper = make_paper(plan=fresh(plan), kind="panel", at=now)
    freeze_documents(scene.tenant)
    photo = store_bytes(
        f"PNG {scene.tenant.names.private}".encode(), name="p.png", detected_type="image/png", by=by, at=now
    )
    tell_shown(paper=paper, shown_on=day_of(now), photo=photo, by=by, at=now)
    return plan


def fresh(plan: FinancePlan) -> FinancePlan:
    return FinancePlan.objects.get(pk=plan.pk)


@ask("publicity")
def publicity(scene: Scene) -> Ask:
    return Ask({"uuid": make_paper_of(scene).uuid})


@ask("publicity_make")
def publicity_make(scene: Scene) -> Ask:
    plan = make_plan(scene)
    close_version(plan=plan, by=scene.tenant.people["PR"], at=portal_now())
    return Ask({"uuid": plan.uuid, "kind": "panel"})


@ask("publicity_pdf", "publicity_photo")
def publicity_pdf(scene: Scene) -> Ask:
    return Ask({"uuid": make_paper_of(scene).uuid, "kind": "panel"})


@ask("publicity_shown")
def publicity_shown(scene: Scene) -> Ask:
    sent = {"shown_on": scene.today, "photo": image_upload()}
    return Ask({"uuid": make_paper_of(scene).uuid, "kind": "panel"}, sent)


# --- a subsidised post -----------------------------------------------------------------------------------------------


def make_post(scene: Scene) -> Post:
    word = scene.tenant.names.private
    row = Post(title=f"Chef de projet {word}", employer=f"Employeur {word}")
    return open_post(post=row, plan=scene.stage.plan, by=scene.tenant.people["RA"], at=portal_now())


def make_year(scene: Scene, *, proven: bool = False) -> PostYear:
    """A year of a post, proven by the commune when asked."""
    word, people, now = scene.tenant.names.private, scene.tenant.people, portal_now()
    year = PostYear.objects.create(post=make_post(scene), starts_on=day_of(now), months=12, cost=Decimal(60_000))
    if proven:
        files = [
            store_bytes(
                f"%PDF-1.7 {word}".encode(), name=f"{n}.pdf", detected_type="application/pdf", by=people["PR"], at=now
            )
            for n in (1, 2)
        ]
        prove_year(year=year, real_cost=Decimal(50_000), proof=files[0], report=files[1], by=people["PR"], at=now)
    return year


@ask("post")
def post(scene: Scene) -> Ask:
    return Ask({"uuid": make_post(scene).uuid})


@ask("post_new")
def post_new(scene: Scene) -> Ask:
    return Ask({"uuid": scene.stage.plan.uuid}, {"title": "Manager", "employer": "La commune"})


@ask("post_edit")
def post_edit(scene: Scene) -> Ask:
    return Ask({"uuid": make_post(scene).uuid}, {"title": "Manager", "employer": "La commune", "candidates": "4"})


@ask("post_share")
def post_share(scene: Scene) -> Ask:
    return Ask({"uuid": make_post(scene).uuid}, {f"plan_{scene.stage.plan.pk}": "100"})


@ask("post_arrival")
def post_arrival(scene: Scene) -> Ask:
    return Ask({"uuid": make_post(scene).uuid}, {"name": "Camille Essai", "from_on": scene.today})


@ask("post_departure")
def post_departure(scene: Scene) -> Ask:
    row = make_post(scene)
    name = f"Camille {scene.tenant.names.private}"
    holder = take_post(post=row, name=name, from_on=day_of(portal_now()))
    return Ask({"uuid": row.uuid, "pk": holder.pk}, {"until_on": scene.today})


@ask("post_year")
def post_year(scene: Scene) -> Ask:
    return Ask({"uuid": make_post(scene).uuid}, {"starts_on": scene.today, "months": "12", "cost": "60 000"})


@ask("year_prove")
def year_prove(scene: Scene) -> Ask:
    year = make_year(scene)
    sent = {"real_cost": "50 000", "proof": pdf_upload("cout.pdf"), "report": pdf_upload("rapport.pdf")}
    return Ask({"uuid": year.post.uuid, "pk": year.pk}, sent)


@ask("year_file")
def year_file(scene: Scene) -> Ask:
    year = make_year(scene, proven=True)
    return Ask({"uuid": year.post.uuid, "pk": year.pk, "name": "cout"})


@ask("year_pay")
def year_pay(scene: Scene) -> Ask:
    year = make_year(scene, proven=True)
    return Ask({"uuid": year.post.uuid, "pk": year.pk}, {"paid_on": scene.today, "reference": "M-7"})
