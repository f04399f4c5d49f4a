from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    name = "support.agreements"
    label = "agreements"
    verbose_name = "Conventions"
