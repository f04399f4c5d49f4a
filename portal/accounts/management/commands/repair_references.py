"""manage.py repair_references [--apply]: what names a former code; organisations follow a code that only changed."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from portal.territories.queries_history import reference_report

from ...services.references import follow_codes, relinks


class Command(BaseCommand):
    help = (
        "Liste ce qui nomme un ancien code. --apply : rattache les organismes dont la commune n’a changé que de code."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--apply", action="store_true", help="rattacher ces organismes")

    def handle(self, *args: Any, **options: Any) -> None:
        changes = relinks()
        self.stdout.writelines(f"{change.sentence}\n" for change in changes)
        if changes and options["apply"]:
            follow_codes(changes)
            self.stdout.write("C’est écrit.")
        elif changes:
            self.stdout.write("Rien n’est écrit. Pour écrire, ajoutez --apply.")
        self.stdout.writelines(f"{line}\n" for line in reference_report() or ["Aucune fiche ne nomme un ancien code."])
