"""manage.py import_movements FICHIER [--source …] [--apply]: mergers, splits, renames, changes of département."""

from argparse import ArgumentParser
from typing import Any

from ...imports.movements import SOURCE, read_movements
from ...services.plans import Plan, movement_plan
from ..importing import ImportCommand


class Command(ImportCommand):
    help = "Mouvements des communes : v_mvt_commune_AAAA.csv de l’Insee."
    kind = "movements"

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--source", default=SOURCE, help="source des mouvements")

    def plan(self, options: dict[str, Any]) -> Plan:
        return movement_plan(read_movements(options["path"], source=options["source"]))
