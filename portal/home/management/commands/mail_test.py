"""`manage.py mail_test adresse`: send one mail now and say what the server answered."""

from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.management.base import BaseCommand, CommandError, CommandParser

# What keeps mails, or throws them away, instead of sending them.
SILENT = {f"django.core.mail.backends.{name}" for name in ("dummy", "console", "filebased", "locmem")}


class Command(BaseCommand):
    help = "Envoie un courriel d’essai et dit ce que le serveur a répondu."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("address", help="adresse du destinataire")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.EMAIL_BACKEND.rpartition(".")[0] in SILENT:
            raise CommandError("Le courriel n’est pas parti : les réglages de cette installation n’envoient rien.")
        body = f"Ce courriel d’essai vient de {settings.PORTAL_URL}. S’il arrive, les envois fonctionnent."
        mail = EmailMessage("Essai d’envoi du portail", body, settings.DEFAULT_FROM_EMAIL, [options["address"]])
        try:
            mail.send()
        except OSError as error:  # a refusal of the server included
            raise CommandError(f"Le courriel n’est pas parti : {error}") from error
        server = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
        self.stdout.write(f"Courriel pour {options['address']} accepté par le serveur {server}.")
