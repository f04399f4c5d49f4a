from django.apps import AppConfig


class ImpactConfig(AppConfig):
    name = "support.impact"
    label = "impact"
    verbose_name = "Impacts"
