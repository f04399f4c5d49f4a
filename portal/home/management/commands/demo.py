"""`manage.py demo`: the programme played through the services; `--accounts` prints who one may enter as."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.accounts.dev_login import cards

from ...demo.play import ForeignData, play


class Command(BaseCommand):
    help = "Installe la démonstration dans une base neuve : trois appels, ouvert, au jury, en accompagnement."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--accounts", action="store_true", help="affiche seulement les comptes de démonstration")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["accounts"]:
            try:
                play(self.stdout.write)
            except ForeignData as error:
                raise CommandError(str(error)) from error
        for card in cards():
            self.stdout.write(f"  {card.email:<36} {card.title.removeprefix('Entrer comme ')}")
