from django.apps import AppConfig


class PlanConfig(AppConfig):
    name = "support.plan"
    label = "plan"
    verbose_name = "Accompagnement"

    def ready(self) -> None:
        """An agreement that enters into force opens the support."""
        from support.agreements import services

        from .services import open_plans

        services.ON_ENTRY.append(open_plans)
