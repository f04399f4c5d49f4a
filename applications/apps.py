from django.apps import AppConfig


class ApplicationsConfig(AppConfig):
    name = "applications"
    label = "applications"
    verbose_name = "Candidatures"

    def ready(self) -> None:
        """Declare what a person who may sign from now on is told."""
        from portal.accounts.services import SIGNATORY_CONFIRMED

        from .services.signature import tell_signatory

        if tell_signatory not in SIGNATORY_CONFIRMED:
            SIGNATORY_CONFIRMED.append(tell_signatory)
