"""Right requests for the money of a call and of its projects."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from portal.core.calendar import day_of
from portal.core.clock import portal_now
from portal.core.uploads import store_bytes
from support.money.models import Award, Payment, PaymentProof
from support.money.services import ask_payment, certify_payment, check_payment, grant_award, order_back
from tests.access.scene import Ask, Scene, ask


@ask("envelope", "envelope_files")
def envelope(scene: Scene) -> Ask:
    return Ask({"slug": scene.stage.call.slug})


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
