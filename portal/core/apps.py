from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "portal.core"
    label = "core"
    verbose_name = "Socle"

    def ready(self) -> None:
        """Declare the system checks."""
        from . import checks  # noqa: F401
