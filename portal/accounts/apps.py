from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "portal.accounts"
    label = "accounts"
    verbose_name = "Comptes"

    def ready(self) -> None:
        """Tell the territories which organisations name a former code, the journal of erasures how a person goes."""
        from portal.core.erasures import REPLAYS
        from portal.territories.queries_history import REFERENCE_READERS

        from .queries_references import former_codes
        from .services.closing import KIND, close_again

        if former_codes not in REFERENCE_READERS:
            REFERENCE_READERS.append(former_codes)
        REPLAYS[KIND] = close_again
