from django.apps import AppConfig


class CallsConfig(AppConfig):
    name = "calls"
    label = "calls"
    verbose_name = "Appels"

    def ready(self) -> None:
        """Declare what a second person may confirm."""
        from portal.core import approvals

        from . import services

        approvals.register_act(services.PUBLISH_ACT, services.run_publication)
