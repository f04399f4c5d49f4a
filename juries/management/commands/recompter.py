"""Open the boxes of a session again and compare: `manage.py recompter <identifiant de la séance>`."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from juries.models import JurySession
from juries.queries import recount


class Command(BaseCommand):
    help = "Recompte les urnes d’une séance et les compare aux empreintes de la clôture et du procès-verbal."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("session", help="identifiant de la séance, dans l’adresse de son écran")

    def handle(self, *args: Any, **options: Any) -> None:
        session = JurySession.objects.filter(uuid=options["session"]).select_related("call__jury_rules").first()
        if session is None:
            raise CommandError("Aucune séance ne porte cet identifiant.")
        found = list(recount(session))
        for sentence in found:
            self.stderr.write(sentence)
        if found:
            raise CommandError(f"{len(found)} différence(s) : le procès-verbal fait foi.")
        boxes = session.items.exclude(seal="").count()
        self.stdout.write(f"{boxes} urne(s) recomptée(s) : chacune est celle de la clôture.")
