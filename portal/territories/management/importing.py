"""What the import commands share: dry by default, a report, one line per fault, a record of what was written."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from portal.core.clock import portal_now

from ..imports.lines import UnreadableFile
from ..queries_history import reference_report
from ..services import record_import
from ..services.plans import Plan


class ImportCommand(BaseCommand):
    """`plan` reads the file and says what would change; `--apply` writes it, whole or not at all."""

    kind = ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, help="le fichier à lire")
        parser.add_argument("--apply", action="store_true", help="écrire les changements")

    def plan(self, options: dict[str, Any]) -> Plan:
        raise NotImplementedError

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            plan = self.plan(options)
        except UnreadableFile as error:
            raise CommandError(str(error)) from error
        self.stdout.writelines(f"{line}\n" for line in plan.lines)
        if not plan.changes:
            self.stdout.write("Tout est à jour.")
        elif options["apply"]:
            self.write(plan, options["path"])
        else:
            self.stdout.write("Rien n’est écrit. Pour écrire, ajoutez --apply.")

    @transaction.atomic
    def write(self, plan: Plan, path: Path) -> None:
        plan.apply()
        record_import(kind=self.kind, path=path, summary="\n".join(plan.lines), at=portal_now())
        self.stdout.write(self.style.SUCCESS("C’est écrit."))
        self.stdout.writelines(f"{line}\n" for line in reference_report())
