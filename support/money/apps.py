from django.apps import AppConfig


class MoneyConfig(AppConfig):
    name = "support.money"
    label = "money"
    verbose_name = "Financements"

    def ready(self) -> None:
        """Tell the applications until when money moves for a file."""
        from applications.queries.retention import ENDINGS

        from .queries import last_days

        if last_days not in ENDINGS:
            ENDINGS.append(last_days)
