"""`manage.py restore <dossier>`: the whole database is replaced, the files are put back and checked."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ... import archive


class Command(BaseCommand):
    help = "Restaure une sauvegarde : remplace toute la base, remet les fichiers, vérifie les empreintes."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="dossier de la sauvegarde")
        parser.add_argument("--oui", action="store_true", help="confirme que la base actuelle sera remplacée")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["oui"]:
            raise CommandError("La base actuelle sera remplacée. Relancez avec --oui pour confirmer.")
        try:
            summary = archive.restore(options["folder"])
        except archive.ArchiveError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"Sauvegarde du {summary.made_at} restaurée : {summary.files} fichiers, empreintes vérifiées."
        )
