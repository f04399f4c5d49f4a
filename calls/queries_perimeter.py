"""The perimeter of a call: who may apply there, on a map and by stratum."""

import json
from collections.abc import Collection, Iterator
from hashlib import sha256
from typing import NamedTuple

from django.core.cache import caches
from django.db.models import prefetch_related_objects

from portal.territories.maps.drawing import BaseMap
from portal.territories.maps.queries import MOST_COMMUNES, map_of_communes, map_of_departments
from portal.territories.models import PopulationFigure

from .conditions import Facts, stratum_of
from .definition.dump import stratum as stratum_data
from .definition.identity import Stratum as StratumRule
from .eligibility import OF_THE_FILE, judge, overall
from .models import Call, Stratum
from .queries import communes_of_perimeter, perimeter_of
from .queries_applicants import facts_of_communes
from .queries_rules import gathered, rules_of

KEPT = 600  # seconds: what an import of figures changes is seen ten minutes later at most


class Standing(NamedTuple):
    """One commune of the perimeter: whether it may apply, its stratum (code, or empty), its inhabitants."""

    insee: str
    name: str
    department: str
    overall: str
    stratum: str
    population: int | None


def standings_of(call: Call) -> list[Standing]:
    """Every commune of the perimeter by name, as the rules about territories judge it; kept a while for the same rules.

    What only a file tells (`OF_THE_FILE`) is not known before it is written: every commune would remain to be checked.
    The same code as for one commune, once per change of the rules.
    """
    prefetch_related_objects([call], "eligibility_rules", "strata")
    key = f"standings-{fingerprint(call)}"
    kept = caches["drawn"].get(key)
    if kept is None:
        found = list(_standings(call))
        # Tuples are read again five times quicker than objects of a class.
        caches["drawn"].set(key, [tuple(standing) for standing in found], KEPT)
        return found
    return [Standing._make(row) for row in kept]


def fingerprint(call: Call) -> str:
    """Changes with the rules, the strata or the perimeter of the call."""
    said = [
        [[row.code, row.kind, row.effect, row.parameters] for row in call.eligibility_rules.all()],
        [stratum_data(row) for row in call.strata.all()],
        [call.perimeter_kind, sorted(call.perimeter_codes)],
    ]
    return sha256(json.dumps(said, default=str, sort_keys=True).encode()).hexdigest()


def _standings(call: Call) -> Iterator[Standing]:
    rules = [rule for rule in rules_of(call) if rule.kind not in OF_THE_FILE]
    judgement = judge(rules, perimeter_of(call))
    strata = [StratumRule.model_validate(stratum_data(row)) for row in call.strata.all()]
    kind, year = population_basis(call.strata.all())
    for facts in gathered(call, facts_of_communes(communes_of_perimeter(call)), rules, call.strata.all()):
        facts.stratum = stratum_of(strata, facts)
        yield Standing(
            insee=facts.insee,
            name=facts.name.replace("'", "’"),
            department=facts.department,
            overall=overall(judgement(facts)),
            stratum=facts.stratum or "",
            population=inhabitants(facts, kind, year),
        )


def population_basis(strata: Collection[Stratum]) -> tuple[str, int | None]:
    """Kind and year of the population that the call counts with; the latest municipal one when it says nothing."""
    for stratum in strata:
        if stratum.kind == Stratum.Kind.POPULATION:
            return stratum.population_kind, stratum.population_year
    return PopulationFigure.Kind.MUNICIPAL, None


def inhabitants(facts: Facts, kind: str, year: int | None) -> int | None:
    """The figure of a kind and year; without a year, the latest one."""
    years = [known for of, known in facts.populations if of == kind and year in (None, known)]
    return facts.populations[kind, max(years)].value if years else None


def shows_communes(total: int) -> bool:
    """Whether a perimeter of `total` communes is drawn commune by commune."""
    return 0 < total <= MOST_COMMUNES


def commune_map(call: Call, scope: frozenset[str] | None = None) -> BaseMap | None:
    """The communes of the perimeter (of a scope); None when there are too many."""
    key = f"{call.perimeter_kind} {sorted(call.perimeter_codes)} {scope and sorted(scope)}"
    return map_of_communes(communes_of_perimeter(call, scope), key=key)


def department_map(codes: Collection[str]) -> BaseMap | None:
    """The départements of a wide perimeter; None for a single one, of which a map says nothing."""
    return map_of_departments(sorted(codes)) if len(codes) > 1 else None
