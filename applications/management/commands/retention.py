"""manage.py retention: what falls due for erasure, when, and what holds it up; --apply erases the drafts due."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from calls.models import Call
from portal.core.clock import portal_now
from portal.core.typography import format_date

from ...queries.retention import Due, dues_of_call
from ...rules.retention import may_erase
from ...services.retention import ask_drafts


class Command(BaseCommand):
    help = "Ce qui arrive au terme de sa conservation. Sans --apply : le dit seulement."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--call", metavar="APPEL", help="un seul appel, par son identifiant")
        parser.add_argument("--apply", action="store_true", help="demande l’effacement des brouillons échus")

    def handle(self, *args: Any, **options: Any) -> None:
        at, calls = portal_now(), Call.objects.order_by("slug")
        for call in calls.filter(slug=options["call"]) if options["call"] else calls:
            for due in dues_of_call(call, at):
                self.stdout.write(f"{call.slug} · {line_of(due)} · {may_erase(due, at).reason or 'à effacer'}")
        if options["apply"]:
            self.stdout.write(f"Brouillons confiés aux tâches de fond : {ask_drafts(at)}.")
        else:
            self.stdout.write("Rien n’est effacé. Les dossiers déposés s’effacent depuis la page « Conservation ».")


def line_of(due: Due) -> str:
    """« TPS-2027-0007, dossier non retenu, 31 mai 2032 »."""
    return f"{due.application.number or due.application.uuid}, {due.words}, {format_date(due.due_on)}"
