"""`manage.py call check|schema|import|export`: a call as one YAML file. `check` and `schema` need no database."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from calls.definition.check import Report, check
from calls.definition.diff import diff
from calls.definition.published import json_schema
from calls.definition.schema import CallDocument
from calls.definition.writing import canonical


class Command(BaseCommand):
    help = "Vérifie, importe ou exporte un appel écrit en YAML."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True, metavar="check|schema|import|export")
        checking = acts.add_parser("check", help="vérifie un fichier, sans base de données")
        checking.add_argument("files", nargs="+", metavar="FICHIER")
        acts.add_parser("schema", help="écrit le schéma JSON du format")
        importing = acts.add_parser("import", help="montre ce qui changerait ; avec --apply, l’écrit")
        importing.add_argument("file", metavar="FICHIER")
        importing.add_argument("--apply", action="store_true", help="écrit en base")
        exporting = acts.add_parser("export", help="écrit un appel sous sa forme canonique")
        exporting.add_argument("slug", metavar="APPEL")

    def handle(self, *args: Any, act: str, **options: Any) -> None:
        acts: dict[str, Callable[..., None]] = {
            "check": self.check_files,
            "schema": self.schema,
            "import": self.load,
            "export": self.dump,
        }
        acts[act](**options)

    def check_files(self, *, files: list[str], **options: Any) -> None:
        """Exit code 1 as soon as one file has an error; advice alone leaves 0."""
        reports = [self.report(name) for name in files]
        if any(report.document is None for report in reports):
            sys.exit(1)

    def report(self, name: str) -> Report:
        try:
            report = check(Path(name).read_bytes())
        except OSError as error:
            raise CommandError(f"Le fichier «\u202f{name}\u202f» ne peut pas être lu.") from error
        self.stdout.write(name)
        for problem in report.errors:
            self.stdout.write(self.style.ERROR(f"  erreur, {problem}"))
        for problem in report.advice:
            self.stdout.write(self.style.WARNING(f"  conseil, {problem}"))
        self.stdout.write(f"  {report.summary}")
        return report

    def schema(self, **options: Any) -> None:
        self.stdout.write(json.dumps(json_schema(), ensure_ascii=False, indent=2))

    def load(self, *, file: str, apply: bool, **options: Any) -> None:
        from calls.services.publication import write_document
        from portal.accounts.models import Organisation
        from portal.core.clock import portal_now
        from portal.core.rules import Refused

        document = self.report(file).document
        if document is None:
            raise CommandError("Rien n’a été importé.")
        owner = Organisation.objects.filter(siren=document.owner.siren).first()
        if owner is None:
            raise CommandError(f"Aucune institution n’a le SIREN {document.owner.siren}\u00a0: créez-la d’abord.")
        call = self.in_preparation(document, owner)
        self.show_changes(call, document)
        if not apply:
            self.stdout.write("Rien n’est écrit. Pour l’écrire, ajoutez --apply.")
            return
        try:
            write_document(document, owner=owner, call=call, by=None, at=portal_now())
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"Appel «\u202f{document.title}\u202f» importé, en préparation.")

    def in_preparation(self, document: CallDocument, owner: Any) -> Any:
        """The call that the file would replace, or None."""
        from calls.models import Call
        from calls.states import PREPARATION

        call = Call.objects.filter(slug=document.slug).first()
        if call and (call.owner_id != owner.pk or call.state not in PREPARATION):
            slug = f"«\u202f{document.slug}\u202f»"
            raise CommandError(f"L’appel {slug} n’est plus en préparation\u00a0: il ne change pas ainsi.")
        return call

    def show_changes(self, call: Any, document: CallDocument) -> None:
        """The differences, one a line, before anything is written."""
        from calls.definition.dump import dump

        if call is None:
            self.stdout.write("Nouvel appel.")
            return
        lines = [change.sentence for change in diff(dump(call), document)]
        self.stdout.write("\n".join(lines) or "Aucun changement.")

    def dump(self, *, slug: str, **options: Any) -> None:
        from calls.definition.dump import dump
        from calls.models import Call

        call = Call.objects.filter(slug=slug).first()
        if call is None:
            raise CommandError(f"Aucun appel ne s’appelle «\u202f{slug}\u202f».")
        self.stdout.write(canonical(dump(call)), ending="")
