"""manage.py import_territories [--apply]: the communes, intercommunalities and populations of the official code."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from ...services import apply_differences, compare
from ...source import SourceMissing, read_territories


class Command(BaseCommand):
    help = "Met à jour communes, intercommunalités et populations. Sans --apply : dit seulement ce qui changerait."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--apply", action="store_true", help="écrire les changements")
        parser.add_argument("--commune-year", type=int, default=2023, help="année des populations des communes")
        parser.add_argument("--epci-year", type=int, default=2022, help="année du fichier des intercommunalités")
        parser.add_argument("--node-modules", type=Path, default=settings.NODE_MODULES)

    def handle(self, *args: Any, **options: Any) -> None:
        if options["commune_year"] == options["epci_year"]:
            raise CommandError("Les deux fichiers sont de deux années différentes : précisez --epci-year.")
        try:
            territories = read_territories(
                options["node_modules"], commune_year=options["commune_year"], epci_year=options["epci_year"]
            )
        except SourceMissing as error:
            raise CommandError(str(error)) from error
        differences = compare(territories)
        for difference in differences:
            self.stdout.write(difference.sentence)
            self.stdout.writelines(difference.examples)
        if not any(difference.created or difference.changed for difference in differences):
            self.stdout.write("Tout est à jour.")
        elif options["apply"]:
            apply_differences(differences)
            self.stdout.write(self.style.SUCCESS("C’est écrit."))
        else:
            self.stdout.write("Rien n’est écrit. Pour écrire : manage.py import_territories --apply")
