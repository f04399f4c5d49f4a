"""The aids granted and their payments: who sees which, what is counted, what is left."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Case, DecimalField, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce

from applications.funding.payments import PaymentTerms
from applications.funding.plans import ZERO
from calls.models import Call
from calls.queries import within_scope
from portal.accounts.models import User
from support.plan.models import SupportPlan
from support.plan.queries import as_member, of_communes, plans_visible_to

from . import states
from .models import Award, Clawback, Payment

CALL, COMMUNE = "award__plan__application__call_id", "award__plan__application__lead__commune_id"


def awards_visible_to(user: User, at: datetime) -> QuerySet[Award]:
    """Those of the plans that a person reads."""
    rows = with_sums(Award.objects.filter(plan__in=plans_visible_to(user, at).order_by().values("pk")))
    return rows.select_related(
        "plan__application__call__owner__profile", "plan__application__lead__commune", "plan__adviser"
    )


def payments_visible_to(user: User, at: datetime) -> QuerySet[Payment]:
    rows = Payment.objects.filter(award__in=awards_visible_to(user, at).order_by().values("pk"))
    return rows.select_related(
        "award__plan__application__call__owner__profile", "award__plan__application__lead", "award__plan__adviser",
        "asked_by", "checked_by", "certified_by",
    )  # fmt: skip


def reads_proofs(user: User, plan: SupportPlan) -> bool:
    """Whether a person belongs to an organisation of the file: the team is known otherwise."""
    return SupportPlan.objects.filter(as_member(user), pk=plan.pk).exists()


def terms_of_award(award: Award) -> PaymentTerms:
    return PaymentTerms(award.amount, award.rate, award.advance_rate, award.interim_ceiling)


def taken() -> Case:
    """What a request takes of its aid: once certified, what will be paid; before, what is asked."""
    return Case(When(state__in=[states.CERTIFIED, states.PAID], then=F("certified")), default=F("amount"))


def already(award: Award, *, but: Payment | None = None) -> Decimal:
    """Euros paid or being paid, one request left out."""
    rows = award.payments.filter(state__in=states.COUNTED)
    rows = rows.exclude(pk=but.pk) if but else rows
    return rows.aggregate(sum=Sum(taken()))["sum"] or ZERO


def paid_of(award: Award) -> Decimal:
    """Euros paid, before anything is given back."""
    return award.payments.filter(state=states.PAID).aggregate(sum=Sum("certified"))["sum"] or ZERO


def payment_under_way(award: Award) -> Payment | None:
    return award.payments.filter(state__in=states.UNDER_WAY).first()


def awards_of(plan: SupportPlan) -> QuerySet[Award]:
    """The aids of a plan with their sums, that of the call first."""
    rows = with_sums(plan.awards.all()).select_related("plan__application__lead__commune")
    return rows.order_by("-of_call", "pk")


def with_sums(awards: QuerySet[Award]) -> QuerySet[Award]:
    """`sum_paid`, `sum_under_way`, `sum_recovered`, `sum_owed` of each, in euros: added up by the database."""
    payments, backs = Payment.objects.filter(award=OuterRef("pk")), Clawback.objects.filter(award=OuterRef("pk"))
    return awards.annotate(
        sum_paid=_added(payments.filter(state=states.PAID), F("certified")),
        sum_under_way=_added(payments.filter(state__in=states.UNDER_WAY), taken()),
        sum_recovered=_added(backs.filter(recovered_on__isnull=False), F("amount")),
        sum_owed=_added(backs.filter(recovered_on=None), F("amount")),
    )


def _added(rows: QuerySet[Any], value: Any) -> Coalesce:
    sums = rows.order_by().values("award").annotate(sum=Sum(value)).values("sum")
    return Coalesce(Subquery(sums), Value(ZERO), output_field=DecimalField(max_digits=14, decimal_places=2))


# --- the envelope of the call --------------------------------------------------------------------------------------


def call_awards(call: Call) -> dict[int, list[Award]]:
    """{file: the aids of the call that are followed for it}, with their sums; one query."""
    rows = with_sums(Award.objects.filter(of_call=True, plan__application__call=call)).select_related("plan")
    found: dict[int, list[Award]] = defaultdict(list)
    for award in rows.order_by("pk"):
        found[award.plan.application_id].append(award)
    return dict(found)


def net_paid(award: Award) -> Decimal:
    """Euros paid less what was recovered, of an aid with its sums."""
    return award.sum_paid - award.sum_recovered  # type: ignore[attr-defined] - annotated by `with_sums`


# --- what is awaited -----------------------------------------------------------------------------------------------


def to_check(user: User) -> QuerySet[Payment]:
    """Asked, in the plans that a person accompanies."""
    return _awaited(Payment.objects.filter(state=states.ASKED, award__plan__adviser=user))


def to_certify(user: User, at: datetime) -> QuerySet[Payment]:
    """Checked by another person, or certified and not paid yet, in the calls that a person manages."""
    managed = within_scope(user, at, "manager", call=CALL, commune=COMMUNE)
    waiting = Q(state=states.CHECKED) & ~Q(checked_by=user) | Q(state=states.CERTIFIED)
    return _awaited(Payment.objects.filter(managed, waiting))


def to_take_up(user: User) -> QuerySet[Payment]:
    """Returned to a person's communes, and not asked again since."""
    later = Payment.objects.filter(award=OuterRef("award"), n__gt=OuterRef("n"))
    mine = Payment.objects.filter(award__plan__in=of_communes(user).order_by().values("pk"))
    return _awaited(mine.filter(~Exists(later), state=states.RETURNED, award__state=states.ACTIVE))


def _awaited(rows: QuerySet[Payment]) -> QuerySet[Payment]:
    return rows.select_related("award__plan__application__lead").order_by("asked_at", "pk")


def may_lapse(since: date) -> QuerySet[Award]:
    """The aids under way that lapse one day, from `since` on: not started in time, or no balance asked in time."""
    asked = Payment.objects.filter(award=OuterRef("pk"), kind="balance", state__in=states.COUNTED)
    starting = Q(started_on=None, start_by__gte=since)
    rows = Award.objects.filter(starting | Q(finish_by__gte=since), ~Exists(asked), state=states.ACTIVE)
    return rows.select_related("plan__application__call", "plan__application__lead", "plan__adviser").order_by("pk")


def lapse_day(award: Award) -> date | None:
    """The next day whose passing lets the aid lapse: the start while it is awaited, then the end."""
    return award.start_by if award.start_by and not award.started_on else award.finish_by


def balance_asked(award: Award) -> bool:
    return award.payments.filter(kind="balance", state__in=states.COUNTED).exists()


def files_with_awards(files: Collection[int]) -> dict[int, date]:
    """{file: the last day on which an aid moved}: granted, paid, ordered back."""
    rows = Award.objects.filter(plan__application__in=files).order_by()
    found: dict[int, date] = {}
    for column in ("granted_on", "payments__paid_on", "clawbacks__ordered_on", "clawbacks__recovered_on"):
        for file, day in rows.filter(**{f"{column}__isnull": False}).values_list("plan__application", column):
            found[file] = max(day, found.get(file, day))
    return found
