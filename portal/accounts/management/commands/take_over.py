"""manage.py take_over SIREN… --into SIREN: a commune nouvelle takes the place of the communes it is made of."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.core.clock import portal_now
from portal.core.rules import Refused
from portal.territories.imports.lines import WrongLine, day_of
from portal.territories.models import Commune

from ...models import Organisation, User
from ...queries import organisation_of
from ...services.takeover import rehearse_takeover, take_over, told


class Command(BaseCommand):
    help = (
        "Un organisme prend la place d’autres : candidatures, conventions, membres. Sans --apply : dit seulement quoi."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("siren", nargs="+", help="SIREN des organismes repris")
        parser.add_argument("--into", required=True, help="SIREN de l’organisme qui reprend")
        parser.add_argument("--on", required=True, help="date d’effet, par exemple 2027-01-01")
        parser.add_argument("--reason", required=True, help="l’acte : « arrêté préfectoral du… »")
        parser.add_argument("--administrator", required=True, help="adresse de l’administration de la plateforme")
        parser.add_argument("--apply", action="store_true", help="écrire les changements")

    def handle(self, *args: Any, **options: Any) -> None:
        by = User.objects.filter(email=options["administrator"].lower(), is_platform_admin=True, is_active=True).first()
        if by is None:
            raise CommandError("Cette adresse n’est pas celle de l’administration de la plateforme.")
        try:
            act = {
                "successor": heir_of(options["into"], create=options["apply"]),
                "predecessors": [organisation(siren) for siren in options["siren"]],
                "on": day_of(options["on"]),
                "reason": options["reason"],
                "by": by,
                "at": portal_now(),
            }
            lines = told(take_over(**act)) if options["apply"] else rehearse_takeover(**act)
        except (Refused, WrongLine) as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.writelines(f"{line}\n" for line in lines)
        self.stdout.write("C’est écrit." if options["apply"] else "Rien n’est écrit. Pour écrire, ajoutez --apply.")


def organisation(siren: str) -> Organisation:
    found = Organisation.objects.filter(siren=siren).first()
    if found is None:
        raise CommandError(f"Aucun organisme ne porte le SIREN {siren}.")
    return found


def heir_of(siren: str, *, create: bool) -> Organisation:
    """The organisation that takes over; made from the official code when it is a commune never seen before."""
    commune = Commune.objects.filter(siren=siren, inhabited=True).first()
    found = Organisation.objects.filter(siren=siren).first() or (organisation_of(commune, create) if commune else None)
    if found is None and commune and not create:
        raise CommandError(f"« {commune} » n’a pas encore d’organisme : il sera créé avec --apply.")
    return found or organisation(siren)
