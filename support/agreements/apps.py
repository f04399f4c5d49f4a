from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    name = "support.agreements"
    label = "agreements"
    verbose_name = "Conventions"

    def ready(self) -> None:
        """Tell the applications who has signed an agreement under a call."""
        from applications.rules import SIGNATORIES

        from .queries import has_signed

        if has_signed not in SIGNATORIES:
            SIGNATORIES.append(has_signed)
