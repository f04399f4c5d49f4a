from django.apps import AppConfig


class PlanConfig(AppConfig):
    name = "support.plan"
    label = "plan"
    verbose_name = "Accompagnement"
