"""Questions about an applicant of a call: its facts, its stratum, the window that its file must keep to."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from portal.accounts.models import Organisation
from portal.territories.models import Commune, Department, Intercommunality, PopulationFigure

from .conditions import Facts, Figure, holds, stratum_of
from .definition.dump import stratum as stratum_data
from .definition.identity import Stratum as StratumRule
from .definition.predicates import read_condition
from .models import Call, Track, Window
from .queries import facts_of, figures
from .queries_rules import gathered

INTENT, FILE = "intent", "file"


def facts_of_organisation(organisation: Organisation, **more: Any) -> Facts:
    """What the portal knows of an applicant of any kind; `more`: answers, track, stratum…

    Of a group of communes, `populations` are its own; its département is known when all its communes lie in one.
    """
    if organisation.commune:
        return facts_of(organisation.commune, **more)
    facts: dict[str, Any] = {"name": organisation.name, "applicant_kind": organisation.kind}
    more.setdefault("other_files", None)
    facts["siren"] = organisation.siren or ""
    if organisation.intercommunality:
        facts |= facts_of_group(organisation.intercommunality)
    elif organisation.department:
        facts |= {"department": organisation.department_id, "region": organisation.department.region_id}
    elif organisation.region:
        facts |= {"region": organisation.region_id}
    return Facts(**facts, **more)


def facts_of_communes(communes: QuerySet[Commune]) -> Iterator[Facts]:
    """The facts of many communes, as `facts_of` gives those of one: three queries, whatever their number.

    One after the other: thirty-five thousand at once cost more to keep than to make.
    """
    columns = (
        "insee", "name", "siren", "inhabited", "code_year", "intercommunality_id", "intercommunality__name",
        "department_id",
    )  # fmt: skip
    keys = communes.order_by().values("pk")
    own = _populations("commune", keys)
    shared = _populations("intercommunality", communes.order_by().values("intercommunality"))
    return (
        Facts(
            name=name,
            insee=insee,
            siren=siren or "",
            inhabited=inhabited,
            intercommunality_siren=group or "",
            intercommunality_name=group_name or "",
            department=department,
            region=region,
            code_year=year,
            populations=own.get(insee, {}),
            intercommunality_populations=shared.get(group or "", {}),
            other_files=None,
        )
        for insee, name, siren, inhabited, year, group, group_name, department, region in communes.values_list(
            *columns, "department__region_id"
        )
    )


def _populations(of: str, keys: Any) -> dict[str, dict[tuple[str, int], Figure]]:
    found: dict[str, dict[tuple[str, int], Figure]] = {}
    rows = PopulationFigure.objects.filter(**{f"{of}__in": keys})
    for key, kind, year, value, source in rows.values_list(f"{of}_id", "kind", "year", "value", "source"):
        found.setdefault(key, {})[kind, year] = Figure(value, source)
    return found


def facts_of_group(group: Intercommunality) -> dict[str, Any]:
    """An intercommunality as an applicant."""
    populations = figures(group.populations.all())
    departments = list(Department.objects.filter(communes__intercommunality=group).distinct().order_by("code")[:2])
    regions = {department.region_id for department in departments}
    return {
        "siren": group.siren,
        "intercommunality_siren": group.siren,
        "intercommunality_name": group.name,
        "code_year": group.code_year,
        "department": departments[0].code if len(departments) == 1 else "",
        "region": regions.pop() if len(regions) == 1 else "",
        "populations": populations,
        "intercommunality_populations": populations,
    }


def stratum_in(call: Call, facts: Facts) -> str:
    """The code of the applicant's stratum in a call; empty when it is in none, or when a figure is missing."""
    rows = list(call.strata.all())
    rules = [StratumRule.model_validate(stratum_data(row)) for row in rows]
    (known,) = gathered(call, [facts], strata=rows)
    return stratum_of(rules, known) or ""


def placed(facts: Facts, call: Call) -> Facts:
    """The facts with the stratum that the applicant has in a call."""
    return replace(facts, stratum=stratum_in(call, facts) or None)


def first_stage(call: Call) -> str:
    """What one begins with: a letter of intent when the call asks for one, else the file."""
    return INTENT if any(window.stage == INTENT for window in call.windows.all()) else FILE


def windows_for(call: Call, facts: Facts, *, stage: str, track: Track | None) -> list[Window]:
    """The windows of a stage that are open, or will be, to this applicant on this track: the earliest first."""
    mine = [w for w in call.windows.all() if w.stage == stage and w.track_id in (None, track.pk if track else None)]
    return sorted(
        (window for window in mine if holds(read_condition(window.condition), facts)),
        key=lambda window: (window.opens_at, window.position),
    )


def window_for(call: Call, at: datetime, facts: Facts, *, stage: str, track: Track | None) -> Window | None:
    """The one that counts at an instant: the first that is not over, else the last."""
    windows = windows_for(call, facts, stage=stage, track=track)
    return next((window for window in windows if window.closes_at >= at), windows[-1] if windows else None)
