from django.apps import AppConfig


class RehearsalsConfig(AppConfig):
    name = "portal.rehearsals"
    label = "rehearsals"
    verbose_name = "Répétitions"
