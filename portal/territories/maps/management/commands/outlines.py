"""manage.py outlines FILE --kind commune --source "…" --year 2026 [--apply]: outlines or centres, from GeoJSON."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.territories.models import Commune, Department

from ...geojson import NotGeoJson, read
from ...models import Outline
from ...services import apply_changes, compare

SHOWN = 20
KNOWN = {Outline.Kind.COMMUNE: Commune, Outline.Kind.DEPARTMENT: Department}


class Command(BaseCommand):
    help = "Importe des contours (ou des centres) d’un fichier GeoJSON. Sans --apply : dit seulement ce qui changerait."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--kind", choices=Outline.Kind.values, default=Outline.Kind.COMMUNE)
        parser.add_argument("--source", required=True, help="d’où vient le fichier, écrit sous chaque carte")
        parser.add_argument("--year", type=int, required=True, help="millésime du fichier")
        parser.add_argument("--code", default="", help="propriété qui porte le code (« code », « insee »… sinon)")
        parser.add_argument("--bytes", type=int, default=2000, help="octets au plus pour un contour simplifié")
        parser.add_argument("--apply", action="store_true", help="écrire les changements")

    def handle(self, *args: Any, **options: Any) -> None:
        kind = Outline.Kind(options["kind"])
        known = set(KNOWN[kind].objects.values_list("pk", flat=True))
        try:
            found = read(options["file"].read_text(encoding="utf-8"), known, code_field=options["code"])
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"Le fichier ne se lit pas : {error}") from error
        except NotGeoJson as error:
            raise CommandError(str(error)) from error
        changes = compare(
            found.features, kind=kind, source=options["source"], year=options["year"], most=options["bytes"]
        )
        self.stdout.write(changes.sentence)
        self.tell(found.refused)
        if not (changes.created or changes.changed):
            self.stdout.write("Tout est à jour.")
        elif options["apply"]:
            apply_changes(changes)
            self.stdout.write(self.style.SUCCESS("C’est écrit."))
        else:
            self.stdout.write("Rien n’est écrit. Pour écrire : ajoutez --apply.")

    def tell(self, refused: list[str]) -> None:
        """The features left out, the first ones with their reason."""
        if refused:
            self.stdout.write(f"Objets écartés : {len(refused)}.")
            for line in refused[:SHOWN]:
                self.stdout.write(f"  {line}")
