"""`manage.py audit <dossier>`: known faults of the libraries, from a copy of the advisories; never a guess."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.core.clock import portal_now
from portal.core.typography import format_date

from ... import advisories


class Command(BaseCommand):
    help = "Compare les bibliothèques installées à une copie des avis de sécurité. Sans copie récente : échoue."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="copie de la base d’avis (pypa/advisory-database)")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = advisories.audit(options["folder"], at=portal_now())
        except advisories.NoData as error:
            raise CommandError(str(error)) from error
        for hit in done.hits:
            mended = f", corrigé en {' ou '.join(hit.fixed)}" if hit.fixed else ""
            self.stdout.write(f"{hit.library} {hit.version} : {hit.advisory}{mended}")
        seen = f"{done.libraries} bibliothèques, {done.advisories} avis, le dernier du {format_date(done.written_at)}"
        if done.hits:
            raise CommandError(f"{len(done.hits)} faute(s) connue(s) ({seen}).")
        self.stdout.write(f"Aucune faute connue ({seen}).")
