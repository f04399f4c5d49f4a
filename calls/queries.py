"""Questions about calls. The person comes first: what they may see, what they are there."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet

from portal.accounts.models import Claim, User
from portal.core.calendar import PARIS
from portal.core.clock import portal_now
from portal.core.mailing import Sender
from portal.core.models import StoredFile
from portal.territories.models import Commune, PopulationFigure

from . import stages, states
from .conditions import Facts, Figure
from .definition.eligibility import read_rule
from .definition.identity import Perimeter
from .eligibility import Verdict, evaluate
from .models import Call, CallRole, Milestone, Window


def published_calls() -> QuerySet[Call]:
    """The calls that everyone may read."""
    return (
        Call.objects.exclude(state=states.DRAFT)
        .filter(is_rehearsal=False)
        .select_related("owner__profile", "programme")
        .prefetch_related("windows", "milestones")
    )


def active_roles(at: datetime) -> Q:
    """Roles in force at an instant."""
    return Q(starts_at__lte=at) & (Q(ends_at=None) | Q(ends_at__gt=at))


def roles_of(user: User, call: Call, at: datetime) -> frozenset[str]:
    """The staff roles of a person in a call; empty for everyone else."""
    if not user.is_authenticated:
        return frozenset()
    return frozenset(CallRole.objects.filter(active_roles(at), user=user, call=call).values_list("role", flat=True))


def calls_staffed_by(user: User, at: datetime, *roles: str) -> QuerySet[Call]:
    """The calls where a person holds a staff role now (one of `roles` when given), drafts included."""
    held = CallRole.objects.filter(active_roles(at), user=user)
    if roles:
        held = held.filter(role__in=roles)
    return Call.objects.filter(pk__in=held.values("call_id")).select_related("owner__profile", "programme")


def readable_calls(user: User, at: datetime) -> QuerySet[Call]:
    """Published calls, and those in preparation of the person's own."""
    if not user.is_authenticated:
        return published_calls()
    mine = calls_staffed_by(user, at).values("pk")
    public = Q(is_rehearsal=False) & ~Q(state=states.DRAFT)
    return Call.objects.filter(public | Q(pk__in=mine)).select_related("owner__profile")


def staff_of(call: Call, at: datetime, *roles: str) -> QuerySet[User]:
    """The people who hold one of these roles in a call."""
    held = CallRole.objects.filter(active_roles(at), call=call, role__in=roles)
    return User.objects.filter(pk__in=held.values("user_id"), is_active=True).order_by("pk")


def is_open(window: Window, at: datetime) -> bool:
    """Whether one may deposit: the last second of the limit is included."""
    return window.opens_at <= at <= window.closes_at


def call_window(call: Call, at: datetime) -> Window | None:
    """The window that counts now: the open one, else the next, else the last."""
    windows = sorted(call.windows.all(), key=lambda window: window.opens_at)
    current = [window for window in windows if window.closes_at >= at]
    return current[0] if current else (windows[-1] if windows else None)


def communes_of_perimeter(call: Call) -> QuerySet[Commune]:
    """The inhabited communes invited by the call, by name."""
    inside = communes_in(call.perimeter_kind, call.perimeter_codes)
    return Commune.objects.filter(inside, inhabited=True).order_by("search_name", "insee")


def communes_in(kind: str, codes: Sequence[str]) -> Q:
    """The communes of a place: a list, or all those of intercommunalities, départements or regions."""
    field = {
        Call.PerimeterKind.INTERCOMMUNALITY: "intercommunality_id__in",
        Call.PerimeterKind.DEPARTMENT: "department_id__in",
        Call.PerimeterKind.REGION: "department__region_id__in",
        Call.PerimeterKind.COMMUNES: "insee__in",
    }[Call.PerimeterKind(kind)]
    return Q(**{field: codes})


def claims_for_staff(user: User) -> QuerySet[Claim]:
    """Claims of the communes of the calls where the person is manager or officer, within the scope of the role."""
    held = CallRole.objects.filter(active_roles(portal_now()), user=user, role__in=("manager", "officer"))
    wanted = Q(pk__in=[])
    for role in held.select_related("call"):
        communes = communes_of_perimeter(role.call).order_by()
        if role.scope:
            communes = communes.filter(insee__in=role.scope)
        wanted |= Q(membership__organisation__commune__in=communes.values("pk"))
    return Claim.objects.filter(wanted)


def is_call_staff(user: User) -> bool:
    """Whether the person holds any role in any call now."""
    return CallRole.objects.filter(active_roles(portal_now()), user=user).exists()


def sender_of(call: Call) -> Sender:
    """In whose name the call's mails leave; answers go to its contact."""
    profile = getattr(call.owner, "profile", None)
    name = profile.short_name if profile else call.owner.name
    signature = f"{call.contact_service}, {name}"
    if call.contact_phone:
        signature += f"\n{call.contact_phone}" + (f", {call.contact_hours}" if call.contact_hours else "")
    return Sender(name=name, reply_to=call.contact_email, signature=f"{signature}\n{call.contact_email}")


def facts_of(commune: Commune, **more: Any) -> Facts:
    """What the portal knows of a commune, for rules and conditions; `more`: answers, track, already_applied…"""
    group = commune.intercommunality
    return Facts(
        name=commune.name,
        insee=commune.insee,
        siren=commune.siren or "",
        inhabited=commune.inhabited,
        intercommunality_siren=group.siren if group else "",
        intercommunality_name=group.name if group else "",
        department=commune.department_id,
        region=commune.department.region_id,
        populations=figures(commune.populations.all()),
        intercommunality_populations=figures(group.populations.all()) if group else {},
        **more,
    )


def figures(rows: Iterable[PopulationFigure]) -> dict[tuple[str, int], Figure]:
    """Populations by (kind, year), each with its source."""
    return {(row.kind, row.year): Figure(row.value, row.source) for row in rows}


def perimeter_of(call: Call) -> Perimeter:
    return Perimeter(kind=call.perimeter_kind, codes=tuple(call.perimeter_codes), label=call.extras["perimeter_label"])


def verdicts_for(call: Call, facts: Facts) -> list[Verdict]:
    """What each eligibility rule of the call says of an applicant, with its sentence."""
    rules = [
        read_rule(
            code=row.code,
            kind=row.kind,
            label=row.label,
            effect=row.effect,
            derogable=row.derogable,
            parameters=row.parameters,
        )
        for row in call.eligibility_rules.all()
    ]
    return evaluate(rules, facts, perimeter=perimeter_of(call))


def milestone_day(call: Call, code: str) -> date | None:
    """The day of a milestone of the call, in Paris."""
    row: Milestone | None = next((m for m in call.milestones.all() if m.code == code), None)
    if row is None:
        return None
    return row.on or row.at.astimezone(PARIS).date()


def stage_of(call: Call, at: datetime) -> str:
    """The link of the chain where the call stands, computed from its dates."""
    windows = call.windows.all()
    return stages.stage(
        opens_at=min(window.opens_at for window in windows),
        closes_at=max(window.closes_at for window in windows),
        jury_on=milestone_day(call, "jury"),
        decision_on=milestone_day(call, "decision"),
        kickoff_on=milestone_day(call, "kickoff"),
        end_on=milestone_day(call, "end"),
        at=at,
    )


def downloads_of(call: Call) -> list[tuple[str, str, StoredFile]]:
    """The documents to download whose bytes are here, in the order of the call: code, name, file."""
    named = {document["code"]: document["label"] for document in call.extras.get("documents", ())}
    if not named:
        return []
    kept = {row.code: row.file for row in call.downloads.select_related("file")}
    return [(code, label, kept[code]) for code, label in named.items() if code in kept]
