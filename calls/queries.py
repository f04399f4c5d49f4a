"""Questions about calls. The person comes first: what they may see, what they are there."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from portal.accounts.models import Claim, User
from portal.core.calendar import PARIS
from portal.core.clock import portal_now
from portal.core.mailing import Sender
from portal.core.models import StoredFile
from portal.territories.models import Commune, Grouping, PopulationFigure

from . import stages, states
from .conditions import Facts, Figure
from .definition.identity import GROUPINGS, Perimeter
from .eligibility import Verdict, judge
from .models import Call, CallRole, Milestone, SeatTemplate, StagedDocument, Window
from .queries_rules import gathered, rules_of


def published_calls() -> QuerySet[Call]:
    """The calls that everyone may read."""
    return (
        Call.objects.exclude(state__in=states.PREPARATION)
        .select_related("owner__profile", "programme")
        .prefetch_related("windows__track", "milestones", "transitions")
    )


def calls_to_come(at: datetime) -> list[Call]:
    """The published calls that take files now or later, by title; a hundred at most."""
    live = published_calls().filter(state=states.PUBLISHED, windows__closes_at__gte=at).distinct()
    return list(live.order_by("title", "pk")[:100])


def national_templates() -> QuerySet[Call]:
    """The published calls of which one may open a local instance, by title."""
    return published_calls().filter(extras__template__locked__isnull=False).order_by("title", "pk")


def active_roles(at: datetime) -> Q:
    """Roles in force at an instant."""
    return Q(starts_at__lte=at) & (Q(ends_at=None) | Q(ends_at__gt=at))


def roles_held(user: User, at: Any, *roles: str) -> QuerySet[CallRole]:
    """The staff roles of a person in force at an instant (only these when `roles` are given)."""
    if not user.is_authenticated:
        return CallRole.objects.none()
    held = CallRole.objects.filter(active_roles(at), user=user)
    return held.filter(role__in=roles) if roles else held


@dataclass(frozen=True)
class HeldRoles:
    """The staff roles of one person in one call, each with the INSEE codes it is limited to (none: the whole call)."""

    rows: tuple[tuple[str, frozenset[str]], ...]

    @property
    def names(self) -> frozenset[str]:
        """Whatever their scope."""
        return frozenset(role for role, _ in self.rows)

    def over(self, commune: str | None = None) -> frozenset[str]:
        """Those that cover a commune (INSEE code); without one, those that cover the whole call."""
        return frozenset(role for role, scope in self.rows if not scope or commune in scope)

    def scope(self, *roles: str) -> frozenset[str] | None:
        """The INSEE codes that these roles (all of them when none is named) cover; None: the whole call."""
        scopes = [scope for role, scope in self.rows if not roles or role in roles]
        return None if not all(scopes) else frozenset(code for scope in scopes for code in scope)


def held_in(user: User, call: Call, at: datetime) -> HeldRoles:
    """The roles of a person in a call, read once: one query for as many questions as a page asks."""
    rows = roles_held(user, at).filter(call=call).values_list("role", "scope")
    return HeldRoles(tuple((role, frozenset(scope)) for role, scope in rows))


def roles_of(user: User, call: Call, at: datetime) -> frozenset[str]:
    """The staff roles of a person in a call, whatever their scope; empty for everyone else."""
    return held_in(user, call, at).names


def roles_over(user: User, call: Call, at: datetime, commune: str | None = None) -> frozenset[str]:
    """The roles that cover a commune (INSEE code); without one, those that cover the whole call."""
    return held_in(user, call, at).over(commune)


def within_scope(user: User, at: Any, *roles: str, call: str, commune: str | Callable[[list[str]], Q]) -> Q:
    """What a person reads as staff: the rows of the calls where they hold a role, within the INSEE codes of each role.

    `call` and `commune` are the paths from a row to the key of its call and to the INSEE code of its commune; where a
    row has several communes, `commune` gives the condition for some codes.
    """
    covered = Q(pk__in=[])
    held = roles_held(user, at, *roles).order_by().values("scope").annotate(calls=ArrayAgg("call_id"))
    for scope, keys in held.values_list("scope", "calls"):  # one row for all the calls held whole
        those, inside = (
            Q(**{f"{call}__in": keys}),
            commune(scope) if callable(commune) else Q(**{f"{commune}__in": scope}),
        )
        covered |= those & inside if scope else those
    return covered


def scope_of(user: User, call: Call, at: datetime, *roles: str) -> frozenset[str] | None:
    """The INSEE codes to which a person's roles in a call are limited; None when one of them covers the whole call."""
    return held_in(user, call, at).scope(*roles)


def calls_staffed_by(user: User, at: datetime, *roles: str, whole: bool = False) -> QuerySet[Call]:
    """The calls where a person holds a staff role now (one of `roles` when given), drafts included.

    `whole`: only roles that cover the whole call, for what cannot be cut by commune (jury, decision, letters).
    """
    held = roles_held(user, at, *roles)
    if whole:
        held = held.filter(scope=[])
    return Call.objects.filter(pk__in=held.values("call_id")).select_related("owner__profile", "programme")


def with_voters(calls: QuerySet[Call]) -> QuerySet[Call]:
    """`voters`: how many seats of the jury vote."""
    seats = SeatTemplate.objects.filter(call=OuterRef("pk"), voting=True).order_by().values("call")
    return calls.annotate(voters=Coalesce(Subquery(seats.annotate(n=Count("pk")).values("n")), 0))


def readable_calls(user: User, at: datetime) -> QuerySet[Call]:
    """Published calls, and those in preparation of the person's own."""
    if not user.is_authenticated:
        return published_calls()
    mine = calls_staffed_by(user, at).values("pk")
    public = ~Q(state__in=states.PREPARATION)
    return Call.objects.filter(public | Q(pk__in=mine)).select_related("owner__profile")


def staff_of(call: Call, at: datetime, *roles: str) -> QuerySet[User]:
    """The people who hold one of these roles in a call."""
    held = CallRole.objects.filter(active_roles(at), call=call, role__in=roles)
    return User.objects.filter(pk__in=held.values("user_id"), is_active=True).order_by("pk")


def is_open(window: Window, at: datetime) -> bool:
    """Whether one may deposit: the last second of the limit is included."""
    return window.opens_at <= at <= window.closes_at


def call_window(call: Call, at: datetime) -> Window | None:
    """The window that counts now: the open one whose limit is nearest, else the next, else the last."""
    windows = call.windows.all()
    opened = min((w for w in windows if is_open(w, at)), key=lambda window: window.closes_at, default=None)
    coming = min((w for w in windows if w.opens_at > at), key=lambda window: window.opens_at, default=None)
    return opened or coming or max(windows, key=lambda window: window.closes_at, default=None)


def communes_of_perimeter(call: Call, scope: frozenset[str] | None = None) -> QuerySet[Commune]:
    """The inhabited communes invited by the call, by name; only those of `scope` (INSEE codes) when it is given."""
    communes = invited_communes(call.perimeter_kind, call.perimeter_codes, scope)
    return communes.order_by("search_name", "insee")


def invited_communes(kind: str, codes: Sequence[str], scope: Collection[str] | None) -> QuerySet[Commune]:
    communes = Commune.objects.filter(communes_in(kind, codes), inhabited=True)
    return communes if scope is None else communes.filter(insee__in=scope)


def communes_in(kind: str, codes: Sequence[str]) -> Q:
    """The communes of a place: a list, or all those of intercommunalities, départements, regions, cantons…"""
    if kind in GROUPINGS:
        named = Grouping.objects.filter(kind=GROUPINGS[kind], code__in=codes)
        return Q(insee__in=named.order_by().values("communes"))
    field = {
        Call.PerimeterKind.INTERCOMMUNALITY: "intercommunality_id__in",
        Call.PerimeterKind.DEPARTMENT: "department_id__in",
        Call.PerimeterKind.REGION: "department__region_id__in",
        Call.PerimeterKind.COMMUNES: "insee__in",
    }[Call.PerimeterKind(kind)]
    return Q(**{field: codes})


def claims_for_staff(user: User) -> QuerySet[Claim]:
    """Claims of the communes of the calls where the person is manager or officer, within the scope of the role."""
    held = roles_held(user, portal_now(), "manager", "officer").order_by()
    wanted = Q(pk__in=[])
    for kind, codes, scope in held.values_list("call__perimeter_kind", "call__perimeter_codes", "scope").distinct():
        communes = invited_communes(kind, codes, scope or None)
        wanted |= Q(membership__organisation__commune__in=communes.values("pk"))
    return Claim.objects.filter(wanted)


def is_call_staff(user: User) -> bool:
    """Whether the person holds any role in any call now."""
    return roles_held(user, portal_now()).exists()


def sender_of(call: Call) -> Sender:
    """In whose name the call's mails leave; answers go to its contact."""
    profile = getattr(call.owner, "profile", None)
    name = profile.short_name if profile else call.owner.name
    signature = f"{call.contact_service}, {name}"
    if call.contact_phone:
        signature += f"\n{call.contact_phone}" + (f", {call.contact_hours}" if call.contact_hours else "")
    signature = f"{signature}\n{call.contact_email}"
    return Sender(name=name, reply_to=call.contact_email, signature=signature, call_key=f"call:{call.slug}")


def facts_of(commune: Commune, **more: Any) -> Facts:
    """What the portal knows of a commune, for rules and conditions; `more`: answers, track, other_files…"""
    group = commune.intercommunality
    more.setdefault("other_files", None)
    return Facts(
        name=commune.name,
        insee=commune.insee,
        siren=commune.siren or "",
        inhabited=commune.inhabited,
        intercommunality_siren=group.siren if group else "",
        intercommunality_name=group.name if group else "",
        department=commune.department_id,
        region=commune.department.region_id,
        code_year=commune.code_year,
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
    """What each eligibility rule of the call says of an applicant, with its sentence: on every page and paper."""
    ((_, verdicts),) = judged(call, [facts])
    return verdicts


def judged(call: Call, facts: Iterable[Facts]) -> Iterator[tuple[Facts, list[Verdict]]]:
    """Applicants with all that the rules ask of them, and their verdicts: as many queries for one as for all.

    One after the other: to keep those of a whole country would cost more than to find them.
    """
    rules = rules_of(call)
    judgement = judge(rules, perimeter_of(call))
    return ((one, judgement(one)) for one in gathered(call, facts, rules))


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


def open_correction_of(call: Call) -> StagedDocument | None:
    """The correction of a published call that its team writes in the rooms."""
    if call.state not in states.LIVE:
        return None
    return StagedDocument.objects.filter(call=call, by_hand=True, applied_at=None).select_related("call").first()


def downloads_of(call: Call) -> list[tuple[str, str, StoredFile]]:
    """The documents to download whose bytes are here, in the order of the call: code, name, file."""
    named = {document["code"]: document["label"] for document in call.extras.get("documents", ())}
    if not named:
        return []
    kept = {row.code: row.file for row in call.downloads.select_related("file")}
    return [(code, label, kept[code]) for code, label in named.items() if code in kept]
