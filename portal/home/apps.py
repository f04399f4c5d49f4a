from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "portal.home"
    label = "home"
    verbose_name = "Accueil"

    def ready(self) -> None:
        """Give the pages of a call what the upper apps count of it."""
        from calls.presentation import FIGURES, MENUS

        from .queries_calls import call_figures, menu_of_call

        if call_figures not in FIGURES:
            FIGURES.append(call_figures)
        if menu_of_call not in MENUS:
            MENUS.append(menu_of_call)
