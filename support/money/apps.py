from django.apps import AppConfig


class MoneyConfig(AppConfig):
    name = "support.money"
    label = "money"
    verbose_name = "Financements"
