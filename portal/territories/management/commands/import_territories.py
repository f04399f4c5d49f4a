"""manage.py import_territories [--apply]: the official code, its figures and former codes, the shipped figures."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from portal.core.clock import portal_now
from portal.core.typography import format_number

from ...imports.movements import SHIPPED as SHIPPED_MOVEMENTS
from ...imports.movements import read_movements
from ...imports.official import FOLDER, SourceMissing, read_territories
from ...imports.populations import SHIPPED as SHIPPED_POPULATIONS
from ...imports.populations import read_populations
from ...queries_history import reference_report
from ...services import (
    Difference,
    apply_differences,
    compare,
    of_another_vintage,
    record_import,
    write_vintage,
)


class Command(BaseCommand):
    help = "Met à jour communes, intercommunalités et populations. Sans --apply : dit seulement ce qui changerait."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--apply", action="store_true", help="écrire les changements")
        parser.add_argument("--code-year", type=int, default=2026, help="millésime du code officiel")
        parser.add_argument("--commune-year", type=int, default=2023, help="année des populations des communes")
        parser.add_argument("--epci-year", type=int, default=2022, help="année du fichier des intercommunalités")
        parser.add_argument("--node-modules", type=Path, default=settings.NODE_MODULES)

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        if options["commune_year"] == options["epci_year"]:
            raise CommandError("Les deux fichiers sont de deux années différentes : précisez --epci-year.")
        try:
            territories = read_territories(
                options["node_modules"], commune_year=options["commune_year"], epci_year=options["epci_year"]
            )
        except SourceMissing as error:
            raise CommandError(str(error)) from error
        territories.figures.update(read_populations(SHIPPED_POPULATIONS).rows)
        territories.movements.update(read_movements(SHIPPED_MOVEMENTS).rows)
        differences = compare(territories)
        for difference in differences:
            self.stdout.write(difference.sentence)
            self.stdout.writelines(difference.examples)
        undated = of_another_vintage(territories, options["code_year"])
        if undated:
            said = f"Millésime du code officiel, {options['code_year']}\u00a0: {format_number(undated)} fiches à dater."
            self.stdout.write(said)
        if not undated and not any(difference.created or difference.changed for difference in differences):
            self.stdout.write("Tout est à jour.")
        elif options["apply"]:
            self.write(differences, options["node_modules"] / FOLDER / "communes.json")
            write_vintage(territories, options["code_year"])
        else:
            self.stdout.write("Rien n’est écrit. Pour écrire : manage.py import_territories --apply")

    def write(self, differences: list[Difference], path: Path) -> None:
        apply_differences(differences)
        summary = "\n".join(difference.sentence for difference in differences)
        record_import(kind="territories", path=path, summary=summary, at=portal_now())
        self.stdout.write(self.style.SUCCESS("C’est écrit."))
        self.stdout.writelines(f"{line}\n" for line in reference_report())
