"""The chain of agreements: terms in force, what follows, what falls due. Days are days of Paris."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from . import states
from .models import Agreement
from .term import Terms, follow_on_due

Change, Kind = Agreement.Change, Agreement.Kind


def amendments_in_force(agreement: Agreement) -> list[Agreement]:
    """Oldest first: the last word on each subject is the one that binds."""
    rows = agreement.sequels.filter(kind=Kind.AMENDMENT, state=states.IN_FORCE)
    return list(rows.order_by("effective_on", "pk"))


def terms_of(agreement: Agreement, amendments: Iterable[Agreement] | None = None) -> Terms:
    """What binds today, as amendments have changed it; the signed text itself never changes."""
    terms = Terms(agreement.starts_on, agreement.months, agreement.amount)
    for amendment in amendments_in_force(agreement) if amendments is None else amendments:
        if amendment.change == Change.DURATION:
            terms = Terms(terms.starts_on, amendment.months, terms.amount)
        elif amendment.change == Change.AMOUNT:
            terms = Terms(terms.starts_on, terms.months, amendment.amount)
    return terms


def bearer(agreement: Agreement, changes: Iterable[str]) -> Agreement:
    """The agreement or the amendment that says who is bound today, on these subjects."""
    said = [row for row in amendments_in_force(agreement) if row.change in set(changes)]
    return said[-1] if said else agreement


def is_expired(agreement: Agreement, today: date) -> bool:
    """Its last day is past: computed, never stored."""
    return agreement.state == states.IN_FORCE and terms_of(agreement).last_day < today


@dataclass(frozen=True)
class FrameworkDue:
    """An accession agreement in force whose framework is not: to be signed by `on`."""

    agreement: Agreement
    on: date


def awaiting_framework() -> QuerySet[Agreement]:
    """The agreements in force that a framework is to follow, while none is in force."""
    signed = Agreement.objects.filter(parent=OuterRef("pk"), kind=Kind.FRAMEWORK, state=states.IN_FORCE)
    rows = Agreement.objects.filter(kind=Kind.SUPPORT, state=states.IN_FORCE, follow_on_months__isnull=False)
    return rows.exclude(Exists(signed))


def framework_due(agreement: Agreement) -> date | None:
    """The day by which the framework is to be signed; None when none is to follow, or before entry into force."""
    if agreement.effective_on is None or agreement.follow_on_months is None:
        return None
    return follow_on_due(agreement.effective_on, agreement.follow_on_months)


def chain_of(agreement: Agreement) -> list[Agreement]:
    """What follows an agreement or is linked to its files, oldest first: amendments, framework, linked agreements."""
    own = agreement.sequels.all()
    if agreement.kind == Kind.AMENDMENT:
        return list(own.order_by("pk"))
    files = agreement.beneficiaries.values("application_id")
    linked = Agreement.objects.filter(kind=Kind.LINKED, beneficiaries__application__in=files).exclude(pk=agreement.pk)
    return sorted({*own, *linked}, key=lambda row: row.pk)


def next_amendment(agreement: Agreement) -> int:
    return agreement.sequels.filter(kind=Kind.AMENDMENT).count() + 1
