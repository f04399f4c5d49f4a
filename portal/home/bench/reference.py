"""The reference data beside their floor: finding a commune among all, saying what the official files would change."""

from collections.abc import Callable

from django.conf import settings
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from portal.territories.imports.official import load, read_territories
from portal.territories.models import Commune, Department, Intercommunality, Movement, PopulationFigure, Region
from portal.territories.queries import search_communes
from portal.territories.services import apply_differences, compare

from .copies import run
from .measure import Figure, in_turn, timed

TYPED = "saint martin"
FEW = 3  # an import takes seconds
FILES = ("regions", "departements", "communes", "epci")
TABLES = (Region, Department, Intercommunality, Commune, PopulationFigure, Movement)
YEARS = {"commune_year": 2023, "epci_year": 2022}


def measure_reference(trials: int) -> list[Figure]:
    """Both measures with the whole official code in the base, which is given back as it was."""
    with transaction.atomic():
        territories = read_territories(settings.NODE_MODULES, **YEARS)
        apply_differences(compare(territories))
        run("ANALYZE")
        n = len(territories.communes)
        figures = [
            measure("Recherche d’une commune", n, search, plain_search, trials),
            measure("Import à blanc du code officiel", n, dry_import, read_and_fetch, min(trials, FEW)),
        ]
        transaction.set_rollback(True)
    return figures


def measure(name: str, n: int, ours: Callable[[], object], floor: Callable[[], object], trials: int) -> Figure:
    seconds = in_turn(lambda: timed(ours), lambda: timed(floor), trials)
    return Figure(name, n, *seconds, queries_of(ours), queries_of(floor))


def queries_of(act: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as captured:
        act()
    return len(captured)


def search() -> object:
    return search_communes(TYPED)


def plain_search() -> object:
    """Names that contain what was typed, by name: no rank, no homonym, no former name."""
    found = Commune.objects.filter(search_name__contains=TYPED).select_related("department", "intercommunality")
    return list(found.order_by("search_name")[:20])


def dry_import() -> object:
    return compare(read_territories(settings.NODE_MODULES, **YEARS))


def read_and_fetch() -> object:
    """What no import can do without: the files read, the tables read; nothing is compared."""
    files = [load(settings.NODE_MODULES / "@etalab/decoupage-administratif/data" / f"{name}.json") for name in FILES]
    return files, [list(table._default_manager.values_list()) for table in TABLES]
