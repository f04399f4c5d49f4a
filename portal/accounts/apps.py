from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "portal.accounts"
    label = "accounts"
    verbose_name = "Comptes"

    def ready(self) -> None:
        """Tell the territories which organisations still name a former code."""
        from portal.territories.queries_history import REFERENCE_READERS

        from .queries_references import former_codes

        if former_codes not in REFERENCE_READERS:
            REFERENCE_READERS.append(former_codes)
