"""`manage.py mail_test adresse`: send one mail now and say what the server answered."""

from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.management.base import BaseCommand, CommandError, CommandParser


class Command(BaseCommand):
    help = "Envoie un courriel d’essai et dit ce que le serveur a répondu."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("address", help="adresse du destinataire")

    def handle(self, *args: Any, **options: Any) -> None:
        body = f"Ce courriel d’essai vient de {settings.PORTAL_URL}. S’il arrive, les envois fonctionnent."
        mail = EmailMessage("Essai d’envoi du portail", body, settings.DEFAULT_FROM_EMAIL, [options["address"]])
        try:
            sent = mail.send()
        except (OSError, SMTPException) as error:
            raise CommandError(f"Le courriel n’est pas parti : {error}") from error
        if not sent:
            raise CommandError("Le courriel n’est pas parti : l’envoi est désactivé par les réglages.")
        self.stdout.write(f"Courriel remis au serveur pour {options['address']}.")
