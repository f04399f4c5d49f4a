"""The money of the supported commune: an aid paid in part, six funders (one withdraws), a post for two communes."""

from datetime import timedelta
from decimal import Decimal

from portal.core.calendar import day_of
from portal.core.clock import portal_now
from support.money.models import Award, FinanceExpense, FinanceResource, FundingRequest, Payment, Post, PostYear
from support.money.services import (
    ask_payment,
    certify_payment,
    check_payment,
    declare_start,
    grant_award,
    record_payment,
)
from support.money.services_plans import close_version, open_version, save_expense, save_resource
from support.money.services_posts import open_post, share_post, take_post
from support.plan.models import SupportPlan

from .people import Team

EXPENSES = (
    ("Cheminement et assises", "works", "investment", "62 000", "20"),
    ("Maîtrise d’œuvre", "design", "investment", "14 400", "20"),
    ("Animation avec l’école", "staff", "operating", "10 000", "0"),
)
RESOURCES = (
    ("État, DETR", "public", "DETR", "25 920", "granted"),
    ("Région Normandie", "public", "", "15 000", "granted"),
    ("Département de la Seine-Maritime", "public", "", "10 000", "asked"),
    ("Communauté urbaine, fonds de concours", "concours", "", "9 000", "granted"),
    ("Fondation du paysage", "private", "", "6 000", "granted"),
    ("Commune", "own", "", "20 480", "granted"),
)


def fund(plan: SupportPlan, people: Team) -> None:
    """What has happened to its money since the kick-off."""
    pay(plan, people)
    finance(plan, people)
    seek(plan, people)
    employ(plan, people)


def euros(text: str) -> Decimal:
    return Decimal(text.replace(" ", ""))


def pay(plan: SupportPlan, people: Team) -> None:
    """The State has paid its advance; an interim payment waits to be checked."""
    now = portal_now()
    today = day_of(now)
    award = Award(
        plan=plan, funder="État", scheme="Fonds vert", act_number="2026-076-12", granted_on=today - timedelta(days=90),
        amount=Decimal(25_920), rate=Decimal(30), eligible=Decimal(86_400), finish_by=today + timedelta(days=400),
        start_by=today + timedelta(days=200),
    )  # fmt: skip
    grant_award(award=award, by=people.manager, at=now)
    declare_start(award=award, started_on=today - timedelta(days=40), at=now)
    commune = plan.application.created_by
    advance = ask_payment(award=award, payment=Payment(kind="advance", amount=None), proofs={}, by=commune, at=now)
    check_payment(payment=advance, by=people.adviser, at=now)
    certify_payment(payment=advance, kept=Decimal(0), by=people.manager, at=now)
    record_payment(payment=advance, paid_on=today, reference="1204", by=people.manager, at=now)
    interim = Payment(kind="interim", spent=Decimal(42_000), amount=None, note="Deux premières situations de travaux.")
    ask_payment(award=award, payment=interim, proofs={}, by=commune, at=now)


def finance(plan: SupportPlan, people: Team) -> None:
    """A forecast that six funders balance, then an updated version after one of them withdraws."""
    now, commune = portal_now(), plan.application.created_by
    action = plan.actions.earliest("position")
    version = open_version(action=action, kind="forecast", by=commune, at=now)
    for label, item, nature, amount, vat in EXPENSES:
        row = FinanceExpense(label=label, item=item, nature=nature, excl_vat=euros(amount), vat_rate=Decimal(vat))
        save_expense(plan=version, row=row)
    for funder, kind, scheme, amount, state in RESOURCES:
        line = FinanceResource(
            funder=funder, kind=kind, scheme=scheme, amount=euros(amount), state=state, state_on=day_of(now)
        )
        save_resource(plan=version, row=line, before="", by=commune, at=now)
    close_version(plan=version, by=people.adviser, at=now)
    version = open_version(action=action, kind="updated", by=commune, at=now)
    fallen = version.resources.get(funder__startswith="Département")
    fallen.state = "refused"
    save_resource(plan=version, row=fallen, before="asked", by=people.adviser, at=now)


def seek(plan: SupportPlan, people: Team) -> None:
    """Two aids to ask, with their deadlines."""
    today = day_of(portal_now())
    for funder, scheme, amount, days in (
        ("Agence de l’eau", "Désimperméabiliser les cours", 18_000, 24),
        ("Fondation du paysage", "Places à vivre", 6_000, 75),
    ):
        FundingRequest.objects.create(
            plan=plan, funder=funder, scheme=scheme, base=Decimal(60_000), amount=Decimal(amount), status="considered",
            status_on=today, deadline_on=today + timedelta(days=days), recorded_by=people.adviser,
            action=plan.actions.earliest("position"),
        )  # fmt: skip


def employ(plan: SupportPlan, people: Team) -> None:
    """A project manager shared with the next supported commune; nobody holds the post since last week."""
    now = portal_now()
    today = day_of(now)
    post = Post(
        employer="Le Havre Seine Métropole", anah=True, advert_on=today - timedelta(days=6), candidates=7,
        fill_by=today + timedelta(days=60),
    )  # fmt: skip
    open_post(post=post, plan=plan, by=people.adviser, at=now)
    others = SupportPlan.objects.filter(application__call=plan.application.call).exclude(pk=plan.pk)
    other = others.order_by("pk").first()
    if other:
        share_post(post=post, key={plan: Decimal(60), other: Decimal(40)})
    holder = take_post(post=post, name="Camille Exemple", from_on=today - timedelta(days=300))
    holder.until_on = today - timedelta(days=7)
    holder.save(update_fields=["until_on"])
    PostYear.objects.create(post=post, starts_on=today - timedelta(days=300), months=12, cost=Decimal(70_000))
