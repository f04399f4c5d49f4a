"""Acts on a financing plan: open a version, write its lines, close it, tell when a funder falls, let a funder read."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction

from applications.funding.plans import ZERO
from calls.grants import euros
from portal.accounts.models import User
from portal.core.calendar import day_of
from portal.core.models import StoredFile
from portal.core.rules import Refused
from portal.core.tokens import hashed, new_secret
from portal.core.typography import typeset
from support.plan.models import LogEntry, PlanAction
from support.plan.services import write_log

from .documents import request_paper
from .emails_plans import send_link, tell_fall
from .models import FinanceExpense, FinancePlan, FinanceResource, FunderLink, PublicityPaper
from .queries_plans import costed_of, latest_plan

LINK_DAYS = timedelta(days=90)
MOST_LINES = 60
# CGCT, art. D. 1111-8: the plate is asked of operations above this cost, in euros.
PLATE_ABOVE = Decimal(10_000)
CLOSED = "Cette version est close : elle ne change plus. Ouvrez la suivante."


@transaction.atomic
def open_version(*, action: PlanAction, kind: str, by: User, at: datetime) -> FinancePlan:
    """The first version, empty; or the next, with the lines of the last one. Raises `Refused`."""
    PlanAction.objects.select_for_update().get(pk=action.pk)
    last = latest_plan(action)
    if last and last.closed_at is None:
        raise Refused("Une version est déjà en cours d’écriture : closez-la d’abord.")
    if last and last.kind == FinancePlan.Kind.FINAL:
        raise Refused("Le plan définitif est clos : il n’y a plus de version à ouvrir.")
    kept = {"tax": last.tax, "local_owner": last.local_owner, "waiver": last.waiver} if last else {}
    made = FinancePlan.objects.create(
        action=action, n=last.n + 1 if last else 1, kind=kind, opened_at=at, opened_by=by, **kept
    )
    if last:
        copy_lines(last, made)
    return made


def copy_lines(source: FinancePlan, target: FinancePlan) -> None:
    for model in (FinanceExpense, FinanceResource):
        rows = list(model.objects.filter(plan=source))
        for row in rows:
            row.pk, row.plan = None, target
        model.objects.bulk_create(rows)


def locked_open(plan: FinancePlan) -> FinancePlan:
    """The version under its lock. Raises `Refused` once it is closed."""
    found = FinancePlan.objects.select_for_update().get(pk=plan.pk)
    if found.closed_at:
        raise Refused(CLOSED)
    return found


@transaction.atomic
def save_settings(*, plan: FinancePlan) -> None:
    """Kind, switch, project owner and exception, as the form wrote them. Raises `Refused`."""
    locked_open(plan)
    plan.save(update_fields=["kind", "tax", "local_owner", "waiver"])


def room_for(row: FinanceExpense | FinanceResource, plan: FinancePlan) -> None:
    """A side of a plan is read whole: it has an end. Raises `Refused`."""
    if row.pk is None and type(row).objects.filter(plan=plan).count() >= MOST_LINES:
        raise Refused(f"Un plan a {MOST_LINES} lignes au plus de chaque côté : regroupez-en.")


@transaction.atomic
def save_expense(*, plan: FinancePlan, row: FinanceExpense) -> None:
    locked_open(plan)
    room_for(row, plan)
    row.plan = plan
    row.save()


@transaction.atomic
def save_resource(*, plan: FinancePlan, row: FinanceResource, before: str, by: User, at: datetime) -> None:
    """Write a line of money; `before`: its state until now. A funder that falls is told to all. Raises `Refused`."""
    locked_open(plan)
    room_for(row, plan)
    row.plan = plan
    row.save()
    if row.state == "refused" and before not in ("", "refused"):
        funder_falls(plan, row, by, at)


def funder_falls(plan: FinancePlan, row: FinanceResource, by: User, at: datetime) -> None:
    """In the logbook that the commune reads, and by mail: what is missing now."""
    gap = costed_of(FinancePlan.objects.get(pk=plan.pk)).plan.gap
    missing = f"Il manque {euros(-gap)}." if gap < ZERO else "Le plan reste équilibré."
    said = typeset(f"{row.funder} ne donne pas {euros(row.amount)}. {missing}")
    title = typeset(f"{plan.action.reference} : {row.funder} se retire")[:150]
    write_log(
        plan=plan.action.plan, kind=LogEntry.Kind.ALERT, happened_on=day_of(at), title=title, text=said,
        visibility=LogEntry.Visibility.SHARED, days=ZERO, by=by, at=at,
    )  # fmt: skip
    tell_fall(plan, row, said, at)


@transaction.atomic
def remove_line(*, plan: FinancePlan, row: FinanceExpense | FinanceResource) -> None:
    locked_open(plan)
    row.delete()


@transaction.atomic
def close_version(*, plan: FinancePlan, by: User, at: datetime) -> None:
    """Freeze a version that balances to the cent. Raises `Refused`."""
    locked_open(plan)
    found = costed_of(plan).plan
    if not found.expenses:
        raise Refused("Écrivez au moins une dépense.")
    if found.gap:
        side = "Il manque" if found.gap < 0 else "Il y a en trop"
        raise Refused(typeset(f"{side} {euros(abs(found.gap))} de ressources : un plan se clôt équilibré, au centime."))
    FinancePlan.objects.filter(pk=plan.pk).update(closed_at=at, closed_by=by)


@transaction.atomic
def make_paper(*, plan: FinancePlan, kind: str, at: datetime) -> PublicityPaper:
    """The panel of a closed version; the plate of a final one above 10 000 €. Raises `Refused`."""
    locked = FinancePlan.objects.select_for_update().get(pk=plan.pk)
    if locked.closed_at is None:
        raise Refused("Closez d’abord la version : le panneau montre des montants arrêtés.")
    if kind == PublicityPaper.Kind.PLATE and locked.kind != FinancePlan.Kind.FINAL:
        raise Refused("La plaque se pose à la fin de l’opération : closez d’abord le plan définitif.")
    if kind == PublicityPaper.Kind.PLATE and costed_of(plan).plan.cost <= PLATE_ABOVE:
        raise Refused(typeset(f"La plaque n’est demandée qu’au-delà de {euros(PLATE_ABOVE)}."))
    if plan.papers.filter(kind=kind).exists():
        raise Refused("Ce document existe déjà pour cette version.")
    return PublicityPaper.objects.create(plan=plan, kind=kind, document=request_paper(plan, kind, at))


@transaction.atomic
def tell_shown(*, paper: PublicityPaper, shown_on: date, photo: StoredFile, by: User, at: datetime) -> None:
    """The paper stands: its photo proves it. Raises `Refused`."""
    if shown_on > day_of(at):
        raise Refused("Indiquez le jour où il a été posé : aujourd’hui ou avant.")
    PublicityPaper.objects.filter(pk=paper.pk).update(shown_on=shown_on, photo=photo, told_by=by)


@transaction.atomic
def give_link(*, action: PlanAction, funder: str, email: str, by: User, at: datetime) -> FunderLink:
    """Let a funder read the plan of an action for ninety days, by a link sent to them."""
    secret = new_secret()
    until: date = day_of(at) + LINK_DAYS
    link = FunderLink.objects.create(
        action=action, funder=funder, email=email, secret_sha256=hashed(secret), given_at=at, given_by=by, until=until
    )
    send_link(link, secret, at)
    return link


@transaction.atomic
def stop_link(*, link: FunderLink, at: datetime) -> None:
    FunderLink.objects.filter(pk=link.pk, stopped_at=None).update(stopped_at=at)
