"""The verdicts of every commune of the country for one call, beside a plain loop that gives the same outcomes.

The floor (`plain_verdicts`) is frozen: see `docs/decisions/030-verdicts.md`.
"""

from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from calls.models import Call
from calls.queries import judged
from calls.queries_applicants import facts_of_communes
from portal.territories.models import Commune

from .copies import copy_row, run
from .world import World

COMMUNES = 34_969  # those of the official code of 2023, the most that a call may have to judge
FIRST = 60_000  # above the codes of the crowd and of its drafts

PLAIN = """
    SELECT c.insee, c.name, c.inhabited, c.intercommunality_id, g.name, p.value, p.source
    FROM territories_commune c
    LEFT JOIN territories_intercommunality g ON g.siren = c.intercommunality_id
    LEFT JOIN territories_populationfigure p ON p.commune_id = c.insee AND p.kind = 'municipale' AND p.year = 2023
    ORDER BY c.insee
"""


def make_country(world: World) -> None:
    """As many communes as the country has; those that are missing are copied from the first, half of them elsewhere."""
    missing = COMMUNES - Commune.objects.count()
    if missing <= 0:
        return
    commune = world.template.lead.commune
    assert commune is not None
    places = f"generate_series({FIRST}, {FIRST + missing - 1}) AS g(i)"
    insee = "lpad(i::text, 5, '0')"
    copy_row(
        commune, places, insee=insee, name=f"'Commune ' || {insee}", search_name=f"'commune ' || {insee}",
        siren="900000000 + i", intercommunality_id="CASE WHEN i % 2 = 0 THEN t.intercommunality_id END",
    )  # fmt: skip
    copy_row(commune.populations.get(), places, commune_id=insee, value="100 + (i * 7919) % 9000")
    run("ANALYZE")


def open_to_the_country(world: World) -> None:
    """The perimeter becomes the département of every copied commune. Last of all: nothing gives it back."""
    make_country(world)
    commune = world.template.lead.commune
    assert commune is not None
    world.call.perimeter_kind, world.call.perimeter_codes = "department", [commune.department_id]
    world.call.save(update_fields=["perimeter_kind", "perimeter_codes"])


def every_verdict(call: Call) -> list[list[str]]:
    """The outcome of each rule for each commune, by the code of every page; its sentence is there to be read."""
    facts = facts_of_communes(Commune.objects.order_by("insee"))
    return [[verdict.outcome for verdict in verdicts] for _, verdicts in judged(call, facts)]


def plain_verdicts(call: Call) -> list[list[tuple[str, str]]]:
    """What one writes first for this very call: one statement, one loop, a sentence for each rule."""
    codes, label = set(call.perimeter_codes), call.extras["perimeter_label"]
    return [_plain(row, codes, label) for row in run(PLAIN)]


def _plain(row: tuple[Any, ...], codes: set[str], label: str) -> list[tuple[str, str]]:
    _, name, inhabited, group, group_name, people, source = row
    if group is None:
        place = ("unknown", f"Périmètre de l’appel : à vérifier pour {name}")
    elif inhabited and group in codes:
        place = ("pass", f"Dans le périmètre de l’appel : {name} est membre de {label}")
    else:
        place = ("fail", f"Hors du périmètre de l’appel ({label}) : {name} est membre de {group_name}")
    if people is None:
        size = ("unknown", f"Moins de 5 000 habitants : à vérifier pour {name}")
    else:
        outcome = "pass" if people < 5000 else "warning"
        size = (outcome, f"Moins de 5 000 habitants : {people} habitants, population municipale 2023, {source}")
    asked = ("unknown", "À vérifier par vous")
    return [place, size, asked, ("unknown", "Une candidature par commune : à vérifier"), asked]


def statements(call: Call) -> tuple[int, int]:
    """How many SQL statements each side asks."""
    found = []
    for side in (every_verdict, plain_verdicts):
        with CaptureQueriesContext(connection) as captured:
            side(call)
        found.append(len(captured))
    return found[0], found[1]
