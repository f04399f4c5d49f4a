"""`manage.py backup [dossier]`: database and files at one instant."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.core.clock import portal_now
from portal.core.typography import format_size

from ... import archive


class Command(BaseCommand):
    help = "Sauvegarde la base et les fichiers dans un dossier neuf, empreintes vérifiées."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", nargs="?", help="dossier de la sauvegarde (par défaut : var/sauvegardes/<date>)")

    def handle(self, *args: Any, **options: Any) -> None:
        at = portal_now()
        folder = Path(options["folder"] or settings.VAR / "sauvegardes" / f"{at:%Y-%m-%d-%H%M%S}")
        try:
            summary = archive.backup(folder, at=at)
        except archive.ArchiveError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"Sauvegarde écrite dans {folder} : la base et {summary.files} fichiers ({format_size(summary.octets)})."
        )
