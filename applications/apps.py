from django.apps import AppConfig


class ApplicationsConfig(AppConfig):
    name = "applications"
    label = "applications"
    verbose_name = "Candidatures"

    def ready(self) -> None:
        """Tell the calls who holds a file, and declare what a second person may confirm."""
        from calls import holders as of_calls
        from portal.core import approvals

        from . import holders
        from .services import reopening

        approvals.register_act(reopening.REOPEN_ACT, reopening.run_reopening)
        for registry, source in (
            (of_calls.HOLDERS, holders.holders),
            (of_calls.BEGUN, holders.begun),
            (of_calls.CONCERNED, holders.touched_by),
            (of_calls.EVERY_FILE, holders.every_file),
            (of_calls.SETTLED, holders.decided),
        ):
            if source not in registry:
                registry.append(source)
