"""Portal and floor in turn, trial by trial, so that a noisy machine weighs on both; ratios matter, not times."""

import gc
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil
from statistics import median
from time import perf_counter

from django.db import connection
from django.test.utils import CaptureQueriesContext

from juries.queries import ranking_page

from . import eligibility
from .caller import Caller, Request
from .copies import run
from .floor import RAW_RANKING
from .probes import Probe, probes
from .world import World

LIMIT = 3.0
WARM_UP, COUNTED = 2, 1
LEAST_TRIALS = 10
MANY = 10_000  # from here on the ranking is held to raw SQL; below, three small queries are most of its time
BUDGET = 10.0  # seconds for one measure at one size


@dataclass(frozen=True)
class Figure:
    """One measure at one size: seconds of the portal and of the floor, statements of both."""

    name: str
    n: int
    portal: tuple[float, ...]
    floor: tuple[float, ...]
    queries: int
    floor_queries: int
    limit: float = LIMIT

    @property
    def p50(self) -> float:
        return median(self.portal)

    @property
    def p95(self) -> float:
        return percentile(self.portal, 95)

    @property
    def floor_p50(self) -> float:
        return median(self.floor)

    @property
    def ratio(self) -> float:
        return self.p50 / self.floor_p50

    def row(self) -> dict[str, str | int | float]:
        """The row of `var/bench.json`."""
        return {
            "name": self.name,
            "n": self.n,
            "p50_s": round(self.p50, 5),
            "p95_s": round(self.p95, 5),
            "ratio_to_limit": round(self.ratio / self.limit, 3),
            "queries": self.queries,
        }


def percentile(values: tuple[float, ...], percent: int) -> float:
    """The nearest-rank percentile."""
    return sorted(values)[ceil(len(values) * percent / 100) - 1]


def measure_all(world: World, n: int, trials: int) -> list[Figure]:
    """Every measure at the present size; `n` names it."""
    caller = Caller()
    figures = [measure(caller, probe, n, trials) for probe in probes(world, trials + WARM_UP + COUNTED)]
    return [*figures, measure_ranking(world, n, trials)] if n >= MANY else figures


def measure(caller: Caller, probe: Probe, n: int, trials: int) -> Figure:
    for _ in range(WARM_UP):
        caller.send(probe.portal())
        caller.send(probe.floor())
    queries = caller.queries(probe.portal()), caller.queries(probe.floor())
    seconds = in_turn(lambda: caller.send(probe.portal())[0], lambda: caller.send(probe.floor())[0], trials)
    return Figure(probe.name, n, *seconds, *queries)


def measure_ranking(world: World, n: int, trials: int) -> Figure:
    """The ranking alone, its first page, as the portal computes it from the scores; beside the same in SQL."""

    def ours() -> float:
        return timed(lambda: list(ranking_page(world.session, None)))

    def raw() -> float:
        return timed(lambda: run(RAW_RANKING, world.session.pk))

    ours(), raw()
    with CaptureQueriesContext(connection) as captured:
        ours()
    return Figure("Classement seul, face à SQL", n, *in_turn(ours, raw, trials), len(captured), 1)


def measure_verdicts(world: World, trials: int) -> Figure:
    """The eligibility of every commune of the country for the call, beside one statement and a plain loop."""
    eligibility.make_country(world)

    def ours() -> float:
        return timed(lambda: eligibility.every_verdict(world.call))

    def plain() -> float:
        return timed(lambda: eligibility.plain_verdicts(world.call))

    queries = eligibility.statements(world.call)
    seconds = in_turn(ours, plain, trials)
    return Figure("Éligibilité de toutes les communes", eligibility.COMMUNES, *seconds, *queries)


def measure_perimeter(world: World, trials: int) -> Figure:
    """The public page of the perimeter, its first page, of a call open to every commune of the country.

    Its standings are kept, as for whoever comes second; `measure_verdicts` says what the first one waits for.
    """
    eligibility.open_to_the_country(world)
    ours, floor = f"/appels/{world.call.slug}/communes/", f"/plancher/appels/{world.call.slug}/perimetre/"
    probe = Probe("Périmètre de tout le pays", lambda: Request(ours), lambda: Request(floor))
    return measure(Caller(), probe, eligibility.COMMUNES, trials)


def timed(act: Callable[[], object]) -> float:
    begun = perf_counter()
    act()
    return perf_counter() - begun


def in_turn(
    ours: Callable[[], float], theirs: Callable[[], float], trials: int
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Up to `trials` pairs, who begins changing each time; fewer, never under ten, once the budget is spent."""
    found: tuple[list[float], list[float]] = ([], [])
    gc.collect()
    begun = perf_counter()
    while len(found[0]) < trials:
        if len(found[0]) >= LEAST_TRIALS and perf_counter() - begun > BUDGET:
            break
        sides = [(found[0], ours), (found[1], theirs)]
        for kept, act in sides if len(found[0]) % 2 else reversed(sides):
            kept.append(act())
    return tuple(found[0]), tuple(found[1])
