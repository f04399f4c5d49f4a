from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "portal.home"
    label = "home"
    verbose_name = "Accueil"

    def ready(self) -> None:
        """Give the pages of a call what the upper apps count of it, and the jury the links that the support knows."""
        from calls.presentation import FIGURES, MENUS
        from juries.queries import FINDERS

        from .interests import of_support
        from .queries_calls import call_figures, menu_of_call

        if call_figures not in FIGURES:
            FIGURES.append(call_figures)
        if menu_of_call not in MENUS:
            MENUS.append(menu_of_call)
        if of_support not in FINDERS["provider"]:
            FINDERS["provider"].append(of_support)
