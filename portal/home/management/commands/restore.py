"""`manage.py restore <dossier>`: the base is replaced, the files put back, what was erased since is erased again."""

from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.core import erasures
from portal.core.rules import Refused

from ... import archive


class Command(BaseCommand):
    help = "Restaure une sauvegarde : remplace toute la base, remet les fichiers, vérifie les empreintes."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="dossier de la sauvegarde")
        parser.add_argument(
            "--effacements", type=Path, help="copie du dossier « effacements », si les fichiers sont perdus aussi"
        )
        parser.add_argument("--oui", action="store_true", help="confirme que la base actuelle sera remplacée")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["oui"]:
            raise CommandError("La base actuelle sera remplacée. Relancez avec --oui pour confirmer.")
        if options["effacements"]:
            erasures.adopt(options["effacements"])
        try:
            summary = archive.restore(options["folder"])
        except archive.ArchiveError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"Sauvegarde du {summary.made_at} restaurée : {summary.files} fichiers, empreintes vérifiées."
        )
        call_command("migrate", interactive=False, verbosity=0)
        try:
            self.stdout.write(f"Effacements faits depuis, et refaits : {erasures.replay()}.")
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
