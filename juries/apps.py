from django.apps import AppConfig


class JuriesConfig(AppConfig):
    name = "juries"
    label = "juries"
    verbose_name = "Jurys"
