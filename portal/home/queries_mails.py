"""Mails and reminders that the staff of a call answers for, within the scope of their roles."""

from datetime import datetime
from typing import Any

from django.db.models import CharField, F, Model, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from applications.models import Application
from calls.models import Call
from calls.queries import roles_held
from portal.accounts.models import Claim, Organisation, User
from portal.accounts.rules import claims_judged_by
from portal.core.models import OutboundEmail, Reminder
from support.agreements.models import Agreement
from support.agreements.queries import agreements_of
from support.plan.models import Phase

STAFF_ROLES = frozenset({"manager", "officer", "secretary"})


def failed_mails(user: User, at: datetime) -> QuerySet[OutboundEmail]:
    """What did not leave, or perhaps did: of one's calls and of the claims that one settles; the platform: the rest."""
    claims = Claim.objects.filter(pk__in=claims_judged_by(user).values("pk"))
    seen = rows_answered_for(user, at) | Q(object_key__in=keys("claim", claims, "pk"))
    if user.is_platform_admin:
        seen |= Q(call_key="")
    return OutboundEmail.objects.filter(seen, state__in=["failed", "uncertain"]).order_by("-created_at", "pk")


def reminders_seen(user: User, at: datetime) -> QuerySet[Reminder]:
    """The reminders of one's calls."""
    return Reminder.objects.filter(rows_answered_for(user, at))


def rows_answered_for(user: User, at: datetime) -> Q:
    """Rows that bear `call_key`, `object_key` and `recipient`, of the calls where one works; a limited role sees those
    about its communes: their files, phases and agreements, and what is written to their town halls."""
    held = roles_held(user, at, *STAFF_ROLES)
    seen = Q(call_key__in=keys("call", Call.objects.filter(roles__in=held.filter(scope=[])), "slug"))
    for role in held.exclude(scope=[]).select_related("call"):
        seen |= Q(call_key=f"call:{role.call.slug}") & about(role.call, frozenset(role.scope))
    return seen


def about(call: Call, scope: frozenset[str]) -> Q:
    files = Application.objects.filter(call=call, lead__commune__in=scope)
    phases = Phase.objects.filter(plan__application__in=files)
    agreements = Agreement.objects.filter(pk__in=agreements_of(call, scope).values("pk"))
    objects = [keys("application", files, "uuid"), keys("phase", phases, "pk"), keys("agreement", agreements, "uuid")]
    halls = Organisation.objects.filter(commune__in=scope, official_email__gt="")
    seen = Q(object_key=f"call:{call.slug}", recipient__in=halls.values("official_email"))
    for found in objects:
        seen |= Q(object_key__in=found)
    return seen


def keys(prefix: str, rows: QuerySet[Model, Any], field: str) -> QuerySet[Model, Any]:
    """The object keys of rows: « application:<uuid> »."""
    key = Concat(Value(f"{prefix}:"), Cast(F(field), CharField()))
    return rows.order_by().annotate(key=key).values("key")
