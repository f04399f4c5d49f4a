from django.apps import AppConfig


class MapsConfig(AppConfig):
    name = "portal.territories.maps"
    label = "maps"
