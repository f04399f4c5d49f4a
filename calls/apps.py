from django.apps import AppConfig


class CallsConfig(AppConfig):
    name = "calls"
    label = "calls"
    verbose_name = "Appels"
