"""The documents of a call, and those that could not be made, for those who may ask for them again."""

from datetime import datetime

from django.db.models import Count, Q, QuerySet

from applications.models import DecisionNotice, Deposit
from applications.queries.staff import decisions_for_staff
from applications.rules.staff import DECIDING
from calls.models import Call
from calls.queries import within_scope
from juries.documents.papers import session_numbers
from juries.models import Erratum, JurySession
from juries.queries.members import managed_calls
from portal.accounts.models import User
from portal.core.models import FrozenDocument
from support.agreements.models import Agreement
from support.agreements.queries import COMMUNE


def failed_documents(user: User, at: datetime) -> QuerySet[FrozenDocument]:
    """Receipts, letters, minutes and agreements in failure, of the calls that this person manages."""
    paths = {"call": "application__call_id", "commune": "application__lead__commune_id"}
    receipts = Deposit.objects.filter(within_scope(user, at, "manager", **paths))
    letters = DecisionNotice.objects.filter(line__decision__in=decisions_for_staff(user, at, DECIDING))
    agreements = Agreement.objects.filter(within_scope(user, at, "manager", call="call_id", commune=COMMUNE))
    sessions = JurySession.objects.filter(call__in=managed_calls(user, at)).select_related("call")
    mine = (
        Q(pk__in=receipts.values("receipt"))
        | Q(pk__in=letters.values("document"))
        | Q(pk__in=agreements.values("document"))
        | Q(number__in=[number for session in sessions[:MOST_SESSIONS] for number in session_numbers(session)])
        | Q(pk__in=Erratum.objects.filter(minutes__session__in=sessions).values("document"))
    )
    failed = FrozenDocument.objects.filter(mine, state=FrozenDocument.State.FAILED)
    return failed.order_by("-issued_at", "pk")


MOST_SESSIONS = 100


def documents_of(call: Call) -> QuerySet[FrozenDocument]:
    """Every document that a call has issued, latest first: receipts, letters, minutes, agreements, rules."""
    versions = {
        "receipts": Deposit.objects.filter(application__call=call).values("receipt__number"),
        "letters": DecisionNotice.objects.filter(line__decision__call=call).values("number"),
        "agreements": Agreement.objects.filter(call=call, document__isnull=False).values("number"),
    }
    sessions = JurySession.objects.filter(call=call).select_related("call")
    found = Q(number__in=[number for session in sessions for number in session_numbers(session)])
    found |= Q(pk__in=Erratum.objects.filter(minutes__session__call=call).values("document"))
    for numbers in versions.values():
        found |= Q(number__in=numbers)
    return FrozenDocument.objects.filter(found).order_by("-issued_at", "number", "-version")


def counts_of(documents: QuerySet[FrozenDocument]) -> dict[str, int]:
    """How many are ready, being made, in failure: one query."""
    State = FrozenDocument.State
    return documents.order_by().aggregate(
        total=Count("pk"),
        **{state.value: Count("pk", filter=Q(state=state)) for state in State},
    )
