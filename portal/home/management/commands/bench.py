"""`manage.py bench`: the portal beside its floor, at several sizes; writes `var/bench.json`."""

import json
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.test.utils import override_settings

from portal.core.typography import format_quantity

from ...bench import crowd, report
from ...bench.caller import Caller
from ...bench.documents import measure_documents
from ...bench.measure import Figure, measure_all, measure_perimeter, measure_verdicts
from ...bench.notes import measure_notes
from ...bench.reference import measure_reference
from ...bench.rush import measure_rush
from ...bench.supports import measure_supports
from ...bench.world import NotEmpty, make_world


class Command(BaseCommand):
    help = "Mesure les pages et les enregistrements du portail face au plancher, et écrit var/bench.json."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--n", type=int, nargs="+", default=[1000, 10000], help="nombres de candidatures")
        parser.add_argument("--letters", type=int, default=0, help="lettres du lot de documents, 0 : aucun lot")
        parser.add_argument("--agreements", type=int, default=0, help="conventions du lot de documents")
        parser.add_argument("--trials", type=int, default=40, help="essais par mesure, au moins 10")

    def handle(self, *args: Any, **options: Any) -> None:
        begun = perf_counter()
        call_command("migrate", interactive=False, verbosity=0)
        with TemporaryDirectory() as files, override_settings(ROOT_URLCONF="portal.home.bench.urls", MEDIA_ROOT=files):
            batch = {"letters": options["letters"], "agreements": options["agreements"]}
            figures = self.figures(sorted(options["n"]), max(options["trials"], 10), batch)
        path = settings.VAR / "bench.json"
        path.write_text(json.dumps([figure.row() for figure in figures], ensure_ascii=False, indent=1) + "\n")
        for line in report.lines(figures):
            self.stdout.write(line)
        self.stdout.write(f"\n{path} écrit en {perf_counter() - begun:.0f} s.")

    def figures(self, sizes: list[int], trials: int, batch: dict[str, int]) -> list[Figure]:
        """Every measure at every size, in one base that grows."""
        try:
            world = make_world()
        except NotEmpty as error:
            raise CommandError("Les mesures se font dans une base vide : lancez « make bench ».") from error
        found: list[Figure] = []
        for n in sizes:
            crowd.grow(world, n)
            self.stdout.write(f"{format_quantity(n, 'candidature')}…")
            found += measure_all(world, n, trials)
            found += [measure_notes(world, Caller(), n, trials), measure_rush(world, n)]
        found += measure_supports(world, trials)
        found += [*measure_reference(trials), measure_verdicts(world, trials), measure_perimeter(world, trials)]
        return found + (measure_documents(world, **batch) if all(batch.values()) else [])
