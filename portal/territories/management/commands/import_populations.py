"""manage.py import_populations FICHIER [--year AAAA] [--source …] [--apply]: legal populations, as Insee gives them."""

from argparse import ArgumentParser
from typing import Any

from ...imports.populations import read_populations
from ...services.plans import Plan, population_plan
from ..importing import ImportCommand


class Command(ImportCommand):
    help = "Populations légales des communes : ensemble.zip ou donnees_communes.csv de l’Insee, ou un tableau à soi."
    kind = "populations"

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--year", type=int, help="année de référence, quand le fichier ne la dit pas")
        parser.add_argument("--source", default="", help="source, quand le fichier ne la dit pas")

    def plan(self, options: dict[str, Any]) -> Plan:
        return population_plan(read_populations(options["path"], year=options["year"], source=options["source"]))
