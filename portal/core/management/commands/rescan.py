"""`manage.py rescan`: have the antivirus look again at the files whose state is not settled, or at all of them."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ...clock import portal_now
from ...models import StoredFile
from ...scanning import ask_scan, configured
from ...typography import format_quantity


class Command(BaseCommand):
    help = (
        "Demande une nouvelle analyse des fichiers « analyse en cours » ; --isolated : aussi de ceux que l’antivirus a "
        "isolés ; --all : de tous. Les tâches de fond les analysent."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--isolated", action="store_true", help="aussi les fichiers isolés, après une fausse alerte")
        which.add_argument("--all", action="store_true", help="tous les fichiers, après une mise à jour des signatures")

    def handle(self, *args: Any, **options: Any) -> None:
        if not configured():
            raise CommandError("Aucun antivirus n’est réglé : donnez son adresse par CLAMD.")
        states = [StoredFile.Scan.UNSCANNED, *([StoredFile.Scan.INFECTED] if options["isolated"] else [])]
        files = StoredFile.objects.all() if options["all"] else StoredFile.objects.filter(scan__in=states)
        at, count = portal_now(), 0
        for file in files.order_by("created_at", "key").iterator(chunk_size=500):
            ask_scan(file, at, again=True)
            count += 1
        self.stdout.write(f"{format_quantity(count, 'fichier')} à analyser de nouveau.")
