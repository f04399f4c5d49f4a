"""`manage.py availability appel`: the evidence that the portal worked around the limit of a call."""

import hashlib
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from calls.models import Window
from portal.core.clock import portal_now

from ...availability import evidence_of
from ...availability_report import attempts_csv, probes_csv, report_lines


class Command(BaseCommand):
    help = (
        "Rapport de disponibilité du portail autour de la clôture d’un appel : sondes, silences, tentatives de dépôt."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="adresse courte de l’appel")
        parser.add_argument("--window", default="", help="code de la fenêtre de dépôt, quand l’appel en a plusieurs")
        parser.add_argument("--before", type=float, default=24, help="heures avant la clôture (24)")
        parser.add_argument("--after", type=float, default=2, help="heures après la clôture (2)")
        parser.add_argument("--folder", type=Path, help="dossier où écrire le rapport et ses deux tableaux")

    def handle(self, *args: Any, **options: Any) -> None:
        hours = {"before": timedelta(hours=options["before"]), "after": timedelta(hours=options["after"])}
        at = portal_now()
        evidence = evidence_of(self.window(options["slug"], options["window"]), **hours, now=at)
        report = "\n".join(report_lines(evidence, at)) + "\n"
        self.stdout.write(report)
        if options["folder"]:
            parts = {"sondes.csv": probes_csv(evidence), "tentatives.csv": attempts_csv(evidence)}
            self.keep(options["folder"], report, parts)

    def window(self, slug: str, code: str) -> Window:
        """The window asked for, the only one, or the last to close."""
        windows = Window.objects.filter(call__slug=slug).select_related("call").order_by("-closes_at")
        found = (windows.filter(code=code) if code else windows).first()
        if found is None:
            raise CommandError(f"Aucun appel à cette adresse, ou aucune fenêtre de ce code : {slug} {code}".rstrip())
        return found

    def keep(self, folder: Path, report: str, parts: dict[str, str]) -> None:
        """The tables, then the report with their fingerprints, so that it vouches for them."""
        folder.mkdir(parents=True, exist_ok=True)
        prints = []
        for name, text in parts.items():
            (folder / name).write_text(text, encoding="utf-8")
            prints.append(f"SHA-256 de {name} : {hashlib.sha256(text.encode()).hexdigest()}\n")
        (folder / "rapport.txt").write_text(report + "\n" + "".join(prints), encoding="utf-8")
        self.stdout.write(f"{folder / 'rapport.txt'} et ses deux tableaux sont écrits.")
