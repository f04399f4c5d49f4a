"""`manage.py drill`: the restore drill, on the portal as it runs."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.core.clock import portal_now
from portal.core.typography import format_number, format_size

from ... import archive, archive_drill


class Command(BaseCommand):
    help = "Exercice de restauration : sauvegarde, restaure à côté, compare chaque ligne et chaque fichier."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = archive_drill.drill(at=portal_now())
        except archive.ArchiveError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"Tout est revenu : {format_number(done.rows)} lignes de {done.tables} tables, {done.files} fichiers "
            f"({format_size(done.octets)}). Sauvegarde en {done.backup_s:.1f} s, "
            f"restauration en {done.restore_s:.1f} s."
        )
